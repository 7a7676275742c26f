"""The registry from a file: every fate before anything is written, all or nothing, and back as it was exported."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from icoca_portal.lib.exports import write_xlsx
from members import operations
from members.exceptions import ImportRefused, ImportSettled, RegistryChangedMeanwhile
from members.importing import SHEETS, FileNotRead, plan, read
from members.importing.files import registry_csv, registry_workbook, rows_of
from members.models import (
    Certificate,
    CompanyProfile,
    ImportedLine,
    Membership,
    Organisation,
    OtherName,
    Participation,
    RegistryImport,
)
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

ADD = "/admin/members/registryimport/add/"
Fate = ImportedLine.Fate
#: As Excel keeps it: without a zone.
A_DAY = datetime(2018, 6, 7)  # noqa: DTZ001


@pytest.fixture(autouse=True)
def kept_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def body():
    factories.StandardFactory()
    return factories.CertificationBodyFactory(name="Sample Body", slug="body")


def lines(*rows: Any, separator: str = ",") -> bytes:
    """CSV, in UTF-8."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(row.split("|") for row in rows)
    return text.getvalue().encode()


def book(**sheets: list[list[Any]]) -> bytes:
    """A workbook; the sheet `other_names` is called “other names”. The first row of each holds the heads."""
    return write_xlsx([(name.replace("_", " "), rows[0], rows[1:]) for name, rows in sheets.items()])


def fates(content: bytes, **options: Any) -> list[Any]:
    return plan(read(content, **options), source="Sample list").lines


def fate_of(content: bytes, **options: Any) -> Any:
    (line,) = fates(content, **options)
    return line


def faults(line: Any) -> dict[str, str]:
    return dict(line.faults)


def apply(content: bytes, by: Any, name: str = "sample.csv", holds: str = "") -> RegistryImport:
    upload = SimpleUploadedFile(name, content)
    row = operations.upload_registry_file(upload, source="Sample list", by=by, holds=holds)
    return operations.import_registry(row, shown=row.fingerprint, by=by)


# Round trip

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp", "Co")), min_size=1, max_size=12)
NAMES = st.one_of(
    WORDS, st.sampled_from(["\U0002f800", "=1+1", "'=x", "''-5", "+41", "@a", "a,b;c", 'say "no"', "אבג", "1e5", "007"])
)
SPANS = st.tuples(st.integers(0, 300), st.one_of(st.none(), st.integers(1, 300)))


@examples(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NAMES, min_size=1, max_size=5), spans=st.lists(SPANS, min_size=1, max_size=4), text=NAMES)
@example(names=["\U0002f800 society"], spans=[(0, 0)], text="\U0002f800")  # composed, it is another letter
def test_an_export_that_comes_back_changes_nothing(db, names, spans, text):
    kept = list(dict.fromkeys(" ".join(name.split()) or "x" for name in names))
    text = " ".join(text.split()) or "x"
    with transaction.atomic():
        body = factories.CertificationBodyFactory(name=f"{kept[0]} body")
        standard = factories.StandardFactory()
        for place, name in enumerate(kept):
            company = factories.CompanyFactory(name=name, code=name[:8] if place % 2 else None, country="CH")
            OtherName.objects.get_or_create(organisation=company, name=text, defaults={"kind": "short"})
            start = date(2010, 1, 1)
            for begins, length in spans:
                first = start + timedelta(days=begins)
                last = first + timedelta(days=length) if length and place % 2 == 0 else None
                days: dict[str, Any] = {"valid_from": first, "valid_to": last, "source": text, "organisation": company}
                factories.ParticipationFactory(**days)
                factories.MembershipFactory(**days)
                factories.CompanyProfileFactory(**days, works_in=["GH", "CD"][: place % 3], size="")
                expires = (last or first) + timedelta(days=400)
                ends = {"issued_on": first, "expires_on": expires, "valid_to": last or expires}
                factories.CertificateFactory(
                    **{**days, **ends}, standard=standard, body=body, number=text, scope=text, state="suspended"
                )
                if last is None:
                    break
                start = last
        files = [(b"".join(registry_csv(sheet)), sheet.name) for sheet in SHEETS]
        with registry_workbook() as book_of_all:
            files.append((book_of_all.read(), ""))
        for content, holds in files:
            if content.count(b"\n") == 1:
                continue
            found = fates(content, holds=holds)
            assert found
            assert [(line.faults, line.changes) for line in found if line.fate != Fate.UNCHANGED] == []
        transaction.set_rollback(True)


def test_what_an_export_holds_is_read_anew_into_an_empty_registry(secretariat, body):
    company = factories.CompanyFactory(name="=Sample, Ltd", country="GB", website="https://sample.example")
    factories.MembershipFactory(organisation=company)
    factories.CompanyProfileFactory(organisation=company, works_in=["GH", "CD"])
    factories.CertificateFactory(organisation=company, body=body)
    OtherName.objects.create(organisation=company, name="Sample", kind="short", until=date(2020, 1, 1))
    told = {sheet.name: [row[1:] for row in rows_of(sheet)] for sheet in SHEETS}
    content = write_xlsx([(name, next(s.words for s in SHEETS if s.name == name), [[None, *row] for row in rows])
                          for name, rows in told.items()])  # fmt: skip
    for model in (Certificate, CompanyProfile, Membership, OtherName, Participation, Organisation):
        model.objects.all().delete()
    apply(content, secretariat)
    assert {sheet.name: [row[1:] for row in rows_of(sheet)] for sheet in SHEETS} == told
    # The same file again is about the same records, although it names no row.
    assert {line.fate for line in fates(content)} == {Fate.UNCHANGED}


# Fates


def test_new_changed_unchanged_and_refused(secretariat, body):
    factories.MembershipFactory(organisation__name="Sample One", valid_from=date(2015, 1, 1))
    factories.MembershipFactory(organisation__name="Sample Two", valid_from=date(2015, 1, 1))
    factories.CompanyFactory(name="Sample Three")
    found = fates(
        lines(
            "organisation|pillar|category|valid from|valid until|source",
            "Sample One|Industry|member|2015-01-01||Another list",
            "sample two|industry|affiliate|01.01.2015|31.12.2016|",
            "Sample Three|industry||2016-02-29||",
            "Nobody|industry||2016-02-30||",
        )
    )
    assert [line.fate for line in found] == [Fate.UNCHANGED, Fate.CHANGED, Fate.NEW, Fate.REFUSED]
    assert [line.number for line in found] == [2, 3, 4, 5]
    assert found[1].changes == [("category", "member", "affiliate"), ("valid until", "", "2016-12-31")]
    assert faults(found[3]) == {
        "organisation": "No organisation has the address, code or name “Nobody”.",
        "valid from": "“2016-02-30” is in no calendar.",
    }


def test_a_changed_row_is_a_correction_with_its_source(secretariat):
    row = factories.MembershipFactory(source="Minutes")
    content = lines("row|valid from|valid until|source", f"{row.pk}|2013-05-01||Minutes")
    apply(content, secretariat, holds="memberships")
    row.refresh_from_db()
    new = row.superseded_by
    assert (new.valid_from, new.source, new.recorded_by) == (date(2013, 5, 1), "Sample list", secretariat)
    assert new.recorded_at == row.superseded_at
    # The row of the file is not the one in force any more: what it says may be out of date.
    assert "Export the registry again" in faults(fate_of(content, holds="memberships"))["row"]


def test_an_organisation_is_changed_with_its_history_and_its_version(secretariat, officer):
    company = factories.CompanyFactory(name="Sample Old", slug="sample", website="https://old.example")
    apply(lines("address|name|website", "sample|Sample New|new.example"), secretariat)
    stored = Organisation.objects.get(pk=company.pk)
    assert (stored.name, stored.website, stored.version) == ("Sample New", "https://new.example", company.version + 1)
    latest = stored.history.latest()
    assert (latest.history_user, latest.name) == (secretariat, "Sample New")
    # Somebody had the page open: their save is refused, and the page says who saved last.
    page = f"/admin/members/organisation/{company.pk}/change/"
    typed = {"name": "Mine", "slug": "sample", "kind": "company", "seen_version": "1", "other_names-TOTAL_FORMS": "0",
             "other_names-INITIAL_FORMS": "0"}  # fmt: skip
    response = officer.post(page, typed)
    assert response.status_code == 409
    assert f"{secretariat.name} saved this page on" in response.content.decode()


def test_what_the_file_adds_can_be_referred_to_in_it(secretariat, body):
    content = book(
        organisations=[["name", "kind"], ["Sample Neu", "company"]],
        other_names=[["organisation", "name", "kind"], ["Sample Neu", "SN", "short"]],
        memberships=[["organisation", "pillar", "valid from"], ["sn", "industry", date(2016, 1, 1)]],
        certificates=[
            ["company", "standard", "certification body", "issued", "expires"],
            ["sample-neu", "psc.1", "Sample Body", date(2016, 1, 1), date(2019, 1, 1)],
        ],
    )
    row = apply(content, secretariat, "sample.xlsx")
    assert (row.new, row.state) == (4, "applied")
    certificate = Certificate.objects.get()
    assert certificate.organisation.slug == "sample-neu"
    assert (certificate.valid_from, certificate.valid_to) == (date(2016, 1, 1), date(2019, 1, 1))
    assert row.lines.get(sheet="organisations").organisation == certificate.organisation


def test_rows_may_change_places_in_one_file(secretariat):
    first = factories.MembershipFactory(valid_to=date(2016, 1, 1))
    second = factories.MembershipFactory(
        organisation=first.organisation, valid_from=date(2016, 1, 1), category="observer"
    )
    swapped = lines("row|valid from|valid until", f"{first.pk}|2014-01-01|2017-01-01", f"{second.pk}|2017-01-01|")
    apply(swapped, secretariat, holds="memberships")
    in_force = Membership.objects.filter(superseded_at=None).order_by("valid_from")
    assert [(row.valid_from, row.category) for row in in_force] == [
        (date(2014, 1, 1), "member"), (date(2017, 1, 1), "observer"),
    ]  # fmt: skip


def test_a_profile_that_the_file_does_not_mention_gives_way_and_one_that_it_mentions_does_not(secretariat):
    old = factories.CompanyProfileFactory()
    new = f"{old.organisation.slug}|GB|sea|2018-01-01|"
    heads = "organisation|headquarters|works|valid from|valid until"
    refused = fates(lines(heads, f"{old.organisation.slug}|CH|land|2014-01-01|", new))
    assert [line.fate for line in refused] == [Fate.UNCHANGED, Fate.REFUSED]
    row = apply(lines(heads, new), secretariat)
    assert row.lines.get().said["notes"] == ["The profile from 2014-01-01 ends on 2018-01-01."]
    old.refresh_from_db()
    assert old.superseded_by.valid_to == date(2018, 1, 1)
    assert fate_of(lines(heads, new)).fate == Fate.UNCHANGED


@pytest.mark.parametrize(
    ("sheet", "row", "column", "said"),
    [
        ("memberships", ["co", "industry", "2013-01-01", "", ""], "valid until", "holds on some of these days"),
        ("memberships", ["co", "industry", "2020-01-01", "", ""], "valid from", "holds on some of these days"),
        ("memberships", ["other", "industry", "2013-01-01", "2012-01-01", ""], "valid until", "after the beginning"),
        ("memberships", ["other", "industri", "2013-01-01", "", ""], "pillar", "is none of: government, industry"),
        ("memberships", ["other", "", "2013-01-01", "", ""], "pillar", "A new record needs it."),
        ("memberships", ["", "industry", "2013-01-01", "", ""], "organisation", "A new record needs it."),
        ("memberships", ["other", "industry", "2013-01-01", "", "x" * 301], "source", "at most 300"),
        ("memberships", ["merged", "industry", "2010-01-01", "2010-02-01", "x\x01y"], "source", "no text has"),
    ],
)  # fmt: skip
def test_what_the_operations_refuse_is_said_in_its_column(db, sheet, row, column, said):
    kept = factories.MembershipFactory(organisation__slug="co").organisation
    factories.CompanyFactory(slug="other")
    factories.CompanyFactory(slug="merged", merged_into=kept)
    line = fate_of(lines("organisation|pillar|valid from|valid until|source", "|".join(row)))
    assert line.fate == Fate.REFUSED
    assert said in faults(line)[column]


def test_certificates_need_a_membership_and_a_membership_does_not_end_under_one(body):
    company = factories.MembershipFactory(organisation__slug="co").organisation
    factories.CertificateFactory(organisation=company, body=body)
    factories.CompanyFactory(slug="other", name="Other")
    found = fates(
        book(
            memberships=[["organisation", "pillar", "valid from", "valid until"],
                         ["co", "industry", date(2014, 1, 1), date(2020, 1, 1)]],
            certificates=[["organisation", "standard", "certification body", "issued", "expires"],
                          ["other", "PSC.1", "body", date(2016, 1, 1), date(2018, 1, 1)],
                          ["other", "PSC.9", "co", date(2016, 1, 1), date(2015, 1, 1)]],
        )
    )  # fmt: skip
    assert "runs on after 2020-01-01" in faults(found[0])["valid until"]
    assert "is no member then" in faults(found[1])["valid from"]
    assert set(faults(found[2])) == {"standard", "certification body"}


def test_the_conflicting_line_of_the_file_is_named(db):
    factories.CompanyFactory(slug="co")
    found = fates(
        lines(
            "organisation|pillar|valid from",
            "co|industry|2015-01-01",
            "co|industry|2015-01-01",
            "co|industry|2016-01-01",
        )
    )
    assert [line.fate for line in found] == [Fate.NEW, Fate.REFUSED, Fate.REFUSED]
    assert "It is on line 2 of “memberships”." in faults(found[2])["valid from"]


def test_organisations_are_found_and_never_mixed_up(db):
    one = factories.CompanyFactory(name="Sample Née", slug="one", code="ONE")
    two = factories.CompanyFactory(name="Sample Two", slug="two")
    OtherName.objects.create(organisation=one, name="Old", kind="former")
    OtherName.objects.create(organisation=two, name="old", kind="former")
    found = fates(
        lines(
            "row|name|address|code|kind",
            f"{one.pk}|Sample Née|one|ONE|company",
            "|Sample Two|one||company",
            "|OLD|||company",
            "|SAMPLE NEE||one|company",
            "|Sample Four|statistics||company",
            "|أمن|||company",
            "999999|Sample Five|||company",
            "|Sample Six|three|four|",
        )
    )
    assert found[0].fate == Fate.UNCHANGED
    assert [sorted(faults(line)) for line in found[1:]] == [
        ["row"], ["name"], ["row"], ["address"], ["address"], ["row"], ["kind"],
    ]  # fmt: skip
    factories.CompanyFactory(name="Sämple two", slug="twice", merged_into=two)
    assert fate_of(lines("name|kind", "SAMPLE TWO|company")).changes == [("name", "Sample Two", "SAMPLE TWO")]
    assert "merged into “Sample Two”" in faults(fate_of(lines("address|name", "twice|Sample Two")))["name"]
    refused = fate_of(lines("organisation|pillar|valid from", "Old|industry|2015-01-01"))
    assert "another name of several: Sample Née, Sample Two" in faults(refused)["organisation"]


# Cells

DAYS = [
    ("2018-06-07", date(2018, 6, 7)), ("2018/6/7", date(2018, 6, 7)), ("2018-06-07 00:00:00", date(2018, 6, 7)),
    ("07.06.2018", date(2018, 6, 7)), ("7. 6.2018", date(2018, 6, 7)), ("25/07/2018", date(2018, 7, 25)),
    ("07/25/2018", date(2018, 7, 25)), ("06/06/2018", date(2018, 6, 6)), ("43258", date(2018, 6, 7)),
    ("06/07/2018", "can be 2018-07-06 or 2018-06-07"), ("6-7-2018", "can be"), ("7.6.18", "is no day"),
    ("June 2018", "is no day"), ("2018", "is no day"), ("31.02.2018", "in no calendar"),
    ("2018-06-07 14:00", "is no day"), ("=TODAY()", "is no day"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "means"), DAYS)
def test_days_are_read_or_refused_and_never_guessed(db, typed, means):
    factories.CompanyFactory(slug="co")
    line = fate_of(lines("organisation|valid from", f"co|{typed}"))
    if isinstance(means, date):
        assert line.made.valid_from == means
    else:
        assert means in faults(line)["valid from"]


TEXT = 'name;kind;country;website\r\n"Société\r\nGénérale de Sûreté – €";Company;suisse;\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_in_the_letters_and_signs_of_this_world(db, encoding, separator):
    line = fate_of(TEXT.replace(";", separator).encode(encoding))
    assert (line.made.name, line.made.kind, line.made.country.code) == (
        "Société\nGénérale de Sûreté – €", "company", "CH",
    )  # fmt: skip


def test_the_line_of_a_fault_is_that_of_the_file(db):
    found = fates(b'sep=;\n\nname;kind\n"Two\nlines";company\n\nSample;none\n')
    assert [(line.number, line.fate) for line in found] == [(4, Fate.NEW), (7, Fate.REFUSED)]


def workbook(fill, *, epoch=None) -> bytes:
    made = openpyxl.Workbook()
    if epoch:
        made.epoch = epoch
    made.active.title = "participations"
    made.active.append(["organisation", "valid from", "source"])
    fill(made.active)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_days_of_excel_in_both_counts(db, epoch):
    factories.OrganisationFactory(slug="state")
    line = fate_of(workbook(lambda sheet: sheet.append(["state", A_DAY]), epoch=epoch))
    assert line.made.valid_from == date(2018, 6, 7)


def test_cells_that_hold_no_value(db):
    factories.OrganisationFactory(slug="state")

    def fill(sheet):
        sheet.append(["state", "=DATE(2018,6,7)"])
        sheet.append(["state", A_DAY + timedelta(hours=14)])
        sheet.append(["state", "#REF!"])
        sheet["B4"].data_type = "e"
        sheet.append(["state", A_DAY, "", "", "x"])

    found = fates(workbook(fill))
    assert [faults(line) for line in found] == [
        {"valid from": "The cell holds a formula without a value. Open the file in Excel and save it."},
        {"valid from": "“2018-06-07 14:00:00” has an hour. Give the day alone."},
        {"valid from": "The cell holds an error, #REF!."},
        {"": "Cell 5 has no column above it."},
    ]


# Files that are none

WHOLE = [
    (b"", "The file is empty."),
    (b"\xef\xbb\xbf\r\n,,\n", "The file is empty."),
    (b"%PDF-1.7 sample", "This is no table."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old Excel"),
    (b"PK\x03\x04 torn", "damaged"),
    (b"name,kind\n\x00\x01\x02,company\n", "This is no table."),
    (b'name,kind\n"Sample,company\n', "a quotation mark is not closed"),
    (b"name,kind,colour,shape\nSample,company,red,round\n", "“colour” is no column of “organisations”"),
    (b"name,kind,Name\nSample,company,Other\n", "has the column “name” twice"),
    (b"organisation,pillar\nco,industry\n", "lacks columns: valid from"),
    (b"name,kind\n\n,\n", "no line below them"),
    (b"one,two\n1,2\n", "do not say what the CSV holds"),
    (b"name,kind" + b",x" * 120 + b"\n", "more than 100 cells"),
]


@pytest.mark.parametrize(("content", "said"), WHOLE)
def test_a_file_that_is_no_table_of_the_registry_is_refused_whole(db, content, said):
    with pytest.raises(FileNotRead) as refused:
        read(content)
    assert said in str(refused.value)


def repacked(change) -> bytes:
    """A workbook whose parts are changed: `change` gets and gives a dict of names and contents."""
    content = workbook(lambda sheet: sheet.append(["state", A_DAY]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
ENTITY = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda parts: parts.update({"xl/vbaProject.bin": b"x"}), "macros"),
        (lambda parts: parts.update({SHEET: b" " * 120 * 1024 * 1024}), "unpacks to more"),
        (lambda parts: parts.update({SHEET: ENTITY + parts[SHEET]}), "does not write"),
        (lambda parts: parts.update({"xl/embeddings/a.bin": b"x"}), "another file inside"),
        (lambda parts: parts.update({"../a.xml": b"<a/>"}), "does not write"),
        (lambda parts: parts.pop("[Content_Types].xml"), "no workbook"),
        (lambda parts: parts.update({SHEET: parts[SHEET][:200]}), "damaged"),
        (lambda parts: parts.update({SHEET: parts[SHEET].replace(b'r="1"', b'r="A"')}), "damaged"),
    ],
)
def test_dangerous_and_damaged_workbooks_are_refused(db, change, said):
    with pytest.raises(FileNotRead) as refused:
        read(repacked(change))
    assert said in str(refused.value)


def test_merged_cells_and_sheets_of_other_names_are_refused(db):
    def merge(sheet):
        sheet.append(["state", A_DAY])
        sheet.merge_cells("A2:A3")

    with pytest.raises(FileNotRead, match="A2:A3"):
        read(workbook(merge))
    with pytest.raises(FileNotRead, match="“Members 2018” is no sheet"):
        read(write_xlsx([("Members 2018", ["name"], [["x"]])]))


# All or nothing


def sent(by, *rows: str) -> RegistryImport:
    return operations.upload_registry_file(SimpleUploadedFile("sample.csv", lines(*rows)), source="Sample list", by=by)


def test_a_refused_line_stops_the_whole_file(secretariat):
    row = sent(secretariat, "name|kind", "Sample One|company", "Sample Two|none")
    assert (row.new, row.refused) == (1, 1)
    with pytest.raises(ImportRefused):
        operations.import_registry(row, shown=row.fingerprint, by=secretariat)
    assert not Organisation.objects.filter(name="Sample One").exists()


def test_what_is_applied_is_what_was_shown(secretariat):
    row = sent(secretariat, "name|kind|country", "Sample One|company|CH", "Sample Two|company|CH")
    factories.CompanyFactory(name="Sample One", country="GB")
    with pytest.raises(RegistryChangedMeanwhile):
        operations.import_registry(row, shown=row.fingerprint, by=secretariat)
    row.refresh_from_db()
    assert (row.state, row.new, row.changed) == ("checked", 1, 1)
    assert Organisation.objects.filter(name="Sample One", country="GB").exists()
    # Once it was shown anew, it goes.
    operations.import_registry(row, shown=row.fingerprint, by=secretariat)
    assert Organisation.objects.filter(name="Sample One", country="CH").exists()


def test_a_second_press_finds_it_done(secretariat, officer):
    row = sent(secretariat, "name|kind", "Sample One|company")
    again = sent(secretariat, "name|kind", "Sample One|company")
    assert again == row
    press = reverse("admin:members_registryimport_import_registry", args=[row.pk])
    page = reverse("admin:members_registryimport_change", args=[row.pk])
    for said in ("The import is applied.", "applied or given up already"):
        response = officer.post(press, {"shown": row.fingerprint}, follow=True)
        assert response.redirect_chain == [(page, 302)]
        assert said in response.content.decode()
    assert Organisation.objects.filter(name="Sample One").count() == 1
    with pytest.raises(ImportSettled):
        operations.discard_registry_import(row, by=secretariat)


# The pages


def test_a_file_is_sent_looked_at_and_applied(officer, secretariat):
    upload = SimpleUploadedFile("=list.csv", lines("name|kind", "אבטחה <b>|company", "Sample|company"))
    page = officer.post(ADD, {"file": upload, "source": "Sample list", "holds": ""}, follow=True)
    text = page.content.decode()
    assert "Applying the import writes 2 lines" in text
    assert "אבטחה &lt;b&gt;" in text
    row = RegistryImport.objects.get()
    assert f'name="shown" value="{row.fingerprint}"' in text
    officer.post(reverse("admin:members_registryimport_import_registry", args=[row.pk]), {"shown": row.fingerprint})
    text = officer.get(reverse("admin:members_registryimport_change", args=[row.pk])).content.decode()
    assert f"Applied by {secretariat.name}" in text
    assert "Apply the import" not in text
    file = officer.get(reverse("admin:members_registryimport_read_file", args=[row.pk]))
    assert b"".join(file.streaming_content) == lines("name|kind", "אבטחה <b>|company", "Sample|company")
    listed = officer.get("/admin/members/registryimport/").content.decode()
    assert "=list.csv" in listed


def test_every_fault_of_a_file_is_named_on_the_page(officer):
    upload = SimpleUploadedFile("x.csv", b"name,kind,colour,shape\nSample,company,red,round\n")
    page = officer.post(ADD, {"file": upload, "source": "Sample list", "holds": ""})
    assert page.status_code == 422
    assert "“colour” is no column" in page.content.decode()
    assert "“shape” is no column" in page.content.decode()
    assert not RegistryImport.objects.exists()


def test_five_thousand_errors_have_pages_and_a_file(officer, secretariat):
    row = sent(secretariat, "name|kind", *(f"Sample {number}|none" for number in range(5000)), "Sample|company")
    page = reverse("admin:members_registryimport_change", args=[row.pk])
    first = officer.get(page)
    assert "Page 1 of 101" in first.content.decode()
    assert first.context["lines"][0][0].number == 2
    assert officer.get(f"{page}?fate=new").context["lines"][0][0].number == 5002
    assert queries(officer, page) <= 12
    response = officer.get(reverse("admin:members_registryimport_export_lines", args=[row.pk]))
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == 5002
    assert rows[1][:5] == ["organisations", "2", "Refused", "Sample 0", "kind"]


def test_what_is_given_up_leaves_no_file(officer, secretariat, django_capture_on_commit_callbacks):
    row = sent(secretariat, "name|kind", "Sample|company")
    with django_capture_on_commit_callbacks(execute=True):
        officer.post(reverse("admin:members_registryimport_discard_registry_import", args=[row.pk]))
    assert not row.file.storage.exists(str(row.file.name))
    assert officer.get(reverse("admin:members_registryimport_read_file", args=[row.pk])).status_code == 404
    page = officer.get(reverse("admin:members_registryimport_change", args=[row.pk])).content.decode()
    assert "Neither the file nor its lines were kept." in page


def test_the_template_explains_itself_and_holds_nothing(officer):
    response = officer.get(reverse("admin:members_registryimport_export_template"))
    content = b"".join(response.streaming_content)
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == [*(sheet.name for sheet in SHEETS), "how to"]
    with pytest.raises(FileNotRead, match="no line below them"):
        read(content)

"""The register as a file: exactly what the page shows, for everybody, and nothing that is the secretariat's."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members import operations
from members.models import Membership, OtherName, Pillar, Size
from members.register import rows
from tests import factories
from tests.lib.test_exports import Workbook

pytestmark = pytest.mark.django_db

FORMS = ("csv", "xlsx", "json")


def content(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def read_csv(response):
    return list(csv.reader(io.StringIO(content(response).decode("utf-8-sig"))))


def read_xlsx(response):
    return Workbook(content(response)).rows()


def read_names(client, form, **query):
    response = client.get(f"/members/members.{form}", query)
    if form == "json":
        return [row["name"] for row in json.loads(content(response))["members"]]
    found = read_csv(response) if form == "csv" else read_xlsx(response)
    return [row[0] for row in found[1:]]


@pytest.fixture
def members(secretariat):
    """A certified company under review for another standard, one that is neither, and a civil-society organisation."""
    harbour, highland = (
        factories.MembershipFactory(organisation__name=name, organisation__slug=slug, valid_from=since).organisation
        for name, slug, since in (
            ("Sample Harbour Guarding", "harbour", date(2014, 1, 1)),
            ("Sample Highland Protection", "highland", date(2016, 3, 1)),
        )
    )
    for organisation in (harbour, highland):
        factories.CompanyProfileFactory(organisation=organisation, size=Size.MEDIUM, valid_from=date(2016, 3, 1))
    for code in ("PSC.1", "ISO 28007"):
        factories.CertificateFactory(
            organisation=harbour, standard=factories.StandardFactory(code=code), expires_on=None, valid_to=None
        )
    application = operations.receive_application(
        harbour,
        kind="certification",
        pillar="industry",
        standard=factories.StandardFactory(code="ISO 18788"),
        received_on=date(2017, 1, 1),
        source="Sample secret",
        by=secretariat,
    )
    operations.begin_review(application, on=date(2017, 2, 1), source="Sample secret", by=secretariat)
    factories.MembershipFactory(
        organisation__name="=Sample Watch",
        organisation__slug="watch",
        organisation__kind="civil society",
        organisation__country="IQ",
        pillar=Pillar.CIVIL_SOCIETY,
        valid_from=date(2018, 4, 20),
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("who", ["visitor", "reader", "director", "secretariat"])
def test_everybody_takes_it_along(client_of, members, form, who):
    response = client_of(who).get(f"/members/members.{form}", {"as_of": "2018-06-06"})
    assert response["Content-Disposition"] == f'attachment; filename="members-2018-06-06.{form}"'
    assert len(content(response)) > 100
    assert client_of(who).post(f"/members/members.{form}").status_code == 405


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "harbour"},
        {"pillar": "civil society"},
        {"status": "certified", "standard": "PSC.1"},
        {"status": "neither"},
        {"country": "CH", "sort": "-since"},
        {"region": "asia"},
        {"as_of": "2015-06-06"},
        {"as_of": "2001-01-01"},
        {"sort": "-name"},
    ],
)
def test_it_holds_what_the_page_shows_in_the_same_order(client, members, form, query):
    shown = [row.organisation.name for row in client.get("/members/", query).context["page_obj"]]
    taken = [name.removeprefix("'") for name in read_names(client, form, **query)]
    assert taken == shown


@pytest.mark.parametrize("form", FORMS)
def test_all_pages_of_the_register_are_in_it(client, form):
    for number in range(30):
        factories.MembershipFactory(organisation__name=f"Sample Paged {number:02}")
    assert len(read_names(client, form, page="2")) == 30


def test_the_page_leads_to_the_files_with_what_was_asked(client, members):
    text = client.get("/members/", {"q": "harbour", "as_of": "2018-06-06"}).content.decode()
    for form in FORMS:
        assert f'href="/members/members.{form}?q=harbour&amp;as_of=2018-06-06"' in text


def test_the_columns_of_the_csv(client, members):
    head, first, *_others, last = read_csv(client.get("/members/members.csv"))
    assert head == [
        "Name", "Kind", "Pillar", "Category", "Since", "Country code", "Country", "Region", "Works", "State",
        "Certified to", "Page",
    ]  # fmt: skip
    assert last[:-1] == [
        "Sample Highland Protection", "Company", "Industry", "Member", "2016-03-01", "CH", "Switzerland", "Europe",
        "On land", "Member", "",
    ]  # fmt: skip
    assert last[-1].endswith("/members/highland/")
    assert first[0] == "'=Sample Watch"  # no formula


def test_the_cells_of_the_workbook_keep_their_kind(client, members):
    head, first, second, *_others = read_xlsx(client.get("/members/members.xlsx"))
    assert head[4] == "Since"
    assert first[0] == "=Sample Watch"
    assert second[4] == "41640"  # 1 January 2014, as a spreadsheet counts days
    assert second[9] == "Certified, Under review for certification"
    assert second[10] == "ISO 28007, PSC.1"


def test_the_json_is_the_same_in_every_language(client, members):
    found = json.loads(content(client.get("/members/members.json", {"as_of": "2018-06-06", "q": "harbour"})))
    assert (found["as_of"], found["filters"]) == ("2018-06-06", {"q": "harbour"})
    [harbour] = found["members"]
    assert harbour.pop("page").endswith("/members/harbour/")
    assert harbour == {
        "name": "Sample Harbour Guarding",
        "kind": "company",
        "pillar": "industry",
        "category": "member",
        "since": "2014-01-01",
        "country": "CH",
        "region": "europe",
        "works": "land",
        "certified": True,
        "under_review": True,
        "certified_to": ["ISO 28007", "PSC.1"],
    }
    client.cookies["django_language"] = "fr"
    again = json.loads(content(client.get("/members/members.json", {"as_of": "2018-06-06", "q": "harbour"})))
    assert again["members"][0]["works"] == "land"


def test_the_csv_is_in_the_language_of_the_reader_though_it_is_written_later(client, members):
    client.cookies["django_language"] = "fr"
    assert "Suisse" in [cell for row in read_csv(client.get("/members/members.csv")) for cell in row]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("who", ["visitor", "secretariat"])
@pytest.mark.usefixtures("secret_applicant")
def test_no_revenue_no_source_and_no_applicant_is_in_it(client_of, members, form, who):
    response = client_of(who).get(f"/members/members.{form}")
    cells = str(read_xlsx(response)) if form == "xlsx" else content(response).decode("utf-8-sig")
    for secret in ("ecret", "Sample source", "edium", "size", "Size"):
        assert secret not in cells


@pytest.mark.parametrize("form", FORMS)
def test_rows_are_read_some_at_a_time(client, monkeypatch, form):
    monkeypatch.setattr(rows, "CHUNK", 10)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            content(client.get(f"/members/members.{form}"))
        return len(captured)

    for number in range(10):
        organisation = factories.MembershipFactory().organisation
        OtherName.objects.create(organisation=organisation, name=f"Sample Other {number}", kind="short")
    few = asked()
    for _number in range(20):
        factories.MembershipFactory()
    assert Membership.objects.count() == 30
    assert asked() == few + 2  # certificates of two more lots

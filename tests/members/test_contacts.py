"""Contacts: kept with days and consent, found by the secretariat alone, and erased so that nothing of them is left."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from icoca_portal.lib.days import today
from members import operations
from members.exceptions import AlreadyEnded, ChangedMeanwhile, ContactErased, DayToCome
from members.models import Contact
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

NAME, EMAIL, TELEPHONE = "Unmistakable Person", "unmistakable@sample.example", "+41 99 999 99 99"
TYPED: dict[str, Any] = {
    "name": NAME, "function": "Unmistakable function", "email": EMAIL, "telephone": TELEPHONE, "language": "fr",
    "valid_from": "2018-01-01",
}  # fmt: skip


def of(name, *args):
    return reverse(f"admin:members_{name}", args=args)


@pytest.fixture
def company():
    return factories.MembershipFactory(organisation__name="Sample Guards").organisation


@pytest.fixture
def contact(company, secretariat):
    fields: dict[str, Any] = {**TYPED, "valid_from": date(2018, 1, 1)}
    return operations.record_contact(company, **fields, by=secretariat)


def dumped(tmp_path):
    """Everything that the database holds."""
    path = tmp_path / "all.json"
    call_command("dumpdata", output=str(path), verbosity=0)
    return path.read_text()


def test_a_contact_lives_from_its_record_to_its_erasure_and_leaves_nothing(officer, company, tmp_path):
    record = of("organisation_record_contact", company.pk)
    assert officer.post(record, {**TYPED, "email": "", "telephone": ""}).status_code == 422
    without_source = officer.post(record, {**TYPED, "consent_on": "2018-01-01"})
    assert "Say how the consent was given." in without_source.content.decode()
    assert officer.post(record, TYPED).status_code == 302
    row = Contact.objects.get()
    page = officer.get(of("organisation_change", company.pk)).content.decode()
    assert NAME in page
    assert EMAIL in page
    change = of("organisation_change_contact", company.pk, row.pk)
    seen = {"seen": "1"}
    assert f'value="{NAME}"' in officer.get(change).content.decode()
    assert officer.post(change, {**TYPED, **seen, "function": "Unmistakable other"}).status_code == 302
    stale = officer.post(change, {**TYPED, **seen})
    assert stale.status_code == 422
    assert "A colleague changed this contact meanwhile" in stale.content.decode()
    consent = {"on": "2018-02-01", "source": f"Letter of {NAME}"}
    assert officer.post(of("organisation_record_consent", company.pk, row.pk), consent).status_code == 302
    assert officer.post(of("organisation_end_contact", company.pk, row.pk), {"on": "2030-01-01"}).status_code == 302
    assert NAME in dumped(tmp_path)
    withdraw = of("organisation_withdraw_consent", company.pk, row.pk)
    assert officer.post(withdraw, {"on": today().isoformat()}).status_code == 302
    left = dumped(tmp_path)
    assert "nmistakable" not in left
    assert TELEPHONE not in left
    row.refresh_from_db()
    assert (row.consent_on, row.consent_withdrawn_on, row.valid_from) == (date(2018, 2, 1), today(), date(2018, 1, 1))
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "Contact recorded.",
        "Contact changed.",
        "Consent recorded.",
        "End of the contact recorded.",
        "Consent withdrawn; the contact is erased.",
    ]
    assert "erased meanwhile" in officer.post(withdraw, {"on": today().isoformat()}).content.decode()
    page = officer.get(of("organisation_change", company.pk)).content.decode()
    assert "Contact erased" in page
    assert "nmistakable" not in page


def test_what_a_contact_cannot_be(contact, secretariat):
    with pytest.raises(DayToCome):
        operations.record_consent(contact, on=today() + timedelta(days=1), source="Sample", by=secretariat)
    operations.end_contact(contact, on=date(2019, 1, 1), by=secretariat)
    with pytest.raises(AlreadyEnded):
        operations.end_contact(contact, on=date(2019, 1, 1), by=secretariat)
    with pytest.raises(ChangedMeanwhile):
        operations.change_contact(contact, seen=1, name="Sample", by=secretariat)


def test_the_clock_erases_a_year_after_the_end(contact, company, secretariat):
    now = timezone.now()
    kept = operations.record_contact(company, name="Sample kept", valid_from=date(2018, 1, 1), by=secretariat)
    operations.end_contact(contact, on=today() - timedelta(days=365), by=secretariat)
    operations.end_contact(kept, on=today() - timedelta(days=364), by=secretariat)
    assert operations.erase_contacts(now) == 1
    assert operations.erase_contacts(now) == 0
    contact.refresh_from_db()
    assert (contact.name, contact.email, contact.erased_at) == ("", "", now)
    with pytest.raises(ContactErased):
        operations.change_contact(contact, seen=contact.version, name="Sample", by=secretariat)
    kept.refresh_from_db()
    assert kept.name == "Sample kept"


# Who reads it


def test_the_list_is_searched_filtered_and_exported(officer, contact, company, secretariat):
    other = operations.record_contact(
        company, name="=Sample formula", email="sample@sample.example", valid_from=date(2018, 1, 1), by=secretariat,
        consent_on=date(2018, 1, 1), consent_source="Sample letter",
    )  # fmt: skip
    listed = of("contact_changelist")

    def names(query):
        return [row.name for row in officer.get(f"{listed}?{query}").context["cl"].result_list]

    assert names(f"q={EMAIL}") == [NAME]
    assert names("consent=no") == [NAME]
    assert names("consent=yes") == [other.name]
    assert names("held=erased") == []
    response = officer.get(f"{of('contact_export_contacts')}?consent=yes")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [row[:2] for row in rows[1:]] == [["Sample Guards", "'=Sample formula"]]
    assert officer.get(of("contact_change", contact.pk)).status_code == 200


def test_the_list_takes_the_same_queries_for_1_and_30(officer, contact, secretariat):
    one = queries(officer, of("contact_changelist"))
    for _number in range(29):
        company = factories.CompanyFactory()
        operations.record_contact(company, name="Sample", valid_from=date(2018, 1, 1), by=secretariat)
    assert queries(officer, of("contact_changelist")) == one
    assert one <= 12


@pytest.mark.parametrize("who", ["visitor", "focal_point", "chair", "director"])
def test_no_page_or_file_of_the_register_shows_a_contact(client_of, contact, company, who):
    client = client_of(who)
    addresses = [
        f"/members/{company.slug}/", "/members/", f"/members/?q={NAME}", f"/members/?q={EMAIL}", "/members/export.csv",
        *(reverse(f"members:export_members_{form}") for form in ("csv", "json", "xlsx")), "/members/statistics/",
        f"/members/api/v1/members/{company.slug}", "/members/api/v1/members",
    ]  # fmt: skip
    for address in addresses:
        response = client.get(address, follow=True)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        shown = content.decode(errors="ignore").replace(f'value="{NAME}"', "").replace(f'value="{EMAIL}"', "")
        assert TELEPHONE not in shown
        if "q=" not in address:
            assert "nmistakable" not in shown
    for address in (of("contact_changelist"), of("contact_export_contacts"), of("contact_change", contact.pk)):
        assert client.get(address).status_code in (302, 403)
    assert not Contact.objects.visible_to(contact.recorded_by.__class__()).exists()


def test_staff_without_the_right_see_no_contact(officer, company, contact, secretariat_group):
    secretariat_group.permissions.remove(*Permission.objects.filter(codename__endswith="_contact"))
    assert NAME not in officer.get(of("organisation_change", company.pk)).content.decode()
    assert officer.get(of("contact_changelist")).status_code == 403
    for step in ("change_contact", "withdraw_consent"):
        assert officer.get(of(f"organisation_{step}", company.pk, contact.pk)).status_code == 403

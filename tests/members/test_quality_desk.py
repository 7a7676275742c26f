"""The quality desk: what it finds, what it leaves alone, and where each finding is mended."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from icoca_portal.lib.days import today
from icoca_portal.lib.paging import PAGE
from members import operations
from members.models import OtherName
from members.quality import CHECKS, names_alike
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

DESK = "/admin/members/organisation/quality/"


def of(name, *args):
    return reverse(f"admin:members_{name}", args=args)


def found(client, check):
    return [row["finding"].name for row in client.get(f"{DESK}{check}/").context["rows"]]


def certified(name, ends_in, **certificate):
    """A member whose certificate ends in so many days."""
    company = factories.MembershipFactory(organisation__name=name).organisation
    ends = today() + timedelta(days=ends_in)
    return factories.CertificateFactory(
        organisation=company,
        issued_on=ends - timedelta(days=1000),
        valid_from=ends - timedelta(days=1000),
        expires_on=ends,
        valid_to=ends,
        **certificate,
    )


# Certificates


def test_certificates_that_ended_lately_or_end_soon_are_found(officer):
    for name, ends_in in (("Long ago", -366), ("Lately", -365), ("Today", 0), ("Soon", 90), ("Later", 91)):
        certified(name, ends_in)
    assert found(officer, "certificates") == ["Lately", "Today", "Soon"]
    page = officer.get(f"{DESK}certificates/").content.decode()
    assert "Expired" in page
    assert "Expires" in page


def test_a_certificate_that_is_followed_or_withdrawn_is_in_order(officer):
    row = certified("Followed", -30)
    later = today() + timedelta(days=700)
    factories.CertificateFactory(
        organisation=row.organisation, issued_on=row.valid_to, valid_from=row.valid_to, expires_on=later, valid_to=later
    )
    certified("Withdrawn", 30, state="withdrawn")
    certified("Suspended", 30, state="suspended")
    assert found(officer, "certificates") == ["Suspended"]


def test_another_standard_is_no_successor(officer):
    row = certified("Sample", -30)
    later = today() + timedelta(days=700)
    factories.CertificateFactory(
        organisation=row.organisation, standard=factories.StandardFactory(code="ISO 18788"), expires_on=later,
        valid_to=later,
    )  # fmt: skip
    assert found(officer, "certificates") == ["Sample"]


def test_whoever_left_needs_no_certificate(officer):
    row = certified("Left", -30)
    row.organisation.memberships.update(valid_to=today())
    assert found(officer, "certificates") == []


def test_the_link_leads_to_the_form_of_the_successor(officer):
    row = certified("Sample", -30)
    assert of("organisation_record_certificate", row.organisation_id) in (
        officer.get(f"{DESK}certificates/").content.decode()
    )


# Applications, profiles, countries


def test_applications_that_stand_still_are_found(officer):
    for name, days, state in (("Still", 90, "received"), ("Moving", 89, "under review"), ("Decided", 900, "approved")):
        factories.ApplicationStatusFactory(
            application__organisation__name=name, valid_from=today() - timedelta(days=days), state=state
        )
    assert found(officer, "applications") == ["Still"]


def test_member_companies_without_a_profile_are_found(officer):
    factories.MembershipFactory(organisation__name="Without")
    factories.CompanyProfileFactory(organisation=factories.MembershipFactory(organisation__name="With").organisation)
    gone = factories.MembershipFactory(organisation__name="With an old one").organisation
    factories.CompanyProfileFactory(organisation=gone, valid_to=today())
    factories.MembershipFactory(organisation__name="Observes", category="observer")
    factories.MembershipFactory(organisation__name="Society", pillar="civil society")
    assert found(officer, "profiles") == ["With an old one", "Without"]


def test_members_without_a_country_are_found(officer):
    factories.MembershipFactory(organisation__name="Without")
    factories.MembershipFactory(organisation__name="With", organisation__country="CH")
    factories.MembershipFactory(
        organisation__name="A union of States", organisation__kind="international organisation", pillar="government"
    )
    factories.CompanyFactory(name="No member")
    assert found(officer, "countries") == ["Without"]


# Names


def alike():
    return [(one.text, other.text) for one, other in names_alike()]


def test_names_that_differ_by_little_are_found():
    for name in ("Helvetia Guarding Ltd", "Helvetia Guardings Ltd", "Helvetia Shipping", "Baltic Escorts"):
        factories.CompanyFactory(name=name)
    assert alike() == [("Helvetia Guarding Ltd", "Helvetia Guardings Ltd")]


def test_accents_case_and_marks_do_not_tell_names_apart():
    factories.CompanyFactory(name="Sécurité Générale S.A.")
    factories.CompanyFactory(name="SECURITE GENERALE, S A")
    assert len(alike()) == 1


def test_another_name_counts_as_one():
    factories.CompanyFactory(name="Helvetia Guarding Ltd")
    renamed = factories.CompanyFactory(name="Alpine Protection")
    OtherName.objects.create(organisation=renamed, name="Helvetia Guarding Ltd.", kind=OtherName.Kind.FORMER)
    OtherName.objects.create(organisation=renamed, name="Alpine Protections", kind=OtherName.Kind.OTHER)
    assert alike() == [("Helvetia Guarding Ltd", "Helvetia Guarding Ltd.")]


def test_a_number_tells_names_apart():
    factories.CompanyFactory(name="Sample Guarding Company 11")
    factories.CompanyFactory(name="Sample Guarding Company 12")
    assert alike() == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Highland Protection Services Ltd", "Island Protection Services Ltd"),
        ("Forum for Community Safety", "Iraqi Forum for Community Safety"),
        ("Certification Body A", "Certification Body B"),
        ("Bridge Protection Services Ltd", "Ridge Protection Services Ltd"),
    ],
)
def test_a_word_of_its_own_tells_names_apart(one, other):
    factories.CompanyFactory(name=one)
    factories.CompanyFactory(name=other)
    assert alike() == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Helvetia Guarding International", "Helvetia Guarding International Ltd"),
        ("Helvetia Guarding SA", "Helvetia Guarding S.A."),
        ("Helvetia Guarding International", "Helvetia Gaurding International"),
    ],
)
def test_slips_and_legal_forms_do_not_tell_names_apart(one, other):
    factories.CompanyFactory(name=one)
    factories.CompanyFactory(name=other)
    assert len(alike()) == 1


def test_two_codes_tell_states_apart():
    factories.OrganisationFactory(name="Australia", code="au")
    factories.OrganisationFactory(name="Austria", code="at")
    assert alike() == []


def test_neighbours_in_the_alphabet_are_compared_without_a_word_in_common():
    factories.CompanyFactory(name="Securicorporation")
    factories.CompanyFactory(name="Securecorporation")
    assert alike() == [("Securicorporation", "Securecorporation")]


# Contacts


def test_members_without_a_contact_of_today_are_found(officer, secretariat):
    def member(name, **contact):
        organisation = factories.MembershipFactory(organisation__name=name).organisation
        if contact:
            fields = {"name": "Sample Person", "valid_from": today(), "by": secretariat, **contact}
            return operations.record_contact(organisation, **fields)
        return None

    member("Without")
    member("With", consent_on=today(), consent_source="Sample letter")
    operations.withdraw_consent(member("Erased", email="sample@sample.example"), on=today(), by=secretariat)
    member("To come", valid_from=today() + timedelta(days=1))
    asked = member("Not asked", email="sample@sample.example")
    assert found(officer, "contacts") == ["Erased", "To come", "Without"]
    assert found(officer, "consents") == ["Not asked"]
    page = officer.get(f"{DESK}consents/").content.decode()
    assert of("organisation_record_consent", asked.organisation_id, asked.pk) in page
    assert "Sample Person" not in page


# The desk


def test_the_desk_counts_every_check_and_is_linked(officer):
    certified("Sample", -30)
    page = officer.get(DESK).content.decode()
    for check in CHECKS:
        assert f'href="{DESK}{check.name}/"' in page
    for address in (of("organisation_changelist"), "/admin/"):
        assert f'href="{DESK}"' in officer.get(address).content.decode()


def test_a_desk_in_order_says_so(officer):
    for check in CHECKS:
        assert str(check.none) in officer.get(f"{DESK}{check.name}/").content.decode()


def test_a_long_check_has_pages(officer):
    factories.MembershipFactory.create_batch(PAGE + 1)
    first, second = (officer.get(f"{DESK}profiles/?page={page}") for page in (1, 2))
    assert len(first.context["rows"]) == PAGE
    assert len(second.context["rows"]) == 1
    assert "Page 2 of 2" in second.content.decode()
    assert officer.get(f"{DESK}profiles/?page=99").context["pages"].number == 2


def test_a_check_as_a_file_holds_every_row_and_where_it_is_mended(officer):
    factories.MembershipFactory.create_batch(PAGE + 1)
    factories.MembershipFactory(organisation__name="=Sample formula")
    response = officer.get(f"{DESK}profiles.csv")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["Organisation", "Member since", "Pillar", "Category", "Address"]
    assert len(rows) == PAGE + 3
    assert rows[1][0] == "'=Sample formula"
    assert rows[1][-1].startswith("http://testserver/admin/members/organisation/")


@pytest.mark.parametrize("check", ["", *(f"{check.name}/" for check in CHECKS)])
def test_every_page_of_the_desk_takes_the_same_queries_for_1_and_30(officer, check):
    def add(number):
        certified(f"Helvetia Guarding {number}", -30)
        factories.ApplicationStatusFactory()
        twin = factories.CompanyFactory(name=f"Helvetia Guardings {number}")
        factories.MembershipFactory(organisation=twin)

    add(0)
    one = queries(officer, f"{DESK}{check}")
    for number in range(1, 30):
        add(number)
    assert queries(officer, f"{DESK}{check}") == one
    assert one <= 12


def test_the_desk_is_for_whoever_keeps_the_registry(officer, secretariat, secretariat_group):
    secretariat_group.permissions.remove(Permission.objects.get(codename="change_organisation"))
    for address in (DESK, f"{DESK}profiles/", f"{DESK}profiles.csv"):
        assert officer.get(address).status_code == 403


def test_a_check_that_there_is_not(officer):
    assert officer.get(f"{DESK}nothing/").status_code == 404
    assert officer.get(f"{DESK}nothing.csv").status_code == 404
    assert officer.post(DESK).status_code == 405

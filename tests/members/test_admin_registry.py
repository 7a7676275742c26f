"""The registry on the page of an organisation: recorded, ended, corrected, restored; refused with the row named."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from icoca_portal.lib.days import today
from members.models import Certificate, CompanyProfile, Membership, Organisation, OtherName, RevenueBand, Standard
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

SOURCE = {"source": "Sample minutes"}


def of(name, *args):
    return reverse(f"admin:members_{name}", args=args)


@pytest.fixture
def company():
    return factories.MembershipFactory(organisation__name="Sample Guards").organisation


@pytest.fixture
def profile(company):
    return factories.CompanyProfileFactory(organisation=company, works_in=["CD", "GH"])


@pytest.fixture
def certificate(company):
    return factories.CertificateFactory(organisation=company, expires_on=date(2036, 1, 1), valid_to=date(2036, 1, 1))


def page_of(client, organisation):
    return " ".join(client.get(of("organisation_change", organisation.pk)).content.decode().split())


def typed_certificate(row: Certificate, **changes: Any) -> dict[str, Any]:
    """What the form of a correction holds for a row."""
    typed = {
        "standard": row.standard_id, "body": row.body_id, "number": row.number, "scope": row.scope, "state": row.state,
        "issued_on": row.issued_on, "expires_on": row.expires_on, "valid_from": row.valid_from,
        "valid_to": row.valid_to or "", **SOURCE,
    }  # fmt: skip
    return {**typed, **changes}


# Membership


def test_a_membership_is_recorded_ended_and_corrected(officer, secretariat):
    company = factories.CompanyFactory()
    form = officer.get(of("organisation_record_membership", company.pk)).content.decode()
    assert '<option value="industry" selected>' in form
    typed = {"pillar": "industry", "category": "member", "valid_from": "2014-01-01", **SOURCE}
    done = officer.post(of("organisation_record_membership", company.pk), typed)
    assert done["Location"] == of("organisation_change", company.pk)
    row = company.memberships.get()
    assert (row.pillar, row.valid_from, row.source, row.recorded_by) == (
        "industry", date(2014, 1, 1), "Sample minutes", secretariat,
    )  # fmt: skip
    officer.post(of("organisation_end_membership", company.pk, row.pk), {"on": "2020-01-01", **SOURCE})
    row = company.memberships.get(superseded_at=None)
    assert row.valid_to == date(2020, 1, 1)
    changed = {**typed, "valid_from": "2014-02-01", "valid_to": "2020-01-01", "source": "Sample letter"}
    officer.post(of("organisation_correct_membership", company.pk, row.pk), changed)
    page = page_of(officer, company)
    assert "2 corrected rows" in page
    assert "Corrected on" in page
    assert "by Sample Officer. Source: Sample letter" in page
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "Membership recorded.",
        "End of the membership recorded.",
        "Membership corrected.",
    ]


def test_a_second_membership_is_refused_with_the_row_named_and_nothing_lost(officer, company):
    typed = {"pillar": "industry", "category": "observer", "valid_from": "2018-06-06", "source": "Sample typed source"}
    response = officer.post(of("organisation_record_membership", company.pk), typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert "“Sample Guards, Member (Industry)” holds on some of these days" in page
    assert 'value="Sample typed source"' in page
    assert 'value="2018-06-06"' in page
    assert '<option value="observer" selected>' in page
    assert company.memberships.count() == 1


def test_an_end_before_the_beginning_is_refused_in_words(officer, company):
    row = company.memberships.get()
    typed = {"pillar": "industry", "category": "member", "valid_from": "2018-01-01", "valid_to": "2017-01-01", **SOURCE}
    response = officer.post(of("organisation_correct_membership", company.pk, row.pk), typed)
    assert response.status_code == 422
    assert "The end must be after the beginning" in response.content.decode()
    assert "Constraint" not in response.content.decode()


def test_a_membership_does_not_end_before_a_certificate(officer, company, certificate):
    row = company.memberships.get()
    response = officer.post(of("organisation_end_membership", company.pk, row.pk), {"on": "2020-01-01", **SOURCE})
    assert response.status_code == 422
    assert "“Sample Guards, PSC.1, Valid” runs on after 2020-01-01" in response.content.decode()


def test_undoing_a_correction_is_another_one(officer, company):
    row = company.memberships.get()
    typed = {"pillar": "civil society", "category": "observer", "valid_from": "2015-01-01", **SOURCE}
    officer.post(of("organisation_correct_membership", company.pk, row.pk), typed)
    stands = company.memberships.get(superseded_at=None)
    again = f"{of('organisation_correct_membership', company.pk, stands.pk)}?values_of={row.pk}"
    assert f'href="{again}">Restore these values' in page_of(officer, company)
    form = officer.get(again).content.decode()
    assert 'value="2014-01-01"' in form
    assert '<option value="industry" selected>' in form
    restored = {"pillar": "industry", "category": "member", "valid_from": "2014-01-01", **SOURCE}
    assert officer.post(again, restored).status_code == 302
    assert company.memberships.get(superseded_at=None).pillar == "industry"
    assert company.memberships.count() == 3


@pytest.mark.parametrize("values_of", ["0", "x", "999999999999999999999999"])
def test_only_a_row_of_the_organisation_is_restored(officer, company, values_of):
    row = company.memberships.get()
    address = of("organisation_correct_membership", company.pk, row.pk)
    assert officer.get(f"{address}?values_of={values_of}").status_code == 404


def test_two_officers_correct_the_same_row_and_the_second_is_told(officer, company):
    row = company.memberships.get()
    address = of("organisation_correct_membership", company.pk, row.pk)
    typed = {"pillar": "industry", "category": "member", "valid_from": "2015-01-01", **SOURCE}
    assert officer.post(address, typed).status_code == 302
    second = officer.post(address, {**typed, "valid_from": "2016-01-01"})
    assert second.status_code == 422
    assert "was corrected meanwhile" in second.content.decode()
    assert company.memberships.get(superseded_at=None).valid_from == date(2015, 1, 1)


# Company profiles


def test_a_new_profile_starts_from_the_last_and_ends_it(officer, company, profile):
    address = of("organisation_record_profile", company.pk)
    form = officer.get(address).content.decode()
    for chosen in ("CH", "land", "small", "CD", "GH"):
        assert f'<option value="{chosen}" selected>' in form
    typed = {"headquarters": "CH", "environment": "both", "works_in": ["CD"], "valid_from": "2018-01-01", **SOURCE}
    assert officer.post(address, typed).status_code == 302
    earlier, later = company.profiles.filter(superseded_at=None).order_by("valid_from")
    assert earlier.valid_to == later.valid_from == date(2018, 1, 1)
    assert [country.code for country in later.works_in] == ["CD"]
    page = page_of(officer, company)
    assert "On land and at sea" in page
    assert "Congo" in page


def test_a_profile_is_ended_and_corrected(officer, company, profile):
    officer.post(of("organisation_end_profile", company.pk, profile.pk), {"on": "2020-01-01", **SOURCE})
    row = company.profiles.get(superseded_at=None)
    typed = {"headquarters": "FR", "environment": "sea", "size": "large", "valid_from": "2014-01-01", **SOURCE}
    officer.post(of("organisation_correct_profile", company.pk, row.pk), typed)
    row = company.profiles.get(superseded_at=None)
    assert (row.headquarters.code, row.environment, row.size, row.valid_to) == ("FR", "sea", "large", None)


# Certificates


def test_a_certificate_is_recorded_suspended_reinstated_and_withdrawn(officer, company):
    body, standard = factories.CertificationBodyFactory(), factories.StandardFactory()
    typed = {
        "standard": standard.pk, "body": body.pk, "number": "No. 7", "issued_on": "2020-01-01",
        "expires_on": "2036-01-01", **SOURCE,
    }  # fmt: skip
    assert officer.post(of("organisation_record_certificate", company.pk), typed).status_code == 302
    row = company.certificates.get()
    assert (row.valid_from, row.valid_to, row.number) == (date(2020, 1, 1), date(2036, 1, 1), "No. 7")
    for step, on, state in (
        ("suspend", "2021-01-01", "suspended"),
        ("reinstate", "2022-01-01", "valid"),
        ("withdraw", "2023-01-01", "withdrawn"),
    ):
        assert f"/{step}/" in page_of(officer, company)
        address = of(f"organisation_{step}_certificate", company.pk, row.pk)
        assert officer.post(address, {"on": on, **SOURCE}).status_code == 302
        row = company.certificates.get(superseded_at=None, valid_from=on)
        assert row.state == state
    assert "/suspend/" not in page_of(officer, company).split("corrected row")[0].split("Withdrawn")[-1]


def test_a_certificate_of_no_member_is_refused(officer):
    company = factories.CompanyFactory()
    typed = {
        "standard": factories.StandardFactory().pk, "body": factories.CertificationBodyFactory().pk,
        "issued_on": "2020-01-01", "expires_on": "2023-01-01", "number": "Typed number", **SOURCE,
    }  # fmt: skip
    response = officer.post(of("organisation_record_certificate", company.pk), typed)
    assert response.status_code == 422
    assert "the company is no member then" in response.content.decode()
    assert 'value="Typed number"' in response.content.decode()


def test_a_body_is_chosen_among_certification_bodies(officer, company):
    body, other = factories.CertificationBodyFactory(), factories.CompanyFactory()
    form = officer.get(of("organisation_record_certificate", company.pk)).content.decode()
    assert f'<option value="{body.pk}">{body}</option>' in form
    assert f">{other}</option>" not in form


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"expires_on": "2015-01-01"}, "Choose a day after the issue."),
        ({"expires_on": "2030-01-01"}, "no state of it lasts longer"),
        ({"valid_to": ""}, "no state of it lasts longer"),
        ({"valid_from": "2015-01-01"}, "cannot be valid before"),
    ],
)
def test_a_correction_of_a_certificate_keeps_its_days_in_order(officer, company, certificate, changes, words):
    address = of("organisation_correct_certificate", company.pk, certificate.pk)
    response = officer.post(address, typed_certificate(certificate, **changes))
    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_certificate_to_the_wrong_standard_is_put_right_beside_another(officer, company, certificate):
    other = factories.CertificateFactory(
        organisation=company, standard=factories.StandardFactory(code="ISO 18788"), valid_to=date(2036, 1, 1),
        expires_on=date(2036, 1, 1),
    )  # fmt: skip
    address = of("organisation_correct_certificate", company.pk, certificate.pk)
    taken = officer.post(address, typed_certificate(certificate, standard=other.standard_id))
    assert taken.status_code == 422
    assert "“Sample Guards, ISO 18788, Valid” holds on some of these days" in taken.content.decode()
    free = factories.StandardFactory(code="ISO 28007")
    assert officer.post(address, typed_certificate(certificate, standard=free.pk)).status_code == 302
    assert company.certificates.filter(superseded_at=None, standard=free).count() == 1


def test_an_expired_certificate_says_so_and_is_suspended_no_more(officer, company):
    factories.CertificateFactory(organisation=company)
    page = page_of(officer, company)
    assert "Expired" in page
    assert "/suspend/" not in page


# The page


def test_only_what_fits_the_kind_is_shown_and_what_exists_always(officer):
    state = factories.OrganisationFactory()
    page = page_of(officer, state)
    assert "Record a participation" in page
    assert "Record a membership" in page
    for label in ("Record a company profile", "Record a certificate"):
        assert label not in page
    factories.CompanyProfileFactory(organisation=state)
    page = page_of(officer, state)
    assert "Record a company profile" in page
    assert "Record a certificate" not in page
    company = factories.CompanyFactory()
    page = page_of(officer, company)
    assert "Record a certificate" in page
    assert "Record a participation" not in page


def test_a_member_s_page_in_the_register_is_linked(officer, company):
    assert f'href="/members/{company.slug}/">Page in the register' in page_of(officer, company)
    assert "Page in the register" not in page_of(officer, factories.CompanyFactory())


def test_other_names_are_changed_on_the_page_and_their_changes_kept(officer, company):
    stored = {
        "name": company.name, "kind": "company", "code": "", "slug": company.slug, "country": "CH", "website": "",
        "seen_version": "1",
    }  # fmt: skip
    empty = [(part, 0) for part in ("profiles", "certificates", "applications", "representatives")]
    for part, rows in (("memberships", 1), *empty):
        stored |= {f"{part}-TOTAL_FORMS": str(rows), f"{part}-INITIAL_FORMS": str(rows)}
    stored |= {"memberships-0-id": str(company.memberships.get().pk), "memberships-0-organisation": str(company.pk)}
    new = {
        "other_names-TOTAL_FORMS": "1", "other_names-INITIAL_FORMS": "0", "other_names-0-name": "Sample Old Guards",
        "other_names-0-kind": "former", "other_names-0-organisation": str(company.pk),
    }  # fmt: skip
    address = of("organisation_change", company.pk)
    assert officer.post(address, stored | new).status_code == 302
    name = OtherName.objects.get()
    company.refresh_from_db()
    assert company.version == 2
    changed = new | {
        "other_names-INITIAL_FORMS": "1", "other_names-0-id": str(name.pk), "other_names-0-name": "Sample Older Guards",
    }  # fmt: skip
    stale = officer.post(address, stored | changed)
    assert stale.status_code == 409
    assert "Sample Older Guards" in stale.content.decode()
    assert officer.post(address, stored | changed | {"seen_version": "2"}).status_code == 302
    page = page_of(officer, company)
    assert "Sample Officer added “Sample Old Guards” (Former name)" in page
    assert "Sample Officer changed it to “Sample Older Guards” (Former name)" in page


def test_a_page_of_many_rows_takes_the_same_queries_as_of_one(officer):
    def filled(rows):
        company = factories.CompanyFactory()
        for number in range(rows):
            begins, ends = date(2000 + number, 1, 1), date(2001 + number, 1, 1)
            dated = {"organisation": company, "valid_from": begins, "valid_to": ends}
            factories.MembershipFactory(**dated)
            factories.CompanyProfileFactory(**dated, works_in=["CD"])
            factories.CertificateFactory(**dated, issued_on=begins, expires_on=ends)
            factories.ApplicationStatusFactory(application__organisation=company)
            OtherName.objects.create(organisation=company, name=f"Sample {number}", kind="short")
        return queries(officer, of("organisation_change", company.pk))

    one = filled(1)
    assert filled(30) == one
    assert one <= 13


@pytest.mark.parametrize("lacks", ["add_membership", "change_organisation"])
def test_an_act_asks_for_the_rights_that_it_needs(officer, secretariat, secretariat_group, company, lacks):
    secretariat_group.permissions.remove(Permission.objects.get(codename=lacks))
    row = company.memberships.get()
    assert officer.get(of("organisation_record_membership", company.pk)).status_code == 403
    typed = {"on": "2020-01-01", **SOURCE}
    assert officer.post(of("organisation_end_membership", company.pk, row.pk), typed).status_code == 403
    if lacks == "add_membership":
        assert "Record a membership" not in page_of(officer, company)


def test_a_row_of_another_organisation_is_not_found(officer, company, certificate):
    other = factories.CompanyFactory()
    for step in ("correct", "suspend", "withdraw", "reinstate"):
        assert officer.get(of(f"organisation_{step}_certificate", other.pk, certificate.pk)).status_code == 404


# The list


def names_in(response):
    return sorted(organisation.name for organisation in response.context["cl"].result_list)


@pytest.fixture
def three(company, certificate):
    Organisation.objects.filter(pk=company.pk).update(country="CH")
    OtherName.objects.create(organisation=company, name="Sample Watchmen", kind=OtherName.Kind.FORMER)
    factories.ParticipationFactory(organisation__name="Sample Land", organisation__country="SE")
    factories.MembershipFactory(
        organisation__name="Sample Society", organisation__kind="civil society", pillar="civil society",
        category="observer",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("member=yes", ["Sample Guards"]),
        ("pillar=civil+society", ["Sample Society"]),
        ("participant=yes", ["Sample Land"]),
        ("kind__exact=company", ["Sample Guards"]),
        ("country=SE", ["Sample Land"]),
        ("q=watchmen", ["Sample Guards"]),
    ],
)
def test_organisations_are_found(officer, three, query, found):
    assert names_in(officer.get(f"{of('organisation_changelist')}?{query}")) == found


def test_the_list_says_what_an_organisation_is_today(officer, three):
    page = " ".join(officer.get(of("organisation_changelist")).content.decode().split())
    for words in ("Industry", "Civil society, Observer", "PSC.1", "Switzerland", "Quality of the registry"):
        assert words in page


def test_the_list_takes_the_same_queries_for_1_and_30(officer):
    def add():
        company = factories.MembershipFactory(organisation__country="CH").organisation
        factories.CertificateFactory(organisation=company, expires_on=date(2036, 1, 1), valid_to=date(2036, 1, 1))

    add()
    one = queries(officer, of("organisation_changelist"))
    for _row in range(29):
        add()
    assert queries(officer, of("organisation_changelist")) == one
    assert one <= 12


# Reference data


def test_a_revenue_band_ends_the_one_before(officer):
    typed = {"size": "small", "lower": "0", "upper": "20", "valid_from": "2010-01-01", **SOURCE}
    assert officer.post(of("revenueband_add"), typed).status_code == 302
    later = {**typed, "upper": "25", "valid_from": "2020-01-01"}
    assert officer.post(of("revenueband_add"), later).status_code == 302
    first, second = RevenueBand.objects.filter(superseded_at=None).order_by("valid_from")
    assert (first.valid_to, second.upper) == (date(2020, 1, 1), 25)
    assert "0–25 million USD" in officer.get(of("revenueband_changelist")).content.decode()
    assert officer.post(of("revenueband_change", second.pk), typed).status_code == 403


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"upper": "0"}, "Choose more than where the band begins."),
        ({"valid_from": "2009-01-01"}, "holds on some of these days"),
    ],
)
def test_a_band_that_cannot_be_is_refused(officer, changes, words):
    typed = {"size": "small", "lower": "0", "upper": "20", "valid_from": "2010-01-01", **SOURCE}
    officer.post(of("revenueband_add"), typed)
    response = officer.post(of("revenueband_add"), typed | changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert RevenueBand.objects.count() == 1


def test_a_standard_is_added_and_never_deleted(officer, client_of):
    assert officer.post(of("standard_add"), {"code": "Sample 1", "title": "Sample standard"}).status_code == 302
    row = Standard.objects.get(code="Sample 1")
    assert client_of("superuser").get(of("standard_delete", row.pk)).status_code == 403


@pytest.mark.parametrize("name", ["revenueband", "standard"])
def test_a_list_takes_the_same_queries_for_1_and_30(officer, secretariat, name):
    def add(number):
        if name == "standard":
            factories.StandardFactory(code=f"Sample {number}")
        else:
            begins = date(2000 + number, 1, 1)
            days = {"valid_from": begins, "valid_to": begins + timedelta(days=1)}
            RevenueBand.objects.create(
                size="small", lower=0, upper=20, **days, source="Sample", recorded_by=secretariat
            )

    add(0)
    one = queries(officer, of(f"{name}_changelist"))
    for number in range(1, 30):
        add(number)
    assert queries(officer, of(f"{name}_changelist")) == one
    assert one <= 12


def test_what_is_recorded_for_a_day_to_come_is_not_today(officer):
    factories.MembershipFactory(valid_from=today() + timedelta(days=10))
    assert names_in(officer.get(f"{of('organisation_changelist')}?member=yes")) == []
    assert Membership.objects.count() == 1
    assert CompanyProfile.objects.count() == 0


# The delegation


def test_a_participant_and_its_delegation_lead_to_each_other(officer, delegation):
    organisation = delegation.organisation
    assert f'href="{of("delegation_change", delegation.pk)}"' in page_of(officer, organisation)
    page = officer.get(of("delegation_change", delegation.pk)).content.decode()
    assert f'href="{of("organisation_change", organisation.pk)}"' in page
    without = factories.ParticipationFactory(organisation__name="Sample State").organisation
    add = f"{of('delegation_add')}?organisation={without.pk}"
    assert f'href="{add}"' in page_of(officer, without)
    assert f'<option value="{without.pk}" selected>Sample State</option>' in officer.get(add).content.decode()
    assert of("delegation_add") not in page_of(officer, factories.CompanyFactory())

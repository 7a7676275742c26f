"""Applications in the administration: received, reviewed, decided, corrected; what approval opens."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from members.models import Application, Organisation, OtherName
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

SOURCE = {"source": "Sample letter"}


def of(name, *args):
    return reverse(f"admin:members_{name}", args=args)


@pytest.fixture
def application() -> Application:
    """For membership, received on 1 January 2018."""
    return factories.ApplicationStatusFactory(application__organisation__name="Sample Guards").application


@pytest.fixture
def certification() -> Application:
    """For certification to PSC.1, of a member, received on 1 January 2018."""
    company = factories.MembershipFactory(organisation__name="Sample Escorts").organisation
    return factories.ApplicationStatusFactory(
        application__organisation=company,
        application__kind=Application.Kind.CERTIFICATION,
        application__standard=factories.StandardFactory(),
    ).application


def act(client, application, step, **typed) -> Any:
    return client.post(of(f"application_{step}", application.pk), {**SOURCE, **typed})


def state_of(application):
    return application.statuses.get(superseded_at=None, valid_to=None)


# Received


def test_an_application_is_received_from_the_list(officer, secretariat):
    applicant = factories.OrganisationFactory(kind=Organisation.Kind.CIVIL_SOCIETY)
    typed = {
        "organisation": applicant.pk, "kind": "membership", "pillar": "civil society", "received_on": "2018-03-01",
        **SOURCE,
    }  # fmt: skip
    done = officer.post(of("application_add"), typed)
    application = Application.objects.get()
    assert done["Location"] == of("application_change", application.pk)
    row = state_of(application)
    assert (row.state, row.valid_from, row.recorded_by) == ("received", date(2018, 3, 1), secretariat)
    again = officer.post(of("application_add"), typed)
    assert again.status_code == 422
    assert "is not decided yet" in again.content.decode()
    assert 'value="2018-03-01"' in again.content.decode()


def test_an_application_is_received_on_the_page_of_the_organisation(officer):
    company = factories.MembershipFactory().organisation
    address = of("organisation_receive_application", company.pk)
    form = officer.get(address).content.decode()
    assert '<option value="certification" selected>' in form
    typed = {"kind": "certification", "pillar": "industry", "received_on": "2018-03-01", **SOURCE}
    refused = officer.post(address, typed)
    assert refused.status_code == 422
    assert "Choose the standard" in refused.content.decode()
    typed["standard"] = str(factories.StandardFactory().pk)
    done = officer.post(address, typed)
    application = Application.objects.get()
    assert done["Location"] == of("application_change", application.pk)
    page = officer.get(of("organisation_change", company.pk)).content.decode()
    assert f'href="{of("application_change", application.pk)}">Certification: PSC.1' in page


def test_a_membership_asks_for_no_standard(officer):
    company = factories.CompanyFactory()
    typed = {
        "kind": "membership", "pillar": "industry", "received_on": "2018-03-01",
        "standard": factories.StandardFactory().pk, **SOURCE,
    }  # fmt: skip
    assert officer.post(of("organisation_receive_application", company.pk), typed).status_code == 302
    assert Application.objects.get().standard is None


def test_only_a_member_asks_for_certification(officer):
    company = factories.CompanyFactory(name="Sample Outsider")
    typed = {
        "kind": "certification", "pillar": "industry", "received_on": "2018-03-01",
        "standard": factories.StandardFactory().pk, **SOURCE,
    }  # fmt: skip
    response = officer.post(of("organisation_receive_application", company.pk), typed)
    assert response.status_code == 422
    assert "Sample Outsider is no member on 2018-03-01" in response.content.decode()


# Decided


def test_an_approved_membership_begins_on_the_same_day(officer, application):
    assert act(officer, application, "begin_review", on="2018-02-01").status_code == 302
    assert act(officer, application, "approve_application", on="2018-04-15", reason="Sample reason").status_code == 302
    assert state_of(application).state == "approved"
    row = application.organisation.memberships.get()
    assert (row.valid_from, row.pillar, row.source) == (date(2018, 4, 15), "industry", "Sample letter")
    page = officer.get(of("application_change", application.pk)).content.decode()
    for words in ("Received", "Under review", "Approved", "Sample reason", "by Sample Officer"):
        assert words in page
    assert "/approve/" not in page


def test_an_approved_certification_asks_for_its_certificate(officer, certification):
    body = factories.CertificationBodyFactory()
    refused = act(officer, certification, "approve_application", on="2018-04-15")
    assert refused.status_code == 422
    assert state_of(certification).state == "received"
    given = {"body": body.pk, "number": "No. 7", "scope": "Sample scope", "expires_on": "2021-04-15"}
    assert act(officer, certification, "approve_application", on="2018-04-15", **given).status_code == 302
    row = certification.organisation.certificates.get()
    assert (row.issued_on, row.valid_from, row.valid_to) == (date(2018, 4, 15), date(2018, 4, 15), date(2021, 4, 15))
    assert (row.number, row.scope, row.standard, row.body) == ("No. 7", "Sample scope", certification.standard, body)


def test_a_certificate_issued_before_the_approval_counts_from_it(officer, certification):
    given = {"body": factories.CertificationBodyFactory().pk, "issued_on": "2018-03-01", "expires_on": "2021-03-01"}
    assert act(officer, certification, "approve_application", on="2018-04-15", **given).status_code == 302
    row = certification.organisation.certificates.get()
    assert (row.issued_on, row.valid_from) == (date(2018, 3, 1), date(2018, 4, 15))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"issued_on": "2018-05-01", "expires_on": "2021-05-01"}, "cannot be valid before"),
        ({"expires_on": "2018-04-15"}, "Choose a day after the approval."),
    ],
)
def test_an_approval_that_cannot_be_changes_nothing(officer, certification, given, words):
    body = factories.CertificationBodyFactory()
    response = act(officer, certification, "approve_application", on="2018-04-15", body=body.pk, **given)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert state_of(certification).state == "received"
    assert not certification.organisation.certificates.exists()


def test_an_approval_stops_at_a_membership_that_runs(officer, application):
    factories.MembershipFactory(organisation=application.organisation)
    response = act(officer, application, "approve_application", on="2018-04-15", reason="Sample typed reason")
    assert response.status_code == 422
    assert "“Sample Guards, Member (Industry)” holds on some of these days" in response.content.decode()
    assert "Sample typed reason" in response.content.decode()
    assert state_of(application).state == "received"


def test_a_refusal_needs_a_reason(officer, application):
    refused = act(officer, application, "refuse_application", on="2018-04-15")
    assert refused.status_code == 422
    assert act(officer, application, "refuse_application", on="2018-04-15", reason="Sample reason").status_code == 302
    assert state_of(application).reason == "Sample reason"


def test_what_is_decided_does_not_move_on(officer, application):
    assert act(officer, application, "withdraw_application", on="2018-04-15").status_code == 302
    page = officer.get(of("application_change", application.pk)).content.decode()
    for step in ("review", "approve", "refuse", "withdraw"):
        assert f"/{application.pk}/{step}/" not in page
    response = act(officer, application, "begin_review", on="2018-05-01")
    assert response.status_code == 422
    assert "Open the page again" in response.content.decode()


# Corrected


def test_a_state_is_corrected_and_restored(officer, application):
    wrong = state_of(application)
    address = of("application_correct_application_status", application.pk, wrong.pk)
    assert 'value="2018-01-01"' in officer.get(address).content.decode()
    typed = {"state": "received", "valid_from": "2018-01-15", "source": "Sample register"}
    assert officer.post(address, typed).status_code == 302
    stands = state_of(application)
    assert stands.valid_from == date(2018, 1, 15)
    page = officer.get(of("application_change", application.pk)).content.decode()
    again = f"{of('application_correct_application_status', application.pk, stands.pk)}?values_of={wrong.pk}"
    assert again in page
    assert "by Sample Officer. Source: Sample register" in page
    assert 'value="2018-01-01"' in officer.get(again).content.decode()


def test_a_state_corrected_to_refused_needs_a_reason(officer, application):
    row = state_of(application)
    typed = {"state": "refused", "valid_from": "2018-01-15", **SOURCE}
    response = officer.post(of("application_correct_application_status", application.pk, row.pk), typed)
    assert response.status_code == 422
    assert "Say why the application was refused." in response.content.decode()


def test_a_state_of_another_application_is_not_found(officer, application, certification):
    row = state_of(certification)
    assert officer.get(of("application_correct_application_status", application.pk, row.pk)).status_code == 404


# Who may


@pytest.mark.parametrize(
    ("lacks", "step"),
    [("add_applicationstatus", "begin_review"), ("add_membership", "approve_application")],
)
def test_a_step_asks_for_the_rights_that_it_needs(officer, secretariat, secretariat_group, application, lacks, step):
    secretariat_group.permissions.remove(Permission.objects.get(codename=lacks))
    assert act(officer, application, step, on="2018-04-15").status_code == 403
    assert state_of(application).state == "received"


def test_an_application_is_never_rewritten(client_of, application):
    client = client_of("superuser")
    assert client.post(of("application_change", application.pk), {"kind": "certification"}).status_code == 403
    assert client.post(of("application_delete", application.pk), {"post": "yes"}).status_code == 403


# The list


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Sample Escorts", "Sample Guards"]),
        ("state=open", ["Sample Escorts", "Sample Guards"]),
        ("state=under+review", []),
        ("kind__exact=certification", ["Sample Escorts"]),
        ("pillar__exact=government", []),
        ("q=watchmen", ["Sample Guards"]),
    ],
)
def test_applications_are_found(officer, application, certification, query, found):
    OtherName.objects.create(organisation=application.organisation, name="Sample Watchmen", kind="former")
    response = officer.get(f"{of('application_changelist')}?{query}")
    assert sorted(row.organisation.name for row in response.context["cl"].result_list) == found


def test_the_list_says_where_each_stands(officer, application):
    act(officer, application, "begin_review", on="2018-02-01", source="Sample minutes")
    page = officer.get(of("application_changelist")).content.decode()
    for words in ("Sample Guards", "Under review", "1 February 2018", "The Board decides"):
        assert words in page


def test_list_and_page_take_the_same_queries_for_1_and_30(officer, application):
    addresses = [of("application_changelist"), of("application_change", application.pk)]
    one = [queries(officer, address) for address in addresses]
    for number in range(29):
        factories.ApplicationStatusFactory()
        factories.ApplicationStatusFactory(
            application=application, valid_from=date(2010, 1, 1 + number), valid_to=date(2010, 1, 2 + number)
        )
    assert [queries(officer, address) for address in addresses] == one
    assert max(one) <= 12

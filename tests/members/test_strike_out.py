"""Rows struck out and brought back: what stays as known then, what goes on, what is refused by name."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from icoca_portal.lib.days import today
from members import figures, operations
from members.exceptions import (
    AlreadyEnded,
    CertificateStillRuns,
    DatesOverlap,
    LastState,
    NotAMember,
    NotStruckOut,
    OutsideItsTerm,
)
from members.models import Application, Directorship, RevenueBand
from tests import factories

pytestmark = pytest.mark.django_db

SOURCE: dict[str, Any] = {"source": "Sample minutes"}
WHY: dict[str, Any] = {"because": "Sample mistake"}


def of(name, *args):
    return reverse(f"admin:members_{name}", args=args)


@pytest.fixture
def company():
    return factories.MembershipFactory(organisation__name="Sample Guards").organisation


@pytest.fixture
def certificate(company):
    return factories.CertificateFactory(organisation=company, expires_on=date(2036, 1, 1), valid_to=date(2036, 1, 1))


def page_of(client, organisation):
    return " ".join(client.get(of("organisation_change", organisation.pk)).content.decode().split())


def members_of(day, known=None):
    return next(figure.value for figure in figures.figures(day, known) if figure.key == "members")


def test_a_membership_is_struck_out_and_restored_on_the_page(officer, company):
    row = company.memberships.get()
    before, day = timezone.now(), today()
    address = of("organisation_strike_out_membership", company.pk, row.pk)
    assert f'href="{address}"' in page_of(officer, company)
    assert officer.post(address, {}).status_code == 422
    assert officer.post(address, WHY).status_code == 302
    assert members_of(day) == 0
    assert members_of(day, before) == 1
    page = page_of(officer, company)
    assert "by Sample Officer, because: Sample mistake" in page
    restore = of("organisation_restore_membership", company.pk, row.pk)
    assert f'href="{restore}"' in page
    form = officer.get(restore).content.decode()
    assert 'value="2014-01-01"' in form
    assert '<option value="industry" selected>' in form
    typed = {"pillar": "industry", "category": "member", "valid_from": "2014-01-01", **SOURCE}
    assert officer.post(restore, typed).status_code == 302
    assert members_of(day) == 1
    second = officer.post(restore, typed)
    assert second.status_code == 422
    assert "“Sample Guards, Member (Industry)” holds on some of these days" in second.content.decode()
    assert company.memberships.filter(superseded_at=None).count() == 1


def test_a_row_corrected_before_it_was_struck_out_comes_back_with_its_own_values(officer, company, secretariat):
    first = company.memberships.get()
    second = operations.correct_membership(first, valid_from=date(2015, 1, 1), by=secretariat, **SOURCE)
    operations.strike_out_membership(second, by=secretariat, **WHY)
    address = f"{of('organisation_restore_membership', company.pk, second.pk)}?values_of={first.pk}"
    assert f'href="{address}"' in page_of(officer, company)
    assert 'value="2014-01-01"' in officer.get(address).content.decode()


def test_what_a_certificate_needs_is_not_struck_out(officer, company, certificate, secretariat):
    row = company.memberships.get()
    with pytest.raises(NotAMember, match="PSC"):
        operations.strike_out_membership(row, by=secretariat, **WHY)
    refused = officer.post(of("organisation_strike_out_membership", company.pk, row.pk), WHY)
    assert refused.status_code == 422
    assert "“Sample Guards, PSC.1, Valid”" in refused.content.decode()
    assert 'value="Sample mistake"' in refused.content.decode()
    operations.strike_out_certificate(certificate, by=secretariat, **WHY)
    operations.strike_out_membership(row, by=secretariat, **WHY)
    with pytest.raises(NotAMember):
        operations.restore_row(certificate, by=secretariat)
    with pytest.raises(OutsideItsTerm):
        operations.restore_row(certificate, valid_from=date(2000, 1, 1), by=secretariat)


def test_the_state_that_gave_way_goes_on_and_gives_way_again(company, certificate, secretariat):
    suspended = operations.change_certificate_state(
        certificate, state="suspended", on=date(2020, 1, 1), by=secretariat, **SOURCE
    )
    operations.strike_out_certificate(suspended, by=secretariat, **WHY)
    stands = company.certificates.get(superseded_at=None)
    assert (stands.state, stands.valid_to) == ("valid", date(2036, 1, 1))
    operations.restore_row(suspended, by=secretariat)
    rows = company.certificates.filter(superseded_at=None).order_by("valid_from")
    assert [(row.state, row.valid_to) for row in rows] == [
        ("valid", date(2020, 1, 1)),
        ("suspended", date(2036, 1, 1)),
    ]
    with pytest.raises(NotStruckOut):
        operations.restore_row(stands, by=secretariat)


def test_a_period_is_not_struck_out_from_under_a_membership_that_ended(company, certificate, secretariat):
    withdrawn = operations.change_certificate_state(
        certificate, state="withdrawn", on=date(2020, 1, 1), by=secretariat, **SOURCE
    )
    operations.end_membership(company.memberships.get(), on=date(2020, 1, 1), by=secretariat, **SOURCE)
    with pytest.raises(CertificateStillRuns):
        operations.strike_out_certificate(withdrawn, by=secretariat, **WHY)


def test_a_profile_that_gave_way_goes_on_and_days_taken_meanwhile_are_refused(company, secretariat):
    said = {"headquarters": "CH", "by": secretariat, **SOURCE}
    operations.record_profile(company, environment="land", valid_from=date(2015, 1, 1), **said)
    wrong = operations.record_profile(company, environment="sea", valid_from=date(2017, 1, 1), **said)
    operations.strike_out_profile(wrong, by=secretariat, **WHY)
    assert company.profiles.get(superseded_at=None).valid_to is None
    operations.record_profile(company, environment="both", valid_from=date(2018, 1, 1), **said)
    with pytest.raises(DatesOverlap, match="Sample Guards, profile"):
        operations.restore_row(wrong, by=secretariat)
    with pytest.raises(AlreadyEnded):
        operations.strike_out_profile(wrong, by=secretariat, **WHY)


def test_a_participation_is_struck_out(officer):
    row = factories.ParticipationFactory()
    officer.post(of("organisation_strike_out_participation", row.organisation_id, row.pk), WHY)
    row.refresh_from_db()
    assert row.struck_because == "Sample mistake"
    typed = {"valid_from": row.valid_from.isoformat(), **SOURCE}
    assert officer.post(of("organisation_restore_participation", row.organisation_id, row.pk), typed).status_code == 302


# Applications


@pytest.fixture
def application(company, secretariat):
    society = factories.OrganisationFactory(kind="civil society")
    application = operations.receive_application(
        society, kind="membership", pillar="civil society", received_on=date(2018, 1, 1), by=secretariat, **SOURCE
    )
    operations.begin_review(application, on=date(2018, 2, 1), by=secretariat, **SOURCE)
    return application


def states(application: Application):
    rows = application.statuses.filter(superseded_at=None).order_by("valid_from")
    return [(row.state, row.valid_to) for row in rows]


def test_an_approval_by_mistake_is_struck_out_and_the_review_goes_on(officer, application, secretariat):
    approved = operations.approve_application(application, on=date(2018, 3, 1), by=secretariat, **SOURCE)
    assert "Strike out" in officer.get(of("application_change", application.pk)).content.decode()
    address = of("application_strike_out_application_status", application.pk, approved.pk)
    assert officer.post(address, WHY)["Location"] == of("application_change", application.pk)
    assert states(application) == [("received", date(2018, 2, 1)), ("under review", None)]
    # What the approval opened is a row of its own.
    assert application.organisation.memberships.filter(superseded_at=None).exists()


def test_an_application_keeps_a_state(application, secretariat):
    received, review = application.statuses.filter(superseded_at=None).order_by("valid_from")
    operations.strike_out_application_status(received, by=secretariat, **WHY)
    with pytest.raises(LastState, match="would be in no state"):
        operations.strike_out_application_status(review, by=secretariat, **WHY)
    assert states(application) == [("under review", None)]


# The Board and the revenue bands


def test_a_directorship_is_struck_out_and_restored(officer):
    row = factories.DirectorshipFactory(user=None, person_name="Sample Director")
    assert officer.post(of("directorship_strike_out_directorship", row.pk), WHY).status_code == 302
    assert not Directorship.objects.as_of(today()).exists()
    page = officer.get(of("directorship_change", row.pk)).content.decode()
    restore = of("directorship_restore_directorship", row.pk)
    assert f'href="{restore}"' in page
    assert "Sample mistake" in page
    typed = {
        "person_name": row.person_name, "pillar": row.pillar, "valid_from": row.valid_from.isoformat(), **SOURCE
    }  # fmt: skip
    assert officer.post(restore, typed).status_code == 302
    assert Directorship.objects.as_of(today()).get().source == "Sample minutes"


def test_a_revenue_band_is_corrected_struck_out_and_restored(officer, secretariat):
    said = {"size": "small", "lower": 0, "by": secretariat, **SOURCE}
    first = operations.record_revenue_band(upper=20, valid_from=date(2010, 1, 1), **said)
    operations.record_revenue_band(upper=25, valid_from=date(2020, 1, 1), **said)
    later = RevenueBand.objects.get(superseded_at=None, upper=25)
    typed = {"size": "small", "lower": "0", "upper": "30", "valid_from": "2021-01-01", **SOURCE}
    taken = officer.post(of("revenueband_correct", later.pk), {**typed, "valid_from": "2015-01-01"})
    assert taken.status_code == 422
    assert "“0–20 million USD” holds on some of these days" in taken.content.decode()
    assert officer.post(of("revenueband_correct", later.pk), typed).status_code == 302
    later = RevenueBand.objects.get(superseded_at=None, valid_from=date(2021, 1, 1))
    assert officer.post(of("revenueband_strike_out_revenue_band", later.pk), WHY).status_code == 302
    assert officer.post(of("revenueband_restore_revenue_band", later.pk), typed).status_code == 302
    assert [band.upper for band in RevenueBand.objects.filter(superseded_at=None).order_by("valid_from")] == [20, 30]
    assert officer.get(of("revenueband_restore_revenue_band", first.pk)).status_code == 404


def test_a_standard_is_not_overwritten_and_its_history_holds_both_texts(officer):
    standard = factories.StandardFactory(code="Sample 1", title="Sample title")
    address = of("standard_change", standard.pk)
    typed = {"code": standard.code, "title": "Sample other title", "seen_version": "1"}
    assert officer.post(address, typed).status_code == 302
    assert officer.post(address, {**typed, "title": "Sample third title"}).status_code == 409
    history = officer.get(of("standard_history", standard.pk)).content.decode()
    assert "“Sample title” became “Sample other title”" in history


def test_whoever_may_not_record_strikes_nothing_out(officer, company, secretariat_group):
    secretariat_group.permissions.remove(*secretariat_group.permissions.filter(codename="add_membership"))
    row = company.memberships.get()
    for step in ("strike_out_membership", "restore_membership"):
        assert officer.post(of(f"organisation_{step}", company.pk, row.pk), WHY).status_code == 403

"""Dated rows and roles: what is recorded, what is refused, and that nothing is rewritten."""

from datetime import date, timedelta

import pytest

from icoca_portal.lib.days import today
from icoca_portal.outbox.models import Message
from members import operations
from members.exceptions import (
    AccountClosed,
    AddressTaken,
    AlreadyEnded,
    DatesOverlap,
    EndsBeforeItBegins,
    NoRole,
    OwnAccount,
)
from members.models import Delegate, Directorship, Organisation, Participation, User
from tests import factories

FOCAL, READER = Delegate.Role.FOCAL_POINT, Delegate.Role.READER


@pytest.fixture
def organisation(db):
    return factories.OrganisationFactory(name="Sample State")


def record(organisation, by, **dates):
    return operations.record_participation(organisation, source="Sample letter", by=by, **dates)


def test_record_participation_counts_from_its_day_on(organisation, secretariat):
    row = record(organisation, secretariat, valid_from=date(2010, 5, 1))
    assert row.recorded_by == secretariat
    assert not Organisation.objects.participants(date(2010, 4, 30)).exists()
    assert Organisation.objects.participants(date(2010, 5, 1)).get() == organisation


def test_record_participation_refuses_days_that_another_row_covers(organisation, secretariat):
    record(organisation, secretariat, valid_from=date(2010, 1, 1), valid_to=date(2012, 1, 1))
    with pytest.raises(DatesOverlap):
        record(organisation, secretariat, valid_from=date(2011, 12, 31))
    record(organisation, secretariat, valid_from=date(2012, 1, 1))
    assert Participation.objects.count() == 2


def test_record_participation_refuses_an_end_before_the_beginning(organisation, secretariat):
    with pytest.raises(EndsBeforeItBegins):
        record(organisation, secretariat, valid_from=date(2010, 1, 1), valid_to=date(2010, 1, 1))


def test_end_participation_keeps_the_row_and_what_was_known_then(organisation, secretariat):
    row = record(organisation, secretariat, valid_from=date(2010, 1, 1))
    ended = operations.end_participation(row, on=date(2020, 1, 1), source="Sample notice", by=secretariat)
    row.refresh_from_db()
    assert (row.valid_to, row.superseded_by) == (None, ended)
    assert row.superseded_at == ended.recorded_at
    assert (ended.valid_to, ended.source) == (date(2020, 1, 1), "Sample notice")
    assert not Participation.objects.as_of(date(2020, 1, 1)).exists()
    assert Participation.objects.as_of(date(2019, 12, 31)).get() == ended
    before = ended.recorded_at - timedelta(microseconds=1)
    assert Participation.objects.as_of(date(2020, 1, 1), known=before).get() == row


def test_end_participation_happens_once(organisation, secretariat):
    row = record(organisation, secretariat, valid_from=date(2010, 1, 1))
    ended = operations.end_participation(row, on=date(2020, 1, 1), source="Sample", by=secretariat)
    for again in (row, ended):
        with pytest.raises(AlreadyEnded):
            operations.end_participation(again, on=date(2021, 1, 1), source="Sample", by=secretariat)
    assert Participation.objects.count() == 2


def test_a_refused_end_changes_nothing(organisation, secretariat):
    row = record(organisation, secretariat, valid_from=date(2010, 1, 1))
    with pytest.raises(EndsBeforeItBegins):
        operations.end_participation(row, on=date(2010, 1, 1), source="Sample", by=secretariat)
    row.refresh_from_db()
    assert row.superseded_at is None


def test_correct_participation_replaces_the_days(organisation, secretariat):
    row = record(organisation, secretariat, valid_from=date(2010, 1, 1))
    new = operations.correct_participation(
        row, valid_from=date(2009, 1, 1), valid_to=None, source="Sample register", by=secretariat
    )
    assert Participation.objects.as_of(date(2009, 6, 1)).get() == new
    with pytest.raises(AlreadyEnded):
        operations.correct_participation(
            row, valid_from=date(2008, 1, 1), valid_to=None, source="Sample", by=secretariat
        )


def test_a_director_sits_once_at_a_time(secretariat):
    person = factories.UserFactory()

    def seat(**fields):
        return operations.record_directorship(
            person_name=person.name, pillar=Directorship.Pillar.INDUSTRY, source="Sample", by=secretariat, **fields
        )

    row = seat(user=person, valid_from=date(2015, 1, 1))
    with pytest.raises(DatesOverlap):
        seat(user=person, valid_from=date(2016, 1, 1))
    assert person.standing.is_director
    operations.end_directorship(row, on=today(), source="Sample", by=secretariat)
    assert not User.objects.get(pk=person.pk).standing.is_director
    seat(valid_from=date(2015, 1, 1))
    with pytest.raises(DatesOverlap):
        seat(valid_from=date(2016, 1, 1))


def test_correct_directorship_keeps_the_wrong_row(secretariat):
    row = factories.DirectorshipFactory(pillar=Directorship.Pillar.INDUSTRY)
    new = operations.correct_directorship(
        row, pillar=Directorship.Pillar.GOVERNMENT, source="Sample minutes", by=secretariat
    )
    row.refresh_from_db()
    assert (row.pillar, row.superseded_by) == (Directorship.Pillar.INDUSTRY, new)
    assert (new.pillar, new.user_id, new.valid_from) == (Directorship.Pillar.GOVERNMENT, row.user_id, row.valid_from)


def test_appoint_delegate_gives_rights_from_the_day_on(delegation, secretariat):
    user = factories.UserFactory()
    operations.appoint_delegate(
        delegation, user=user, role=FOCAL, by=secretariat, valid_from=today() + timedelta(days=1)
    )
    assert user.standing.delegate is None
    other = factories.UserFactory()
    row = operations.appoint_delegate(delegation, user=other, role=READER, by=secretariat)
    assert other.standing.delegate == row
    assert row.recorded_by == secretariat


def test_appoint_delegate_refuses_a_second_delegation(delegation, other_delegation, focal_point, secretariat):
    with pytest.raises(DatesOverlap):
        operations.appoint_delegate(other_delegation, user=focal_point, role=READER, by=secretariat)


def test_appoint_delegate_refuses_a_closed_account(delegation, secretariat):
    closed = factories.UserFactory(is_active=False)
    with pytest.raises(AccountClosed):
        operations.appoint_delegate(delegation, user=closed, role=READER, by=secretariat)


def test_end_appointment_ends_rights_the_same_day(focal_point, other_delegation, secretariat):
    row = operations.end_appointment(focal_point.appointments.get(), by=secretariat)
    assert (row.valid_to, row.ended_by) == (today(), secretariat)
    assert User.objects.get(pk=focal_point.pk).standing.delegate is None
    with pytest.raises(AlreadyEnded):
        operations.end_appointment(row, by=secretariat)
    operations.appoint_delegate(other_delegation, user=focal_point, role=READER, by=secretariat)


def test_end_appointment_refuses_a_day_before_the_beginning(focal_point, secretariat):
    with pytest.raises(EndsBeforeItBegins):
        operations.end_appointment(focal_point.appointments.get(), on=date(2014, 12, 31), by=secretariat)


def test_an_appointment_of_today_can_be_taken_back(delegation, other_delegation, secretariat):
    user = factories.UserFactory()
    row = operations.appoint_delegate(delegation, user=user, role=FOCAL, by=secretariat)
    operations.end_appointment(row, by=secretariat)
    assert user.standing.delegate is None
    operations.appoint_delegate(other_delegation, user=user, role=FOCAL, by=secretariat)


def test_change_role_ends_one_row_and_begins_the_next(focal_point, secretariat):
    old = focal_point.appointments.get()
    new = operations.change_role(old, role=READER, by=secretariat)
    old.refresh_from_db()
    assert (old.valid_to, old.role, new.valid_from, new.valid_to) == (today(), FOCAL, today(), None)
    assert User.objects.get(pk=focal_point.pk).standing.role == READER
    assert operations.change_role(new, role=READER, by=secretariat) == new


def test_invite_person_queues_a_link_in_their_language(delegation, secretariat):
    user = factories.UserFactory(language="fr")
    factories.DelegateFactory(user=user, delegation=delegation)
    operations.invite_person(user, by=secretariat)
    message = Message.objects.get(recipient=user.email)
    user.refresh_from_db()
    assert user.invited_by == secretariat
    assert (message.language, message.confidential) == ("fr", True)
    assert "/accounts/password/reset/key/" in message.text


def test_invite_person_refuses_who_could_not_sign_in(secretariat):
    with pytest.raises(NoRole):
        operations.invite_person(factories.UserFactory(), by=secretariat)
    with pytest.raises(AccountClosed):
        operations.invite_person(factories.UserFactory(is_active=False), by=secretariat)
    assert not Message.objects.exists()


def test_close_account_and_open_account(focal_point, secretariat):
    closed = operations.close_account(focal_point, by=secretariat)
    assert (closed.is_active, closed.closed_by) == (False, secretariat)
    opened = operations.open_account(closed, by=secretariat)
    assert (opened.is_active, opened.closed_at) == (True, None)


def test_nobody_closes_their_own_account(secretariat):
    with pytest.raises(OwnAccount):
        operations.close_account(secretariat, by=secretariat)


def test_change_address_frees_the_old_one(focal_point, secretariat):
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=focal_point, email=focal_point.email, primary=True, verified=True)
    user = operations.change_address(focal_point, email="New@Sample.Example", by=secretariat)
    assert user.email == "new@sample.example"
    assert not EmailAddress.objects.filter(email="focal.ch@sample.example").exists()
    with pytest.raises(AddressTaken):
        operations.change_address(user, email=secretariat.email, by=secretariat)


def test_remove_second_factor_tells_the_person(secretariat, superuser):
    operations.remove_second_factor(secretariat, by=superuser)
    assert not secretariat.authenticator_set.exists()
    assert Message.objects.filter(recipient=secretariat.email).exists()

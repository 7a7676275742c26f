"""Focal points reply and register: what the operations allow, refuse, note and tell."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from icoca_portal.outbox.models import Message
from icoca_portal.outbox.operations import send_next
from meetings import operations, registering
from meetings.exceptions import (
    HeadRegisteredAlready,
    PersonRegisteredAlready,
    RegistrationChangedMeanwhile,
    RegistrationClosed,
    ReplyChangedMeanwhile,
    WayOfAttendingNotOffered,
)
from meetings.models import Meeting, Registration, RegistrationChange
from tests import factories
from tests.meetings.inviting import CLOSES, DAY, INVITED, convened, invite, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(delegation, focal_point, officer):
    with time_machine.travel(INVITED, tick=False):
        return invite(convened(), delegation, by=officer)[0]


@pytest.fixture
def _now(invitation):
    with time_machine.travel(INVITED + timedelta(days=1), tick=False):
        yield


def log(invitation):
    rows = RegistrationChange.objects.filter(meeting=invitation.meeting, delegation=invitation.delegation)
    return [(row.what, row.person_name, registering.change_in_words(row)) for row in rows.exclude(what="invited")]


def replaced(invitation):
    """What the latest change of a delegation replaced, as a reader sees it."""
    row = RegistrationChange.objects.filter(delegation=invitation.delegation).latest("pk")
    return [(one.label, one.before, one.after) for one in registering.changed_values(row)]


def register(invitation, by, name="Sample Ada", **facts) -> Registration:
    return operations.register_person(invitation, person=person(name, **facts), by=by)


@pytest.mark.usefixtures("_now")
class TestBeforeTheDeadline:
    def test_the_reply_is_kept_with_who_and_when(self, invitation, focal_point):
        row = operations.reply_invitation(invitation, reply="attends", note="Sample  note", seen=None, by=focal_point)
        assert (row.reply, row.note, row.replied_by, row.replied_at) == (
            "attends", "Sample note", focal_point, timezone.now(),
        )  # fmt: skip
        assert log(invitation) == [("attends", "", "")]

    def test_the_same_reply_again_changes_and_tells_nothing(self, invitation, focal_point):
        for _time in range(2):
            operations.reply_invitation(invitation, reply="attends", seen=None, by=focal_point)
        assert len(log(invitation)) == 1

    def test_a_reply_from_an_old_page_overwrites_nobody(self, invitation, focal_point, officer):
        first = operations.reply_invitation(invitation, reply="attends", seen=None, by=officer)
        with pytest.raises(ReplyChangedMeanwhile) as refused:
            operations.reply_invitation(invitation, reply="declines", seen=None, by=focal_point)
        assert refused.value.stored.reply == "attends"
        operations.reply_invitation(invitation, reply="declines", seen=first.replied_at, by=focal_point)
        invitation.refresh_from_db()
        assert invitation.reply == "declines"

    def test_who_declines_withdraws_everybody(self, invitation, focal_point):
        row = register(invitation, focal_point, dietary_needs="Sample diet")
        invitation.refresh_from_db()
        operations.reply_invitation(invitation, reply="declines", seen=invitation.replied_at, by=focal_point)
        row.refresh_from_db()
        assert row.withdrawn_at == timezone.now()
        assert row.dietary_needs == ""
        assert [what for what, _name, _words in log(invitation)] == ["attends", "added", "declines", "withdrawn"]

    def test_registering_somebody_says_that_the_delegation_attends(self, invitation, focal_point):
        operations.reply_invitation(invitation, reply="declines", seen=None, by=focal_point)
        register(invitation, focal_point)
        invitation.refresh_from_db()
        assert invitation.reply == "attends"

    def test_a_name_is_registered_once(self, invitation, focal_point):
        register(invitation, focal_point)
        with pytest.raises(PersonRegisteredAlready):
            register(invitation, focal_point, "sample  ADA")
        assert Registration.objects.count() == 1

    def test_a_delegation_has_one_head(self, invitation, focal_point):
        first = register(invitation, focal_point, capacity="head")
        with pytest.raises(HeadRegisteredAlready, match="Sample Ada is the head of the delegation"):
            register(invitation, focal_point, "Sample Ben", capacity="head")
        second = register(invitation, focal_point, "Sample Ben")
        with pytest.raises(HeadRegisteredAlready):
            operations.change_registration(
                second, seen_version=1, person=person("Sample Ben", capacity="head"), by=focal_point
            )
        operations.withdraw_registration(first, seen_version=1, by=focal_point)
        operations.change_registration(
            second, seen_version=1, person=person("Sample Ben", capacity="head"), by=focal_point
        )

    @pytest.mark.parametrize(
        ("held", "taken", "refused"), [("in person", "in person", "online"), ("online", "online", "in person")]
    )
    def test_the_way_of_attending_is_one_that_the_meeting_offers(self, invitation, focal_point, held, taken, refused):
        Meeting.objects.update(mode=held)
        register(invitation, focal_point, mode=taken)
        with pytest.raises(WayOfAttendingNotOffered):
            register(invitation, focal_point, "Sample Ben", mode=refused)

    def test_who_registered_before_the_meeting_changed_its_form_keeps_their_place(self, invitation, focal_point):
        row = register(invitation, focal_point)
        Meeting.objects.update(mode="online")
        changed = operations.change_registration(
            row, seen_version=1, person=person(function="Sample office"), by=focal_point
        )
        assert (changed.function, changed.mode) == ("Sample office", "in person")

    def test_a_change_says_which_facts_and_never_the_needs(self, invitation, focal_point):
        row = register(invitation, focal_point)
        operations.change_registration(
            row,
            seen_version=1,
            person=person("Sample Eve", access_needs="A very private need", email="eve@sample.example"),
            by=focal_point,
        )
        assert log(invitation)[-1] == ("changed", "Sample Eve", "Changed: needs.")
        assert replaced(invitation) == [
            ("name", "Sample Ada", "Sample Eve"), ("e-mail", "", "eve@sample.example"),
        ]  # fmt: skip
        stored = str(list(RegistrationChange.objects.values_list())) + str(list(Message.objects.values_list()))
        assert "private need" not in stored

    def test_a_change_holds_what_was_before_in_the_words_of_the_form(self, invitation, focal_point):
        row = register(invitation, focal_point, function="Sample deputy")
        operations.change_registration(
            row,
            seen_version=1,
            person=person(function="Sample director", capacity="head", mode="online"),
            by=focal_point,
        )
        assert replaced(invitation) == [
            ("function", "Sample deputy", "Sample director"),
            ("capacity", "Member of the delegation", "Head of delegation"),
            ("in person or online", "In person", "Online"),
        ]  # fmt: skip
        assert log(invitation)[-1] == ("changed", "Sample Ada", "")

    def test_the_longest_values_are_kept_whole(self, invitation, focal_point):
        before, after = "a" * 150, "b" * 150
        row = register(invitation, focal_point, before, function=before, email=f"{'a' * 60}@{'a' * 60}.example")
        new = person(after, function=after, email=f"{'b' * 60}@{'b' * 60}.example")
        operations.change_registration(row, seen_version=1, person=new, by=focal_point)
        assert replaced(invitation)[:2] == [("name", before, after), ("function", before, after)]

    def test_a_reply_holds_the_one_before_it_and_its_note(self, invitation, focal_point):
        first = operations.reply_invitation(invitation, reply="declines", note="none", seen=None, by=focal_point)
        assert replaced(invitation) == [("note", "", "none")]
        operations.reply_invitation(invitation, reply="attends", seen=first.replied_at, by=focal_point)
        assert replaced(invitation) == [("reply", "Does not attend", "Attends"), ("note", "none", "")]

    def test_changes_noted_before_there_were_values_read_as_they_did(self, invitation, focal_point):
        RegistrationChange.objects.create(
            meeting=invitation.meeting,
            delegation=invitation.delegation,
            what="changed",
            person_name="Sample Eve",
            detail="person_name\nneeds\nbefore:Sample Ada\nlate",
            by=focal_point,
        )
        words = "Changed: name, needs. Before: Sample Ada. After the deadline."
        assert log(invitation) == [("changed", "Sample Eve", words)]
        assert replaced(invitation) == []

    def test_what_is_the_same_is_no_change(self, invitation, focal_point):
        row = register(invitation, focal_point)
        before = log(invitation)
        assert operations.change_registration(row, seen_version=1, person=person(), by=focal_point).version == 1
        assert log(invitation) == before

    def test_two_people_at_once_overwrite_nobody(self, invitation, focal_point, officer):
        row = register(invitation, focal_point)
        operations.change_registration(row, seen_version=1, person=person(function="Theirs"), by=officer)
        with pytest.raises(RegistrationChangedMeanwhile) as refused:
            operations.change_registration(row, seen_version=1, person=person(function="Mine"), by=focal_point)
        assert refused.value.stored.function == "Theirs"
        operations.change_registration(row, seen_version=2, person=person(function="Mine"), by=focal_point)
        row.refresh_from_db()
        assert row.function == "Mine"

    def test_who_was_withdrawn_is_not_changed_and_may_be_registered_again(self, invitation, focal_point):
        row = register(invitation, focal_point)
        for _time in range(2):
            operations.withdraw_registration(row, seen_version=1, by=focal_point)
        with pytest.raises(RegistrationChangedMeanwhile):
            operations.change_registration(row, seen_version=2, person=person(), by=focal_point)
        register(invitation, focal_point)
        assert [what for what, _name, _words in log(invitation)] == ["attends", "added", "withdrawn", "added"]

    def test_what_was_changed_is_not_withdrawn_from_an_old_page(self, invitation, focal_point):
        row = register(invitation, focal_point)
        operations.change_registration(row, seen_version=1, person=person(function="Theirs"), by=focal_point)
        with pytest.raises(RegistrationChangedMeanwhile):
            operations.withdraw_registration(row, seen_version=1, by=focal_point)

    def test_the_confirmation_says_once_how_things_stand_when_it_is_quiet(self, invitation, focal_point, contributor):
        register(invitation, focal_point, dietary_needs="Sample diet", function="Sample office")
        register(invitation, focal_point, "Sample Ben", mode="online")
        confirmations = Message.objects.filter(key__startswith="registration-confirmed:")
        assert [message.recipient for message in confirmations] == [focal_point.email]
        text = confirmations[0].text
        assert "Sample Ada, Sample office (Member of the delegation, In person; needs noted)" in text
        assert "Sample Ben (Member of the delegation, Online)" in text
        assert "Sample diet" not in text
        assert confirmations[0].next_attempt_at == timezone.now() + timedelta(minutes=3)

    def test_a_confirmation_that_was_sent_stays_and_the_next_change_has_its_own(self, invitation, focal_point):
        row = register(invitation, focal_point)
        confirmations = Message.objects.filter(key__startswith="registration-confirmed:")
        confirmations.update(state="sent", sent_at=timezone.now())
        operations.withdraw_registration(row, seen_version=1, by=focal_point)
        assert confirmations.count() == 2
        assert "Nobody is named yet." in confirmations.get(state="queued").text


class TestTheDeadline:
    def test_it_holds_to_the_second(self, invitation, focal_point):
        with time_machine.travel(CLOSES - timedelta(seconds=1), tick=False):
            row = register(invitation, focal_point)
        with time_machine.travel(CLOSES, tick=False):
            for act in (
                lambda: register(invitation, focal_point, "Sample Ben"),
                lambda: operations.reply_invitation(invitation, reply="declines", seen=None, by=focal_point),
                lambda: operations.change_registration(
                    row, seen_version=1, person=person(function="x"), by=focal_point
                ),
                lambda: operations.withdraw_registration(row, seen_version=1, by=focal_point),
            ):
                with pytest.raises(RegistrationClosed, match="Write to the secretariat"):
                    act()
        assert Registration.objects.standing().count() == 1

    @pytest.mark.parametrize(("hour", "closes"), [("15:00", "15:00"), (None, "00:00")])
    def test_without_one_it_is_when_the_meeting_begins_where_it_is_held(self, hour, closes):
        meeting = convened(registration_until=None, starts_at=hour, time_zone="America/New_York")
        meeting.refresh_from_db()
        assert meeting.registration_closes.isoformat() == f"{DAY}T{closes}:00-04:00"

    def test_a_meeting_that_was_moved_forward_closes_the_registration_when_it_begins(self):
        meeting = convened(date=CLOSES.date() - timedelta(days=1))
        assert meeting.registration_closes == meeting.begins

    def test_the_secretariat_registers_late_and_it_is_noted(self, invitation, secretariat, focal_point):
        with time_machine.travel(CLOSES + timedelta(hours=1), tick=False):
            register(invitation, secretariat)
        assert log(invitation) == [
            ("attends", "", "After the deadline."), ("added", "Sample Ada", "After the deadline."),
        ]  # fmt: skip

    @pytest.mark.parametrize("state", ["cancelled", "closed", "planned"])
    def test_a_meeting_that_takes_place_no_more_takes_nobody(self, invitation, focal_point, secretariat, state):
        Meeting.objects.update(state=state)
        with time_machine.travel(INVITED, tick=False):
            for who in (focal_point, secretariat):
                with pytest.raises(RegistrationClosed):
                    register(invitation, who)


class TestNeedsAreDeleted:
    def test_thirty_days_after_the_meeting_and_not_before(self, invitation, focal_point):
        with time_machine.travel(INVITED, tick=False):
            row = register(invitation, focal_point, dietary_needs="Sample diet", access_needs="Sample access")
        after = datetime(2018, 10, 10, 12, tzinfo=timezone.get_default_timezone())
        assert operations.clear_needs(after + timedelta(days=29)) == 0
        row.refresh_from_db()
        assert row.dietary_needs == "Sample diet"
        assert operations.clear_needs(after + timedelta(days=30)) == 1
        assert operations.clear_needs(after + timedelta(days=31)) == 0
        row.refresh_from_db()
        assert (row.dietary_needs, row.access_needs, row.person_name) == ("", "", "Sample Ada")
        assert Meeting.objects.get().needs_cleared_at == after + timedelta(days=30)

    def test_none_is_taken_afterwards(self, invitation, secretariat):
        Meeting.objects.update(needs_cleared_at=timezone.now(), state="held")
        row = register(invitation, secretariat, dietary_needs="Sample diet")
        assert row.dietary_needs == ""

    def test_of_a_meeting_cancelled_without_a_date_too(self, invitation, focal_point):
        with time_machine.travel(INVITED, tick=False):
            row = register(invitation, focal_point, dietary_needs="Sample diet")
            Meeting.objects.update(
                state="cancelled", date=None, starts_at=None, date_note="Never", changed_at=timezone.now()
            )
        assert operations.clear_needs(INVITED + timedelta(days=29)) == 0
        assert operations.clear_needs(INVITED + timedelta(days=30)) == 1
        row.refresh_from_db()
        assert row.dietary_needs == ""


def test_who_is_expected_stands_ready_for_the_attendance(invitation, focal_point, other_delegation, officer):
    silent = factories.DelegationFactory(organisation__name="Sample silent land")
    with time_machine.travel(INVITED, tick=False):
        other = invite(invitation.meeting, other_delegation, silent, by=officer)[0]
        register(invitation, focal_point, "Sample Ben", mode="online")
        register(invitation, focal_point, "Sample Ada", capacity="head", mode="online")
        operations.reply_invitation(other, reply="attends", seen=None, by=officer)
    found = registering.expected(invitation.meeting)
    assert [(str(row.delegation), row.names, row.mode) for row in found] == [
        ("Sweden", "", "in person"), ("Switzerland", "Sample Ada, Sample Ben", "online"),
    ]  # fmt: skip


def test_the_worker_sends_a_confirmation_once_it_is_quiet(invitation, focal_point, settings):
    with time_machine.travel(INVITED, tick=False):
        Message.objects.update(state="sent", sent_at=timezone.now())
        register(invitation, focal_point)
        assert send_next(timezone.now() + timedelta(minutes=2)) is None
        assert Message.objects.due_at(timezone.now() + timedelta(minutes=3)).count() == 1

"""Invitations, the board of replies, reminders by hand and by the clock, and the list of everybody registered."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from zipfile import ZipFile

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from icoca_portal.lib.days import today
from icoca_portal.outbox.models import Message
from meetings import operations, registering
from meetings.exceptions import (
    MeetingInAnotherState,
    MeetingKeptFromParticipants,
    NobodyToRemind,
    RegistrationClosed,
    RegistrationUntilPast,
)
from meetings.models import Invitation, Meeting, Step
from members.models import Delegation
from tests import factories
from tests.counting import queries
from tests.meetings.inviting import CLOSES, GENEVA, INVITED, convened, invite, person, told

pytestmark = pytest.mark.django_db
MORNING = datetime(2018, 9, 28, 8, tzinfo=GENEVA)
"""08:00 in Geneva, three days before the deadline."""


def admin(name: str, meeting: Meeting) -> str:
    return reverse(f"admin:meetings_meeting_{name}", args=[meeting.pk])


def body(response):
    return " ".join(response.content.decode().split())


def coming(**options) -> Meeting:
    """A meeting to come, counted from today: for pages."""
    day = today() + timedelta(days=30)
    return convened(date=day, registration_until=timezone.now() + timedelta(days=10), **options)


# Inviting


@time_machine.travel(INVITED, tick=False)
def test_the_focal_points_are_told_when_where_and_until_when(delegation, focal_point, contributor, reader, officer):
    meeting = convened(registration_note="Sample note on the entrance")
    invite(meeting, delegation, by=officer)
    assert told("delegation-invited") == [focal_point.email]
    text = Message.objects.get(key__startswith="delegation-invited:").text
    assert "Date: 10 October 2018" in text
    assert "Monday 1 October 2018, 18:00 Geneva" in text
    assert "/meetings/icoca/10/registration/" in text
    assert "Sample note on the entrance" in text
    assert Step.objects.get(what="invited").note == "1 delegation"


@time_machine.travel(INVITED, tick=False)
def test_only_who_was_not_invited_yet_is_told(delegation, focal_point, other_delegation, other_focal_point, officer):
    meeting = convened()
    invite(meeting, delegation, by=officer)
    organisations = [delegation.organisation, other_delegation.organisation]
    assert operations.invite_delegations(meeting, organisations, by=officer) == [other_delegation]
    assert operations.invite_delegations(meeting, organisations, by=officer) == []
    assert told("delegation-invited") == [focal_point.email, other_focal_point.email]
    assert Step.objects.filter(what="invited").count() == 2


@time_machine.travel(INVITED, tick=False)
def test_a_participant_without_a_delegation_gets_one(officer):
    organisation = factories.OrganisationFactory()
    operations.invite_delegations(convened(), [organisation], by=officer)
    assert Invitation.objects.get().delegation == Delegation.objects.get(organisation=organisation)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"state": "planned"}, MeetingInAnotherState),
        ({"state": "cancelled"}, MeetingInAnotherState),
        ({"visibility": "secretariat"}, MeetingKeptFromParticipants),
        ({"registration_until": INVITED}, RegistrationClosed),
    ],
)
@time_machine.travel(INVITED, tick=False)
def test_nobody_is_invited_to_what_takes_no_registration(delegation, officer, facts, refusal):
    with pytest.raises(refusal):
        operations.invite_delegations(convened(**facts), [delegation.organisation], by=officer)
    assert not Invitation.objects.exists()
    assert not told("delegation-invited")


def test_convening_invites_nobody(planned, officer, delegation, focal_point):
    operations.convene_meeting(planned, by=officer)
    assert not Invitation.objects.exists()


# The deadline


@time_machine.travel(INVITED, tick=False)
def test_a_moved_deadline_is_told_to_the_invited(delegation, focal_point, officer):
    meeting = convened()
    invite(meeting, delegation, by=officer)
    operations.set_registration(meeting, until=CLOSES, note="Only a note", by=officer)
    assert told("registration-moved") == []
    operations.set_registration(meeting, until=None, by=officer)
    assert told("registration-moved") == [focal_point.email]
    assert "15:00 Geneva" in Message.objects.get(key__startswith="registration-moved:").text


@pytest.mark.parametrize("until", [INVITED, datetime(2018, 10, 10, 15, 0, 1, tzinfo=GENEVA)])
@time_machine.travel(INVITED, tick=False)
def test_a_deadline_is_to_come_and_before_the_meeting(officer, until):
    with pytest.raises(RegistrationUntilPast):
        operations.set_registration(convened(), until=until, by=officer)


# Reminders by hand


@time_machine.travel(INVITED, tick=False)
def test_who_has_not_replied_is_reminded_once_a_push(
    delegation, focal_point, other_delegation, other_focal_point, officer
):
    meeting = convened()
    mine, _other = invite(meeting, delegation, other_delegation, by=officer)
    operations.reply_invitation(mine, reply="declines", seen=None, by=focal_point)
    assert operations.remind_invited(meeting, by=officer) == 1
    with pytest.raises(NobodyToRemind):
        operations.remind_invited(meeting, by=officer)
    assert told("registration-due") == [other_focal_point.email]
    assert Invitation.objects.get(delegation=other_delegation).reminded_at == timezone.now()


# Reminders by the clock


@pytest.fixture
def invitation(delegation, focal_point, officer):
    with time_machine.travel(INVITED, tick=False):
        return invite(convened(), delegation, by=officer)[0]


def remind(moment):
    with time_machine.travel(moment, tick=False):
        return operations.send_due_registration_reminders(moment)


def test_in_the_morning_three_days_before_and_once(invitation, focal_point):
    assert remind(MORNING - timedelta(seconds=1)) == 0
    assert remind(MORNING) == 1
    assert remind(MORNING + timedelta(seconds=30)) == 0
    assert remind(MORNING + timedelta(hours=14)) == 0
    assert remind(MORNING + timedelta(days=1)) == 0
    assert told("registration-due") == [focal_point.email]


def test_each_focal_point_in_their_own_morning(invitation, focal_point, delegation):
    other = factories.UserFactory(time_zone="America/New_York")
    factories.DelegateFactory(user=other, delegation=delegation, role="focal point")
    assert remind(MORNING) == 1
    assert remind(MORNING + timedelta(hours=5, minutes=59)) == 0
    assert remind(MORNING + timedelta(hours=6)) == 1
    assert told("registration-due") == sorted([focal_point.email, other.email])


@pytest.mark.parametrize(
    "change",
    [
        {"state": "cancelled"},
        {"state": "planned"},
        {"registration_until": CLOSES + timedelta(days=2)},
        {"registration_until": MORNING},
    ],
)
def test_not_for_a_meeting_that_is_cancelled_postponed_or_over(invitation, change):
    Meeting.objects.update(**change)
    assert remind(MORNING) == 0


@pytest.mark.parametrize("reply", ["attends", "declines"])
def test_never_after_a_reply(invitation, focal_point, reply):
    with time_machine.travel(INVITED, tick=False):
        operations.reply_invitation(invitation, reply=reply, seen=None, by=focal_point)
    assert remind(MORNING) == 0


def test_not_on_the_day_on_which_one_was_reminded_by_hand(invitation, officer):
    with time_machine.travel(MORNING - timedelta(hours=1), tick=False):
        operations.remind_invited(invitation.meeting, by=officer)
    assert remind(MORNING) == 0


def test_a_reply_at_the_last_moment_keeps_the_reminder_away(invitation, focal_point, monkeypatch):
    due = list(registering.reminders_due(MORNING))
    assert len(due) == 1
    with time_machine.travel(INVITED, tick=False):
        operations.reply_invitation(invitation, reply="attends", seen=None, by=focal_point)
    monkeypatch.setattr(registering, "reminders_due", lambda now: due)
    assert remind(MORNING) == 0


# The secretariat's pages


def test_every_name_and_address_stands_there_before_anything_is_sent(delegation, focal_point, client_of):
    silent = factories.DelegationFactory(organisation__name="Sample silent land")
    meeting = coming()
    page = body(client_of("secretariat").get(admin("invite_delegations", meeting)))
    assert focal_point.email in page
    assert "1 delegation has no focal point: nobody of it gets a message." in page
    assert str(silent) in page
    assert not Message.objects.exists()


def test_the_secretariat_invites_a_list_and_sees_the_board(delegation, focal_point, other_delegation, client_of):
    meeting, client = coming(), client_of("secretariat")
    data = {"to": "list", "delegation": [delegation.organisation_id]}
    page = body(client.post(admin("invite_delegations", meeting), data, follow=True))
    assert "1 delegation is invited, and its focal points are told." in page
    assert "No reply yet" in page
    assert [str(row.delegation) for row in meeting.invitations.all()] == ["Switzerland"]
    left = client.get(admin("invite_delegations", meeting)).context["choice"].candidates
    assert left == [other_delegation.organisation]


def test_the_participants_of_the_meetings_day_are_asked(client_of):
    meeting = coming()
    assert meeting.date
    later = factories.ParticipationFactory(valid_from=meeting.date - timedelta(days=1)).organisation
    factories.ParticipationFactory(valid_from=meeting.date + timedelta(days=1))
    page = client_of("secretariat").get(admin("invite_delegations", meeting))
    assert page.context["choice"].candidates == [later]


def test_the_board_counts_and_filters(delegation, focal_point, other_delegation, officer, client_of):
    meeting = coming()
    mine, _other = invite(meeting, delegation, other_delegation, by=officer)
    operations.register_person(mine, person=person(), by=focal_point)
    operations.register_person(mine, person=person("Sample Ben", mode="online"), by=focal_point)
    client = client_of("secretariat")
    context = client.get(admin("registrations", meeting)).context
    assert {name: context["counts"][name] for name in ("attends", "none", "in_person", "online")} == {
        "attends": 1, "none": 1, "in_person": 1, "online": 1,
    }  # fmt: skip
    rows = client.get(admin("registrations", meeting) + "?reply=none").context["rows"]
    assert [str(row.delegation) for row in rows] == ["Sweden"]


def test_the_reminder_shows_whom_and_is_sent_once(delegation, focal_point, officer, client_of):
    meeting = coming()
    invite(meeting, delegation, by=officer)
    client = client_of("secretariat")
    assert focal_point.email in body(client.get(admin("remind_invited", meeting)))
    assert "1 person is reminded." in body(client.post(admin("remind_invited", meeting), follow=True))
    assert client.post(admin("remind_invited", meeting)).status_code == 422
    assert told("registration-due") == [focal_point.email]


def test_the_secretariat_sets_the_deadline(client_of):
    meeting = coming()
    day = today() + timedelta(days=5)
    data = {"until_0": day.isoformat(), "until_1": "18:00", "note": "Sample note"}
    client_of("secretariat").post(admin("set_registration", meeting), data)
    meeting.refresh_from_db()
    assert meeting.registration_until.astimezone(GENEVA).isoformat()[:16] == f"{day}T18:00"
    assert meeting.registration_note == "Sample note"


@pytest.fixture
def crowd(delegation, focal_point, officer):
    meeting = coming()
    mine = invite(meeting, delegation, by=officer)[0]
    for name, need in (("Sample Ada", "Vegetarian"), ("Sample Ben", "vegetarian "), ("=Sample Eve", "")):
        operations.register_person(mine, person=person(name, dietary_needs=need), by=focal_point)
    return meeting


def test_needs_are_counted_whatever_their_letters(crowd, client_of):
    page = client_of("secretariat").get(admin("registered", crowd))
    assert [rows for _kind, rows in page.context["needs"]] == [[("Vegetarian", 2)], []]
    names = client_of("secretariat").get(admin("registered", crowd) + "?needs=on&q=ben").context["people"]
    assert [row.person_name for row in names] == ["Sample Ben"]


def workbook(content: bytes) -> str:
    """Everything that is written in a workbook."""
    with ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def test_the_files_hold_needs_only_where_asked_and_no_formula(crowd, client_of):
    client = client_of("secretariat")
    plain = client.get(admin("registered_csv", crowd)).content.decode("utf-8-sig")
    assert "Vegetarian" not in plain
    assert "'=Sample Eve" in plain
    assert "Vegetarian" in client.get(admin("registered_csv", crowd) + "?with=needs").content.decode("utf-8-sig")
    with_needs = workbook(client.get(admin("registered_xlsx", crowd) + "?with=needs").content)
    assert 'name="Needs"' in with_needs
    assert "Vegetarian" in with_needs
    without = workbook(client.get(admin("registered_xlsx", crowd)).content)
    assert "Sample Ada" in without
    assert "Needs" not in without
    assert "Vegetarian" not in without
    assert client.get(admin("registered_pdf", crowd)).content.startswith(b"%PDF")


@pytest.mark.parametrize("name", ["registrations", "registered", "invite_delegations", "remind_invited"])
def test_as_many_queries_for_thirty(name, client_of, officer):
    meeting, client = coming(), client_of("secretariat")

    def more(count):
        for number in range(count):
            row = factories.DelegateFactory(user__name=f"Sample {number}").delegation
            factories.DelegateFactory()
            mine = invite(meeting, row, by=officer)[0]
            if number % 2:
                operations.register_person(mine, person=person(dietary_needs="x"), by=officer)

    more(3)
    few = queries(client, admin(name, meeting))
    more(27)
    assert queries(client, admin(name, meeting)) == few
    # Seven are about the person, their second factor and their permissions.
    assert few <= 14

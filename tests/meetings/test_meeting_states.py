"""The steps of a meeting and of its agenda, from convene_meeting to revise_agenda: what they do and refuse."""

from datetime import date, timedelta

import pytest

from icoca_portal.lib.days import today
from icoca_portal.outbox.models import Message
from meetings import operations
from meetings.exceptions import (
    AgendaAlreadyAdopted,
    AgendaEmpty,
    DateMissing,
    MeetingInAnotherState,
    MeetingKeptFromParticipants,
    MeetingNotYetTakenPlace,
)
from meetings.models import Meeting, Step, Visibility
from tests import factories

pytestmark = pytest.mark.django_db
State = Meeting.State


def test_convening_tells_every_delegate_once(planned, officer, focal_point, other_focal_point, inactive, director):
    convened = operations.convene_meeting(planned, by=officer)
    assert convened.state == State.CONVENED
    assert sorted(Message.objects.values_list("recipient", flat=True)) == [focal_point.email, other_focal_point.email]
    text = Message.objects.filter(recipient=focal_point.email).get().text
    assert planned.get_absolute_url() in text
    assert planned.when in text
    step = Step.objects.get()
    assert (step.what, step.by) == (Step.What.CONVENED, officer)


def test_convening_raises_the_version(planned, officer):
    assert operations.convene_meeting(planned, by=officer).version == planned.version + 1


def test_a_delegate_is_told_in_their_language(planned, officer, focal_point):
    focal_point.language = "fr"
    focal_point.save()
    operations.convene_meeting(planned, by=officer)
    assert Message.objects.get().language == "fr"


def test_a_record_of_the_past_tells_nobody(officer, focal_point):
    meeting = factories.AgendaItemFactory(meeting__date=date(2014, 12, 16)).meeting
    operations.convene_meeting(meeting, by=officer)
    assert not Message.objects.exists()


def test_convening_needs_a_date(officer):
    meeting = factories.MeetingFactory(date=None, date_note="Later")
    with pytest.raises(DateMissing):
        operations.convene_meeting(meeting, by=officer)


def test_convening_needs_an_agenda(officer):
    with pytest.raises(AgendaEmpty):
        operations.convene_meeting(factories.MeetingFactory(), by=officer)


def test_convening_needs_readers(planned, officer):
    Meeting.objects.update(visibility=Visibility.SECRETARIAT)
    with pytest.raises(MeetingKeptFromParticipants):
        operations.convene_meeting(planned, by=officer)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("verb", "wrong"),
    [
        ("convene_meeting", [State.CONVENED, State.HELD, State.CLOSED, State.CANCELLED]),
        ("hold_meeting", [State.HELD, State.CLOSED, State.CANCELLED]),
        ("close_meeting", [State.PLANNED, State.CONVENED, State.CLOSED, State.CANCELLED]),
        ("cancel_meeting", [State.HELD, State.CLOSED, State.CANCELLED]),
        ("adopt_agenda", [State.PLANNED, State.CLOSED, State.CANCELLED]),
        ("revise_agenda", [State.PLANNED, State.CLOSED, State.CANCELLED]),
        ("move_meeting", [State.PLANNED, State.HELD, State.CLOSED, State.CANCELLED]),
        ("prepare_next_meeting", [State.PLANNED, State.CANCELLED]),
        ("draft_summary", [State.PLANNED, State.CONVENED, State.CANCELLED]),
    ],
)
def test_a_step_from_the_wrong_state_is_refused(planned, officer, verb, wrong):
    more: dict[str, object] = {"reason": "Sample reason"} if verb in ("cancel_meeting", "move_meeting") else {}
    if verb == "move_meeting":
        more["date"] = today()
    for state in wrong:
        Meeting.objects.update(state=state)
        with pytest.raises(MeetingInAnotherState) as refusal:
            getattr(operations, verb)(planned, by=officer, **more)
        assert str(State(state).label).lower() in str(refusal.value)
    assert not Step.objects.exists()


def test_a_meeting_is_held_on_its_day_not_before(planned, officer):
    with pytest.raises(MeetingNotYetTakenPlace):
        operations.hold_meeting(planned, by=officer)
    Meeting.objects.update(date=today())
    assert operations.hold_meeting(planned, by=officer).state == State.HELD


def test_an_exchange_of_earlier_years_is_recorded(officer):
    meeting = factories.MeetingFactory(date=date(2014, 12, 16))
    held = operations.hold_meeting(meeting, by=officer)
    assert operations.close_meeting(held, by=officer).state == State.CLOSED


def test_cancelling_tells_those_who_were_invited(planned, officer, focal_point):
    operations.convene_meeting(planned, by=officer)
    operations.cancel_meeting(planned, by=officer, reason="The sample hall is closed.")
    message = Message.objects.get(key__startswith="meeting.cancelled")
    assert "The sample hall is closed." in message.text


def test_cancelling_what_nobody_was_invited_to_tells_nobody(planned, officer, focal_point):
    assert operations.cancel_meeting(planned, by=officer, reason="Sample").state == State.CANCELLED
    assert not Message.objects.exists()


def test_an_adopted_agenda_stays(planned, officer):
    operations.convene_meeting(planned, by=officer)
    adopted = operations.adopt_agenda(planned, by=officer)
    assert adopted.agenda_state == Meeting.AgendaState.ADOPTED
    for verb in (operations.adopt_agenda, operations.revise_agenda):
        with pytest.raises(AgendaAlreadyAdopted):
            verb(planned, by=officer)


def test_an_empty_agenda_is_not_adopted(officer):
    meeting = factories.MeetingFactory(state=State.CONVENED, date=today() + timedelta(days=1))
    with pytest.raises(AgendaEmpty):
        operations.adopt_agenda(meeting, by=officer)

"""An exchange to come, invented, to which delegations are invited: one registered, one declined, one has not replied.

Its day is counted from the day of the loading, so that the registration is open.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from icoca_portal.lib.days import geneva, today
from meetings import operations
from meetings.models import AgendaItem, Invitation, Meeting, Visibility, WorkingGroup
from members.models import Organisation, User

NUMBER = 16
IN_DAYS, CLOSES_BEFORE = 45, 14
INVITED = ("CH", "SE", "PT")
ITEMS = ("Sample: update from the Association", "Sample: discussion", "Any other business")
PEOPLE = (
    {
        "person_name": "Sample Delegate One",
        "function": "Sample head of division",
        "email": "focal.ch@sample.example",
        "capacity": "head",
        "mode": "in person",
        "dietary_needs": "Sample: vegetarian",
    },
    {
        "person_name": "Sample Adviser",
        "function": "Sample legal adviser",
        "capacity": "adviser",
        "mode": "online",
        "access_needs": "Sample: captions",
    },
)


def load(group: WorkingGroup, *, by: User) -> Meeting:
    """Convene it, invite three delegations, and let two of them reply."""
    day = today() + timedelta(days=IN_DAYS)
    day += timedelta(days=(2 - day.weekday()) % 7)  # a Wednesday
    meeting = Meeting.objects.create(
        working_group=group,
        number=NUMBER,
        title="Sample exchange, to try out the registration",
        date=day,
        starts_at=time(15),
        ends_at=time(17),
        place="Geneva",
        mode=Meeting.Mode.BOTH,
        visibility=Visibility.PARTICIPANTS,
        registration_until=datetime.combine(day - timedelta(days=CLOSES_BEFORE), time(18), tzinfo=geneva()),
        registration_note="Sample note: bring an identity card for the entrance.",
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            position=position,
            title=title,
            kind=AgendaItem.Kind.AOB if position == len(ITEMS) else AgendaItem.Kind.ITEM,
        )
        for position, title in enumerate(ITEMS, start=1)
    )
    meeting = operations.convene_meeting(meeting, by=by)
    operations.invite_delegations(meeting, Organisation.objects.filter(code__in=INVITED), by=by)
    invitations = {row.delegation.code: row for row in Invitation.objects.filter(meeting=meeting)}
    ours, theirs = (User.objects.get(email=f"focal.{code}@sample.example") for code in ("ch", "se"))
    for person in PEOPLE:
        operations.register_person(invitations["CH"], person=dict(person), by=ours)
    operations.reply_invitation(
        invitations["SE"],
        reply=Invitation.Reply.DECLINES,
        note="Sample: no travel in that week.",
        seen=None,
        by=theirs,
    )
    return meeting

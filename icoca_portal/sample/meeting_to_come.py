"""The exchange to come, invented: convened, its agenda issued again as Rev.1, delegations invited.

Of those, some have registered people, one has declined, the others have not replied. Its day is counted from the day of
the loading, so that the registration is open.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from icoca_portal.lib.days import geneva
from icoca_portal.lib.papers import READERS, Paper, Part, RichText
from icoca_portal.lib.pdf import write_pdf
from icoca_portal.lib.richtext import to_blocks
from icoca_portal.sample.accounts import focal_point_of
from icoca_portal.sample.clock import at, happening
from icoca_portal.sample.meeting_held import WEDNESDAY, keep_to_sample
from meetings import operations
from meetings.models import AgendaItem, Document, Invitation, Meeting, Visibility
from meetings.symbols import Placing
from members.models import Organisation, User

IN_DAYS, CLOSES_BEFORE = 45, 14
INVITED = ("CH", "SE", "PT", "US", "NL", "FR", "DE")
Kind = AgendaItem.Kind

#: When the items that the exchange before left behind begin, how long they last, who introduces them.
HOURS = {
    Kind.ADOPTION: (time(15), 5, ""),
    Kind.SUMMARY: (time(15, 5), 10, ""),
    Kind.FOLLOW_UPS: (time(15, 15), 15, "Sample Officer of the Secretariat"),
    Kind.ITEM: (time(15, 30), 25, "Sample Director Rowan"),
    Kind.AOB: (time(16, 50), 10, ""),
}
#: What Rev.1 adds: an item, and three under it with their hours and presenters.
ADDED = ("Sample: reviews in the field", time(15, 55), 55, "")
UNDER_IT = (
    ("Sample: what a review looks at", time(15, 55), 15, "Sample Director Rowan"),
    ("Sample: lessons of two reviews", time(16, 10), 20, "Sample Reviewer"),
    ("Sample: how governments can help", time(16, 30), 20, "Sample Speaker Birch"),
)
PAPERS = (
    ("Progress of the Association, in brief (sample)", "Sample: this paper is invented. It belongs to an item."),
    ("Reviews in the field: questions for the exchange (sample)", "Sample: this paper is invented. Rev.1 names it."),
)
PEOPLE = (
    (
        "CH",
        {
            "person_name": "Sample Delegate One",
            "function": "Sample head of division",
            "email": "focal.ch@sample.example",
            "capacity": "head",
            "mode": "in person",
            "dietary_needs": "Sample: vegetarian",
        },
    ),
    (
        "CH",
        {
            "person_name": "Sample Adviser",
            "function": "Sample legal adviser",
            "capacity": "adviser",
            "mode": "online",
            "access_needs": "Sample: captions",
        },
    ),
    (
        "NL",
        {"person_name": "Sample Delegate Two", "function": "Sample counsellor", "capacity": "head", "mode": "online"},
    ),
)


def load(before: Meeting, *, by: User) -> Meeting:
    """Prepare it from the exchange before, convene it, revise its agenda, invite delegations, let some reply."""
    with happening(at(-12)):
        meeting = operations.prepare_next_meeting(before, by=by)
        _plan(meeting)
        papers = [_attach(meeting, *paper, by=by) for paper in PAPERS]
        update = meeting.items.get(kind=Kind.ITEM)
        update.documents.set(papers[:1])
        meeting = operations.convene_meeting(meeting, by=by)
    with happening(at(-11)):
        operations.invite_delegations(meeting, Organisation.objects.filter(code__in=INVITED), by=by)
    with happening(at(-6)):
        _reply(meeting)
    with happening(at(-4)):
        _revise(meeting, papers[1], by)
    meeting.refresh_from_db()
    return meeting


def _day() -> date:
    day = at(IN_DAYS).date()
    return day + timedelta(days=(WEDNESDAY - day.weekday()) % 7)


def _plan(meeting: Meeting) -> None:
    """Give it its day, its place and the hours of its agenda."""
    day = _day()
    meeting.title = "Sample exchange to come, with a revised agenda and a registration"
    meeting.date, meeting.date_note = day, ""
    meeting.starts_at, meeting.ends_at = time(15), time(17)
    meeting.place, meeting.mode = "Geneva", Meeting.Mode.BOTH
    meeting.online_link = "https://meet.sample.example/eighteenth-exchange"
    meeting.online_note = "Sample code: 1803. The link opens half an hour before."
    meeting.languages = ["en", "fr"]
    meeting.visibility = Visibility.PARTICIPANTS
    meeting.registration_until = datetime.combine(day - timedelta(days=CLOSES_BEFORE), time(18), tzinfo=geneva())
    meeting.registration_note = "Sample note: bring an identity card for the entrance."
    meeting.has_speakers_list = True
    meeting.save()
    keep_to_sample(meeting)
    for item in meeting.items.all():
        item.starts_at, item.minutes, item.presenter = HOURS[Kind(item.kind)]
        item.save(update_fields=["starts_at", "minutes", "presenter"])


def _attach(meeting: Meeting, title: str, text: str, *, by: User) -> Document:
    paper = Paper(
        title=title,
        meta=[(READERS, str(Visibility.PARTICIPANTS.label))],
        parts=[Part("", body=[RichText(to_blocks(f"<p>{text}</p>"))])],
        sample=True,
    )
    return operations.attach_document(
        meeting,
        upload=SimpleUploadedFile("paper.pdf", write_pdf(paper)),
        title=title,
        placing=Placing.NEW,
        visibility=Visibility.PARTICIPANTS,
        by=by,
    )


def _reply(meeting: Meeting) -> None:
    invitations = {row.delegation.code: row for row in Invitation.objects.filter(meeting=meeting)}
    for code, person in PEOPLE:
        operations.register_person(invitations[code], person=dict(person), by=focal_point_of(code.lower()))
    operations.reply_invitation(
        invitations["SE"],
        reply=Invitation.Reply.DECLINES,
        note="Sample: no travel in that week.",
        seen=None,
        by=focal_point_of("se"),
    )


def _revise(meeting: Meeting, paper: Document, by: User) -> None:
    """Rev.1: the update begins earlier and is shorter, an item with three under it is added."""
    update, last = meeting.items.get(kind=Kind.ITEM), meeting.items.get(kind=Kind.AOB)
    update.starts_at, update.minutes = time(15, 25), 30
    update.save(update_fields=["starts_at", "minutes"])
    place = last.position
    last.position += 1 + len(UNDER_IT)
    last.save(update_fields=["position"])
    added: AgendaItem | None = None
    for title, starts_at, minutes, presenter in (ADDED, *UNDER_IT):
        item = AgendaItem.objects.create(
            meeting=meeting,
            parent=added,
            position=place,
            title=title,
            starts_at=starts_at,
            minutes=minutes,
            presenter=presenter,
        )
        added, place = added or item, place + 1
        item.documents.set([paper] if item.parent is None else [])
    operations.revise_agenda(meeting, by=by, note="Sample: reviews in the field were asked for by a delegation.")

"""Two exchanges that were held, invented from beginning to end: one whose summary was adopted by silence, published and
corrected, and one whose summary is under silence now. Their days are counted from the day of the loading.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from icoca_portal.lib.days import geneva
from icoca_portal.sample.accounts import focal_point_of
from icoca_portal.sample.clock import at, happening
from meetings import operations
from meetings.models import (
    AgendaItem,
    Attendance,
    AttendanceMode,
    ChairsSummary,
    FollowUp,
    Meeting,
    Note,
    SummaryComment,
    Visibility,
    WorkingGroup,
)
from members.models import Delegation, User

PUBLISHED, CIRCULATED = 16, 17
WEDNESDAY = 2
ONLINE = AttendanceMode.ONLINE
Kind = AgendaItem.Kind

#: Kind of the item, title, who introduces it, whether the next meeting takes it over.
ITEMS = (
    (Kind.ADOPTION, "Adoption of the agenda", "", True),
    (Kind.ITEM, "Sample: update from the Association", "Sample Director Rowan", True),
    (Kind.ITEM, "Sample: ways of working between two exchanges", "", False),
    (Kind.AOB, "Any other business", "", True),
)
#: Number of the item, code of the delegation, kind, speaker, text.
NOTES = (
    (1, "", Note.Kind.NOTE, "", "Sample: the agenda was adopted as it had been circulated."),
    (2, "", Note.Kind.NOTE, "", "Sample: the Association described its work since the last exchange."),
    (2, "gb", Note.Kind.QUESTION, "Sample Speaker Cedar", "how many reviews in the field are planned"),
    (2, "", Note.Kind.REPLY, "Sample Director Rowan", "that two reviews are planned for the year"),
    (3, "no", Note.Kind.PROPOSAL, "Sample Speaker Elder", "to circulate papers in two languages"),
    (3, "de", Note.Kind.COMMENT, "Sample Speaker Hazel", "that two weeks are short for a paper of many pages"),
    (4, "", Note.Kind.NOTE, "", "Sample: nothing was raised under this item."),
)
DECISION = "that sample papers are circulated two weeks before an exchange."
CORRECTED = ("two weeks before an exchange", "three weeks before an exchange")
CORRECTS = "Sample: the decision under item 3 says three weeks, not two."

#: The same of the exchange whose summary is under silence; its items come from the one before.
LATER_ITEM = "Sample: certification of small companies"
LATER_RECORDS = {
    Kind.ADOPTION: "Sample: the agenda was adopted as it had been circulated.",
    Kind.SUMMARY: "Sample: the Chair’s Summary of the sixteenth exchange had been adopted by silence and corrected.",
    Kind.FOLLOW_UPS: "Sample: what was agreed at the last exchange is on its way.",
    Kind.ITEM: "Sample: the Association described its work since the last exchange.",
    Kind.AOB: "Sample: the next exchange takes place in two months.",
}
LATER_NOTES = (
    ("", Note.Kind.NOTE, "", "Sample: a paper on the certification of small companies was presented."),
    ("se", Note.Kind.COMMENT, "Sample Speaker Alder", "that the cost of certification decides for small companies"),
    ("nl", Note.Kind.QUESTION, "Sample Speaker Maple", "whether several small companies could be certified together"),
    ("", Note.Kind.REPLY, "Sample Director Rowan", "that this is being looked into"),
)
LATER_DECISION = "that the secretariat asks sample certification bodies by the next exchange."
PRESENT = ("ch", "se", "pt", "us", "de", "fr", "gb", "nl", "no", "ca", "au", "jp")


def load(group: WorkingGroup, *, by: User, chair: User) -> Meeting:
    """Make both of them, each with all its steps; returns the later one."""
    first = _load_published(group, by, chair)
    return _load_circulated(first, by)


def wednesday_before(days: int) -> date:
    """The last Wednesday at least so many days ago."""
    day = at(-days).date()
    return day - timedelta(days=(day.weekday() - WEDNESDAY) % 7)


def _after(day: date, days: int, hour: int = 10) -> datetime:
    """An hour in Geneva so many days after the day of a meeting."""
    return datetime.combine(day + timedelta(days=days), time(hour), tzinfo=geneva())


def delegations() -> dict[str, Delegation]:
    """The delegations by their codes in small letters."""
    return {row.code.lower(): row for row in Delegation.objects.select_related("organisation")}


def _load_published(group: WorkingGroup, by: User, chair: User) -> Meeting:
    """From the agenda to Corr.1, half a year ago; what was agreed is done, dropped, begun and open."""
    day = wednesday_before(170)
    meeting = Meeting.objects.create(
        working_group=group,
        number=PUBLISHED,
        title="Sample exchange, whose summary was adopted by silence and corrected",
        date=day,
        starts_at=time(15),
        ends_at=time(16, 30),
        place="Geneva",
        mode=Meeting.Mode.BOTH,
        languages=["en", "fr"],
        visibility=Visibility.PUBLIC,
        chair_name="Sample Chair",
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting, position=position, kind=kind, title=title, presenter=presenter, is_standing=standing
        )
        for position, (kind, title, presenter, standing) in enumerate(ITEMS, start=1)
    )
    with happening(_after(day, 1)):
        meeting = _sit(meeting, by)
        items = {item.position: item for item in meeting.items.all()}
        for number, *said in NOTES:
            _note(items[number], *said, by=by)
        operations.record_decision(
            meeting, key=uuid5(NAMESPACE_URL, "sample-decision-16"), text=DECISION, item=items[3], by=by
        )
        follow_ups = _agree(meeting, items[3], by)
        operations.close_meeting(meeting, by=by)
        summary = operations.draft_summary(meeting, by=by)
    until = _after(day, 21, 18)
    with happening(_after(day, 7)):
        summary = operations.circulate_summary(summary, comments_until=until, by=by)
    with happening(_after(day, 9)):
        comment = operations.comment_summary(
            summary.rounds.get(),
            delegations()["se"],
            text="Sample: the text says what was discussed.",
            by=focal_point_of("se"),
        )
        operations.answer_comment(comment, answer=SummaryComment.Answer.NOTED, text="", by=by)
    with happening(until):
        operations.adopt_due_summaries(until)
    with happening(_after(day, 23)):
        operations.publish_summary(summary, by=by)
    with happening(_after(day, 30)):
        _correct(operations.reopen_summary(summary, by=by), by, chair)
    _follow_up(follow_ups, by)
    return meeting


def _sit(meeting: Meeting, by: User) -> Meeting:
    """Convened, its agenda adopted, attended, held: recorded after the day, so that nobody gets mail about it."""
    operations.adopt_agenda(operations.convene_meeting(meeting, by=by), by=by)
    there = delegations()
    for place, code in enumerate(PRESENT):
        mode = ONLINE if place % 4 == 3 else AttendanceMode.IN_PERSON
        operations.tick_attendance(
            meeting, there[code], mode=mode, person_name=f"Sample Delegate of {there[code]}", by=by
        )
    operations.add_attendance(
        meeting,
        capacity=Attendance.Capacity.EXECUTIVE_DIRECTOR,
        name="Sample Director Rowan",
        organisation="Sample Association",
        by=by,
    )
    return operations.hold_meeting(meeting, by=by)


def _note(item: AgendaItem, code: str, kind: str, speaker: str, text: str, *, by: User) -> None:
    operations.write_note(
        item,
        key=uuid5(NAMESPACE_URL, f"sample-note-{item.meeting_id}-{text}"),
        version=0,
        kind=kind,
        delegation=delegations().get(code),
        speaker=speaker,
        text=text,
        by=by,
    )


def _agree(meeting: Meeting, item: AgendaItem, by: User) -> list[FollowUp]:
    """What was agreed, by whom and by when: (delegation, due in so many days from the loading, what)."""
    there = delegations()
    agreed = (
        ("", -120, "Sample: write down the ways of working"),
        ("no", -100, "Sample: ask for offers of translators"),
        ("se", -10, "Sample: collect what delegations say of the calendar"),
        ("", 40, "Sample: report on the ways of working to the next exchange"),
    )
    return [
        operations.open_follow_up(meeting, what=what, delegation=there.get(code), due=at(days).date(), item=item, by=by)
        for code, days, what in agreed
    ]


def _follow_up(follow_ups: Iterable[FollowUp], by: User) -> None:
    """The first is done, the second no longer pursued, the third begun and late; the fourth is open."""
    done, dropped, begun, _open = follow_ups
    with happening(at(-118)):
        operations.close_follow_up(done, version=1, state="done", note="Sample: circulated to all delegations.", by=by)
    with happening(at(-90)):
        operations.close_follow_up(
            dropped, version=1, state="dropped", note="Sample: the secretariat translates by itself.", by=by
        )
    with happening(at(-30)):
        operations.progress_follow_up(begun, version=1, note="Sample: five delegations have written.", by=by)


def _correct(summary: ChairsSummary, by: User, chair: User) -> None:
    """Change a word in the text, have it approved, and publish it as Corr.1."""
    for part in summary.parts.all():
        part.text = part.text.replace(*CORRECTED)
        part.save(update_fields=["text"])
    operations.publish_summary(operations.approve_summary(summary, by=chair), by=by, corrects=CORRECTS)


def _load_circulated(before: Meeting, by: User) -> Meeting:
    """Prepared from the exchange before, held two weeks ago; two delegations have commented on its summary, and the
    secretariat has answered one of them."""
    day = wednesday_before(14)
    with happening(at(-110)):
        meeting = operations.prepare_next_meeting(before, by=by)
    meeting.title = "Sample exchange, whose summary is under silence"
    meeting.date, meeting.date_note = day, ""
    meeting.starts_at, meeting.ends_at, meeting.place = time(15), time(17), "Geneva"
    meeting.visibility = Visibility.PARTICIPANTS
    meeting.save()
    keep_to_sample(meeting)
    last = meeting.items.get(kind=Kind.AOB)
    item = AgendaItem.objects.create(meeting=meeting, position=last.position, title=LATER_ITEM)
    last.position += 1
    last.save(update_fields=["position"])
    with happening(_after(day, 1)):
        meeting = _sit(meeting, by)
        for row in meeting.items.exclude(pk=item.pk):
            _note(row, "", Note.Kind.NOTE, "", LATER_RECORDS[Kind(row.kind)], by=by)
        for said in LATER_NOTES:
            _note(item, *said, by=by)
        operations.record_decision(
            meeting, key=uuid5(NAMESPACE_URL, "sample-decision-17"), text=LATER_DECISION, item=item, by=by
        )
        operations.open_follow_up(
            meeting,
            what="Sample: ask the certification bodies about small companies",
            due=at(30).date(),
            item=item,
            by=by,
        )
        operations.open_follow_up(
            meeting,
            what="Sample: send examples of how companies work together",
            delegation=delegations()["ch"],
            due=at(12).date(),
            item=item,
            by=by,
        )
        summary = operations.draft_summary(meeting, by=by)
    _comment(summary, by)
    return meeting


def _comment(summary: ChairsSummary, by: User) -> None:
    """Circulate the text until some days from now, and let two delegations say something of it."""
    with happening(at(-5)):
        operations.circulate_summary(summary, comments_until=at(9, 18), by=by)
    circulated, there = summary.rounds.get(), delegations()
    with happening(at(-3)):
        answered = operations.comment_summary(
            circulated,
            there["se"],
            text="Sample: the cost was one of several reasons.",
            paragraph=6,
            by=focal_point_of("se"),
        )
    with happening(at(-2)):
        operations.answer_comment(
            answered,
            answer=SummaryComment.Answer.PARTLY,
            text="Sample: the next text says “is among what decides”.",
            by=by,
        )
        operations.comment_summary(
            circulated,
            there["nl"],
            kind=SummaryComment.Kind.PROPOSAL,
            text="Sample: this is closer to what was asked.",
            proposed="One Montreux Document participant asked whether several small companies in one country could be "
            "certified together.",
            paragraph=7,
            by=focal_point_of("nl"),
        )


def keep_to_sample(meeting: Meeting) -> None:
    """Take off its agenda what is still open of the real exchanges: an invented one does not deal with that."""
    for item in meeting.items.filter(kind=Kind.FOLLOW_UPS):
        item.follow_ups.remove(*item.follow_ups.filter(meeting__number__lt=PUBLISHED))

"""One secret of each kind, put into meetings; and who may read which, in one table.

A secret is a word that stands nowhere else, beside the word `AROUND`, by which the search is asked for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from icoca_portal.lib import sealing
from icoca_portal.lib.days import today
from meetings import finding, operations
from meetings.agenda_texts import agenda_content
from meetings.models import (
    AgendaItem,
    AgendaRevision,
    Attendance,
    CalendarAddress,
    ChairsSummary,
    Decision,
    DecisionRevision,
    Document,
    FollowUp,
    FollowUpChange,
    Invitation,
    Meeting,
    NamesAccepted,
    Note,
    NoteRevision,
    Registration,
    RegistrationChange,
    SpeakerTurn,
    Step,
    SummaryComment,
    SummaryPart,
    SummaryRound,
    Visibility,
)
from tests import factories

AROUND = "zebra"

STAFF = {"secretariat", "superuser"}
WORK_ON_IT = STAFF | {"chair"}
OWN = {"reader", "focal_point"}
INSIDERS = WORK_ON_IT | OWN | {"other_focal_point", "director"}
EVERYBODY = INSIDERS | {"visitor", "nobody"}

#: Who may read which secret, wherever it stands. "nobody" is a person with an account and no role.
READERS: dict[str, set[str]] = {
    "published text": EVERYBODY,
    "public document": EVERYBODY,
    "version before one that is not readable yet": EVERYBODY,
    "agenda that was circulated": EVERYBODY,
    "document for participants": INSIDERS,
    "link to join": INSIDERS,
    "how to join": INSIDERS,
    "who attended": INSIDERS,
    "follow-up": INSIDERS,
    "closing note of a follow-up": INSIDERS,
    "circulated text": INSIDERS,
    "comment for all participants": INSIDERS,
    "comment for the secretariat": WORK_ON_IT | OWN,
    "note on the reply": WORK_ON_IT | OWN,
    "who is registered": WORK_ON_IT | OWN,
    "e-mail of who is registered": WORK_ON_IT | OWN,
    "former function of who is registered": WORK_ON_IT | OWN,
    "dietary needs": STAFF | OWN,
    "access needs": STAFF | OWN,
    "unpublished note": WORK_ON_IT,
    "text of an intervention": WORK_ON_IT,
    "speaker of an intervention": WORK_ON_IT,
    "record": WORK_ON_IT,
    "decision": WORK_ON_IT,
    "earlier text of a decision": WORK_ON_IT,
    "speakers’ list": WORK_ON_IT,
    "agenda not circulated yet": WORK_ON_IT,
    "who introduces, not circulated yet": WORK_ON_IT,
    "draft of a summary": WORK_ON_IT,
    "draft of a correction": WORK_ON_IT,
    "reason why names were accepted": WORK_ON_IT,
    "document for the secretariat": WORK_ON_IT,
    "text of a document for the secretariat": WORK_ON_IT,
    "document not readable yet": WORK_ON_IT,
    "text of a document not readable yet": WORK_ON_IT,
    "title of a meeting for the secretariat": WORK_ON_IT,
    "calendar address of the reader": {"reader"},
    "calendar address of the other focal point": {"other_focal_point"},
}
SECRETS = {name: f"qz{number:03d}xv" for number, name in enumerate(READERS)}


def secret(name: str) -> str:
    """The secret with the word around it, as it stands in a text."""
    return f"{AROUND} {SECRETS[name]}"


@dataclass
class Told:
    """The meetings with the secrets, and the keys of all that was made, which fill the addresses."""

    meetings: list[Meeting]
    keys: set[int] = field(default_factory=set)
    uuids: set[str] = field(default_factory=set)
    tokens: dict[str, str] = field(default_factory=dict)


def tell(people: Callable[[str], Any]) -> Told:
    """Put every secret where it belongs."""
    officer, chair, focal_point = people("secretariat"), people("chair"), people("focal_point")
    ours, theirs = people("delegation"), people("other_delegation")
    moment = timezone.now()
    rows: list[Any] = []

    meeting = factories.MeetingFactory(
        number=9,
        date=date(2018, 6, 6),
        visibility=Visibility.PUBLIC,
        state=Meeting.State.HELD,
        has_speakers_list=True,
    )
    item = factories.AgendaItemFactory(meeting=meeting, position=1, title="Sample item", record="")
    AgendaItem.objects.filter(pk=item.pk).update(record=f"<p>{secret('record')}</p>")
    rows += [
        meeting,
        item,
        _note(item, officer, text=secret("unpublished note")),
        _note(
            item,
            officer,
            kind="question",
            delegation=theirs,
            speaker=SECRETS["speaker of an intervention"],
            text=secret("text of an intervention"),
        ),
        *_decided(item, officer),
        SpeakerTurn.objects.create(meeting=meeting, item=item, delegation=theirs, name=SECRETS["speakers’ list"]),
        factories.AttendanceFactory(
            meeting=meeting, delegation=None, capacity=Attendance.Capacity.GUEST, guest_name=SECRETS["who attended"]
        ),
        *_documents(meeting, moment),
        *_follow_ups(meeting, officer),
        *_corrected(meeting, officer, chair),
    ]

    to_come = factories.MeetingFactory(
        number=10,
        date=today() + timedelta(days=30),
        visibility=Visibility.PUBLIC,
        state=Meeting.State.CONVENED,
        online_link=f"https://join.example/{SECRETS['link to join']}",
        online_note=SECRETS["how to join"],
    )
    rows += [to_come, *_agenda(to_come, officer), *_registered(to_come, ours, focal_point, officer)]

    drafted = factories.MeetingFactory(number=8, visibility=Visibility.PUBLIC, state=Meeting.State.HELD)
    rows += [drafted, _summary(drafted, secret("draft of a summary"))]

    circulated = factories.MeetingFactory(number=7, visibility=Visibility.PUBLIC, state=Meeting.State.HELD)
    rows += [circulated, *_circulated(circulated, ours, focal_point, officer, moment)]
    rows.append(
        factories.MeetingFactory(
            number=6, visibility=Visibility.SECRETARIAT, title=secret("title of a meeting for the secretariat")
        )
    )
    told = Told([row for row in rows if isinstance(row, Meeting)])
    told.keys = {row.pk for row in rows}
    told.uuids = {str(row.key) for row in rows if hasattr(row, "key")}
    for who, name in (("reader", "reader"), ("other_focal_point", "other focal point")):
        token = SECRETS[f"calendar address of the {name}"]
        told.tokens[who] = token
        CalendarAddress.objects.create(user=people(who), token=token)
    finding.rebuild()
    while finding.read_documents(moment):
        pass
    return told


def _note(item: AgendaItem, by: Any, **said: Any) -> Note:
    note = Note.objects.create(item=item, noted_by=by, changed_by=by, **said)
    NoteRevision.objects.create(note=note, version=1, text=note.text, who=note.who, kind=note.kind, by=by)
    return note


def _decided(item: AgendaItem, by: Any) -> list[Any]:
    text = secret("decision")
    decision = Decision.objects.create(meeting=item.meeting, item=item, text=text, version=2, recorded_by=by)
    texts = (secret("earlier text of a decision"), text)
    return [
        decision,
        *(
            DecisionRevision.objects.create(decision=decision, version=version, text=text, by=by)
            for version, text in enumerate(texts, start=1)
        ),
    ]


def _documents(meeting: Meeting, moment: Any) -> list[Document]:
    later = moment + timedelta(days=1)
    wanted: list[tuple[str, str, Visibility, Any]] = [
        ("public document", "", Visibility.PUBLIC, None),
        ("document for participants", "", Visibility.PARTICIPANTS, None),
        (
            "document for the secretariat",
            "text of a document for the secretariat",
            Visibility.SECRETARIAT,
            None,
        ),
        ("document not readable yet", "text of a document not readable yet", Visibility.PUBLIC, later),
    ]
    before = factories.DocumentFactory(
        meeting=meeting,
        symbol="ICoCA-WG/9/5",
        number=5,
        visibility=Visibility.PUBLIC,
        replaced_at=moment,
        file__data=secret("version before one that is not readable yet").encode(),
    )
    rows = [
        factories.DocumentFactory(
            meeting=meeting,
            symbol=f"ICoCA-WG/9/{number}",
            number=number,
            title=secret(name),
            visibility=readers,
            readable_from=since,
            replaces=before if since else None,
            file__data=(secret(text) if text else "Sample").encode(),
        )
        for number, (name, text, readers, since) in enumerate(wanted, start=2)
    ]
    return [before, *rows]


def _follow_ups(meeting: Meeting, by: Any) -> list[FollowUp]:
    note = secret("closing note of a follow-up")
    opened = factories.FollowUpFactory(meeting=meeting, what=secret("follow-up"))
    closed = factories.FollowUpFactory(
        meeting=meeting,
        what="Sample follow-up",
        state="done",
        closed_at=timezone.now(),
        closed_by=by,
        closing_note=note,
    )
    FollowUpChange.objects.create(follow_up=closed, state="done", note=note, by=by)
    return [opened, closed]


def _summary(meeting: Meeting, text: str, **more: Any) -> ChairsSummary:
    summary: ChairsSummary = factories.ChairsSummaryFactory(meeting=meeting, part=None, **more)
    SummaryPart.objects.create(summary=summary, position=1, number="1", title="Sample part", text=f"<p>{text}</p>")
    return summary


def _corrected(meeting: Meeting, officer: Any, chair: Any) -> list[Any]:
    """Published, and opened again for a correction."""
    summary = _summary(meeting, secret("published text"))
    NamesAccepted.objects.create(
        summary=summary, step="published", reason=secret("reason why names were accepted"), by=officer
    )
    summary = operations.approve_summary(summary, by=chair)
    published = operations.publish_summary(summary, by=officer)
    summary = operations.reopen_summary(summary, by=officer)
    summary.parts.update(text=f"<p>{secret('draft of a correction')}</p>")
    return [summary, published]


def _agenda(meeting: Meeting, officer: Any) -> list[Any]:
    """Circulated, and changed since, in the working copy."""
    title = secret("agenda that was circulated")
    item = factories.AgendaItemFactory(meeting=meeting, position=1, title=title, record="")
    AgendaRevision.objects.create(
        meeting=meeting, number=0, issued_by=officer, **_sealed(agenda_content(meeting, number=0))
    )
    item.title = secret("agenda not circulated yet")
    item.presenter = SECRETS["who introduces, not circulated yet"]
    item.save()
    return [item]


def _sealed(content: dict[str, Any]) -> dict[str, str]:
    text = sealing.canonical(content)
    return {"content": text, "sha256": sealing.digest(text)}


def _registered(meeting: Meeting, ours: Any, focal_point: Any, officer: Any) -> list[Any]:
    invitation = Invitation.objects.create(
        meeting=meeting,
        delegation=ours,
        invited_by=officer,
        reply=Invitation.Reply.ATTENDS,
        replied_at=timezone.now(),
        replied_by=focal_point,
        note=SECRETS["note on the reply"],
    )
    registration = Registration.objects.create(
        meeting=meeting,
        delegation=ours,
        person_name=SECRETS["who is registered"],
        email=f"{SECRETS['e-mail of who is registered']}@sample.example",
        dietary_needs=SECRETS["dietary needs"],
        access_needs=SECRETS["access needs"],
        registered_by=focal_point,
    )
    RegistrationChange.objects.create(
        meeting=meeting,
        delegation=ours,
        what="changed",
        person_name=registration.person_name,
        values=[["function", SECRETS["former function of who is registered"], ""]],
        by=focal_point,
    )
    return [invitation, registration]


def _circulated(meeting: Meeting, ours: Any, focal_point: Any, officer: Any, moment: Any) -> list[Any]:
    until = moment + timedelta(days=5)
    text = f"<p>{secret('circulated text')}</p>"
    summary = _summary(
        meeting,
        secret("circulated text"),
        state="circulated",
        circulated_at=moment,
        comments_until=until,
        comment_readers="secretariat",
    )
    content = {"title_lines": [], "parts": [{"number": "1", "title": "Sample part", "text": text}]}
    first = SummaryRound.objects.create(
        summary=summary,
        number=1,
        comment_readers="participants",
        circulated_at=moment - timedelta(days=9),
        circulated_by=officer,
        until=moment - timedelta(days=2),
        outcome="replaced",
        ended_at=moment - timedelta(days=3),
        **_sealed(content),
    )
    second = SummaryRound.objects.create(
        summary=summary,
        number=2,
        comment_readers="secretariat",
        circulated_at=moment,
        circulated_by=officer,
        until=until,
        **_sealed(content),
    )
    comments = [
        SummaryComment.objects.create(round=one, delegation=ours, paragraph=1, text=secret(name), made_by=focal_point)
        for one, name in ((first, "comment for all participants"), (second, "comment for the secretariat"))
    ]
    Step.objects.create(meeting=meeting, what=Step.What.SUMMARY_CIRCULATED, by=officer)
    return [summary, first, second, *comments]

"""What the meetings have for the front page, a person's desk and the secretariat's day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.days import day_of, geneva, today
from icoca_portal.lib.desk import Circulation, Desk, Entry, New, Waiting
from icoca_portal.lib.gathered import Part, Row, gather, newest
from icoca_portal.lib.months import Months
from meetings.models import (
    ChairsSummary,
    Document,
    FollowUp,
    Invitation,
    Meeting,
    PublishedSummary,
    Registration,
    SummaryComment,
    SummaryRound,
    WorkingGroup,
)
from meetings.querysets import chaired_groups, is_insider, is_secretariat
from meetings.timeline import timeline

__all__ = [
    "Day",
    "Paper",
    "latest_papers",
    "latest_summary",
    "next_meeting",
    "on_desk",
    "secretariat_day",
    "timeline",
    "waiting_for",
]

#: So many of the latest papers stand on a desk.
PAPERS = 8
#: So many meetings to come stand on the secretariat's day with who has replied.
REGISTRATIONS = 5


@dataclass(frozen=True)
class Paper:
    """A paper that appeared: a document, or a published summary. `formats` are the names and addresses of its files."""

    symbol: str
    title: str
    url: str
    at: datetime
    public: bool
    formats: tuple[tuple[str, str], ...]

    @property
    def appeared(self) -> date:
        """The day in Geneva on which it did."""
        return day_of(self.at)


@dataclass(frozen=True)
class Day:
    """The secretariat's day as far as it is about meetings."""

    next_meeting: Meeting | None
    to_approve: list[ChairsSummary]
    """With `said`: how many comments there are on a text under silence."""
    to_publish: list[ChairsSummary]
    to_answer: list[ChairsSummary]
    """With `waiting`: how many comments are not answered."""
    to_draft: list[Meeting]
    overdue: list[FollowUp]
    registrations: list[tuple[Meeting, str]]
    """Meetings to come that delegations are invited to, with who has replied."""


def on_desk(user: Any, months: Months) -> Desk:
    """What of the meetings stands on a person's desk.

    Waiting: a chair approves summaries, insiders prepare the next meeting and comment on a summary, focal points reply
    to an invitation, a delegation does what was agreed. Days: meetings, the end of registrations and of silences.
    Circulations, for the secretariat: summaries under silence, and who has registered. News: the latest papers. Two
    queries besides those about the user.
    """
    now = timezone.now()
    rows = [_Row(row, user, now) for row in _rows(user, months, now)]
    read = _read_lists(user)
    desk = Desk(news=read.news)
    if is_insider(user):
        desk.waiting += [thing for row in rows for thing in row.of_summary()]
        desk.waiting += [_owed(follow_up) for follow_up in read.owed]
        desk.waiting += [thing for row in rows for thing in row.of_meeting()]
    desk.entries = [entry for row in rows for entry in row.entries() if months.holds(entry.day)]
    agreed = [Entry.of(_owed(follow_up), _("Agreed to be done")) for follow_up in read.owed]
    desk.entries += [entry for entry in agreed if entry and months.holds(entry.day)]
    if is_secretariat(user):
        desk.circulations = [state for row in rows for state in row.circulations()]
    return desk


def waiting_for(user: Any) -> list[Waiting]:
    """What of the meetings waits for a person."""
    return on_desk(user, Months.asked("", today())).waiting


def _rows(user: Any, months: Months, now: datetime) -> Any:
    """The meetings of which a desk has something to say, each with its summary: those of the months, the next one,
    invitations without a reply, registrations that end in these months, and summaries that are not adopted yet. One
    query."""
    first, end = (datetime.combine(day, time(), tzinfo=geneva()) for day in (months.first, months.end))
    of_months = Q(date__gte=months.first, date__lt=months.end)
    of_months |= Q(registration_until__gte=first, registration_until__lt=end)
    rows = Meeting.objects.visible_to(user).select_related("working_group", "chair_organisation")
    if not is_insider(user):
        return rows.filter(of_months)
    invited = Invitation.objects.visible_to(user).filter(meeting=OuterRef("pk")).order_by()
    own = invited.filter(delegation=user.standing.delegation_id)
    summaries = ChairsSummary.objects.visible_to(user).filter(
        meeting=OuterRef("pk"), state__in=(ChairsSummary.State.DRAFT, ChairsSummary.State.CIRCULATED)
    )
    convened = Q(state=Meeting.State.CONVENED)
    facts: dict[str, Any] = {
        "next": Subquery(_to_come(user).values("pk")[:1]),
        "own_reply": Subquery(own.values("reply")[:1]),
        "is_asked": Exists(invited),
        "has_summary": Exists(summaries),
    }
    wanted = of_months | Q(pk=F("next")) | Q(convened, own_reply=Invitation.Reply.NONE) | Q(has_summary=True)
    if is_secretariat(user):
        facts |= _counted(convened & Q(date__gte=today()), Q(summary__state=ChairsSummary.State.CIRCULATED))
        wanted |= convened & Q(date__gte=today())
    return rows.annotate(**facts).filter(wanted).select_related("summary").order_by("date", "pk")


def _counted(coming: Q, circulated: Q) -> dict[str, Case]:
    """For the secretariat: replies and registrations to a meeting that comes, comments on a text under silence."""
    asked = Invitation.objects.filter(meeting=OuterRef("pk"))
    replies = {reply.value: asked.filter(reply=reply) for reply in Invitation.Reply}
    people = Registration.objects.filter(meeting=OuterRef("pk")).standing()
    comments = SummaryComment.objects.filter(
        round__summary__meeting=OuterRef("pk"), round__outcome=SummaryRound.Outcome.OPEN, withdrawn_at=None
    )

    def number(when: Q, rows: Any) -> Case:
        return Case(When(when, then=_number(rows)), default=Value(0))

    return {
        **{f"reply_{reply}": number(coming, rows) for reply, rows in replies.items()},
        "people": number(coming, people),
        "comments": number(circulated, comments),
        "unanswered_comments": number(circulated, comments.filter(answer=SummaryComment.Answer.NONE)),
    }


def _number(rows: Any) -> Coalesce:
    """How many rows a subquery finds."""
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


@dataclass(frozen=True)
class _Row:
    """A meeting as `_rows` reads it, for a person at a moment."""

    meeting: Any
    user: Any
    now: datetime

    @property
    def summary(self) -> ChairsSummary | None:
        """The summary that is not adopted yet, if it exists for the person."""
        if not getattr(self.meeting, "has_summary", False):
            return None
        summary: ChairsSummary = self.meeting.summary
        summary.meeting = self.meeting
        return summary

    @property
    def is_silent_until(self) -> datetime | None:
        """Until when its summary takes comments, while it does."""
        until = self.summary.comments_until if self.summary else None
        circulated = self.summary and self.summary.state == ChairsSummary.State.CIRCULATED
        return until if circulated and until and until > self.now else None

    def of_summary(self) -> Iterator[Waiting]:
        if self.summary is None:
            return
        if self.meeting.working_group_id in chaired_groups(self.user):
            yield _approval(self.summary)
        if self.user.standing.delegate and self.is_silent_until:
            yield _comments(self.summary)

    def of_meeting(self) -> Iterator[Waiting]:
        is_unanswered = self.meeting.own_reply == Invitation.Reply.NONE and self.user.standing.is_focal_point
        if is_unanswered and self.meeting.takes_registrations_at(self.now):
            yield _registration(self.meeting)
        if self.meeting.pk == self.meeting.next:
            yield _next(self.meeting)

    def entries(self) -> Iterator[Entry]:
        meeting = self.meeting
        title = meeting.full_name
        if meeting.date is not None:
            cancelled = meeting.state == Meeting.State.CANCELLED
            place = meeting.place_and_mode
            what = _("Cancelled") if cancelled else (_("Meeting, %(place)s") % {"place": place} if place else "")
            yield Entry(meeting.date, title, meeting.get_absolute_url(), what or _("Meeting"), meeting.begins)
        if meeting.registration_until and meeting.state == Meeting.State.CONVENED and getattr(meeting, "is_asked", 0):
            closes = meeting.registration_closes
            url = reverse("meetings:read_registration", args=meeting.address) if meeting.own_reply else ""
            yield Entry(day_of(closes), title, url or meeting.get_absolute_url(), _("Registration ends"), closes)
        if until := self.is_silent_until:
            url = reverse("meetings:read_comments", args=meeting.address)
            yield Entry(day_of(until), str(self.summary), url, _("End of the silence"), until)

    def circulations(self) -> Iterator[Circulation]:
        """For the secretariat."""
        meeting, summary = self.meeting, self.summary
        if summary is not None and summary.state == ChairsSummary.State.CIRCULATED:
            told = ngettext("%(count)d comment.", "%(count)d comments.", meeting.comments)
            waits = meeting.unanswered_comments
            words = ngettext("%(count)d comment to answer", "%(count)d comments to answer", waits) % {"count": waits}
            yield Circulation(
                kind=_("Under silence"),
                title=str(summary),
                url=reverse("meetings:read_comments", args=meeting.address),
                state=told % {"count": meeting.comments},
                due=summary.comments_until,
                tags=(("is-due", words),) if waits else (),
            )
        if told := _replies(meeting):
            yield Circulation(
                kind=_("Registration"),
                title=meeting.full_name,
                url=reverse("admin:meetings_meeting_registrations", args=[meeting.pk]),
                state=told,
                due=meeting.registration_closes,
            )


def _replies(meeting: Any) -> str:
    """Who has replied to the invitations to a meeting, and how many people are registered (`_counted`); empty where
    nobody is invited."""
    asked = sum(getattr(meeting, f"reply_{reply.value}", 0) for reply in Invitation.Reply)
    if not asked:
        return ""
    told = ngettext(
        "%(asked)d delegation invited: %(attends)d will attend, %(declines)d will not, %(none)d without a reply.",
        "%(asked)d delegations invited: %(attends)d will attend, %(declines)d will not, %(none)d without a reply.",
        asked,
    ) % {
        "asked": asked,
        "attends": meeting.reply_attends,
        "declines": meeting.reply_declines,
        "none": meeting.reply_none,
    }
    people = ngettext("%(count)d person is registered.", "%(count)d people are registered.", meeting.people)
    return f"{told} {people % {'count': meeting.people}}"


def _registration(meeting: Meeting) -> Waiting:
    place = meeting.place_and_mode
    return Waiting(
        title=_("Register for the %(exchange)s") % {"exchange": meeting.name_in_sentence},
        url=reverse("meetings:read_registration", args=meeting.address),
        kind="register_delegation",
        due=meeting.registration_closes,
        detail=f"{place}, {meeting.when}" if place else meeting.when,
        action=_("Reply and register"),
    )


def _approval(summary: ChairsSummary) -> Waiting:
    if summary.comments_until and summary.comments_until > timezone.now():
        # The chair approves nothing before that, and then it is adopted by itself.
        return Waiting(
            title=_("Read the comments on the Chair’s Summary of the %(exchange)s")
            % {"exchange": summary.meeting.name_in_sentence},
            url=reverse("meetings:read_comments", args=summary.meeting.address),
            kind="approve_summary",
            due=summary.comments_until,
            detail=_("Without an objection the text is adopted"),
            action=_("Read the comments"),
        )
    return Waiting(
        title=_("Approve the Chair’s Summary of the %(exchange)s") % {"exchange": summary.meeting.name_in_sentence},
        url=summary.get_absolute_url(),
        kind="approve_summary",
        due=summary.comments_until,
        detail=_("After the time for comments") if summary.comments_until else _("The draft is ready"),
        action=_("Read and approve"),
    )


def _comments(summary: ChairsSummary) -> Waiting:
    return Waiting(
        title=_("Comment on the Chair’s Summary of the %(exchange)s") % {"exchange": summary.meeting.name_in_sentence},
        url=reverse("meetings:read_comments", args=summary.meeting.address),
        kind="comment_summary",
        due=summary.comments_until,
        detail=_("Without an objection the text is adopted"),
        action=_("Comment or object"),
    )


def _owed(follow_up: FollowUp) -> Waiting:
    return Waiting(
        title=follow_up.what,
        url=follow_up.get_absolute_url(),
        kind="follow_up",
        due=follow_up.due,
        detail=_("Agreed at the %(exchange)s") % {"exchange": follow_up.meeting.name_in_sentence},
        action=_("Read the follow-up"),
    )


def _next(meeting: Meeting) -> Waiting:
    convened = meeting.state == Meeting.State.CONVENED
    place = meeting.place_and_mode
    when = f"{place}, {meeting.when}" if place else meeting.when
    return Waiting(
        title=(_("Read the agenda of the %(exchange)s") if convened else _("Next meeting: %(exchange)s"))
        % {"exchange": meeting.name_in_sentence},
        url=meeting.get_absolute_url(),
        kind="read_agenda" if convened else "next_meeting",
        due=meeting.date,
        detail=f"{when}. {meeting.agenda_note}" if convened else when,
        action=_("Read the agenda") if convened else "",
        happens=True,
    )


def next_meeting(user: Any) -> Meeting | None:
    """The nearest meeting to come that exists for the user; one without a date only when no other is planned."""
    return _to_come(user).select_related("working_group", "chair_organisation").first()


def _to_come(user: Any) -> Any:
    return Meeting.objects.visible_to(user).to_come(today())


def latest_papers(user: Any, limit: int = 5) -> list[Paper]:
    """The papers that appeared last, of those that exist for the user, each with all its formats. One query."""
    return _papers(gather(**_parts_of_papers(user, limit)), limit)


#: What is read of a document, and of the meeting that it belongs to.
_MEETING = ("number", "working_group__slug", "working_group__symbol", "visibility")


def _parts_of_papers(user: Any, limit: int) -> dict[str, Part]:
    # A paper has few formats: enough rows for `limit` papers with five files each.
    documents = newest(Document.objects.standing_for(user), "-uploaded_at", "-pk", limit=limit * 5)
    published = newest(PublishedSummary.objects.visible_to(user), "-published_at", "-pk", limit=limit)
    of_document = (f"meeting__{name}" for name in _MEETING)
    of_summary = (f"summary__meeting__{name}" for name in _MEETING)
    return {
        "documents": (
            documents, "pk", "meeting", "symbol", "title", "visibility", "media_type", "uploaded_at", "readable_from",
            *of_document,
        ),
        "published": (published, "symbol", "published_at", *of_summary),
    }  # fmt: skip


def _papers(read: Mapping[str, list[Row]], limit: int) -> list[Paper]:
    same: dict[tuple[int, str, str], list[Document]] = {}
    documents = sorted(read["documents"], key=lambda row: (row[6], row[0]), reverse=True)
    for pk, meeting, symbol, title, visibility, media_type, uploaded_at, readable_from, *of_meeting in documents:
        document = Document(
            pk=pk,
            meeting=_meeting(*of_meeting),
            symbol=symbol,
            title=title,
            visibility=visibility,
            media_type=media_type,
            uploaded_at=uploaded_at,
            readable_from=readable_from,
        )
        same.setdefault((meeting, symbol, title), []).append(document)
    papers = [_document_paper(files) for files in same.values()]
    for symbol, published_at, *of_meeting in read["published"]:
        papers.append(_summary_paper(ChairsSummary(meeting=_meeting(*of_meeting)), symbol, published_at))
    return sorted(papers, key=lambda paper: paper.at, reverse=True)[:limit]


def _meeting(number: int, group: str, symbol: str, visibility: str) -> Meeting:
    return Meeting(
        number=number, visibility=visibility, working_group=WorkingGroup(pk=0, slug=group, symbol=symbol), pk=0
    )


@dataclass(frozen=True)
class _Lists:
    """What is read beside the meetings: what the person's delegation owes, and the latest papers."""

    owed: list[FollowUp]
    news: list[New]


def _read_lists(user: Any) -> _Lists:
    """One query."""
    parts = _parts_of_papers(user, PAPERS)
    delegate = user.standing.delegate if is_insider(user) else None
    owed = FollowUp.objects.visible_to(user).still_open()
    owed = owed.filter(delegation=user.standing.delegation_id) if delegate else owed.none()
    read = gather(**parts, owed=(owed, "pk", "what", "due", "state", "meeting__number", "meeting__working_group__slug"))
    follow_ups = [
        FollowUp(pk=pk, what=what, due=due, state=state, meeting=_meeting(number, group, "", ""))
        for pk, what, due, state, number, group in read["owed"]
    ]
    papers = [
        New(
            at=paper.at,
            title=paper.title,
            url=paper.url,
            symbol=paper.symbol,
            note="" if paper.public else _("For participants"),
            formats=paper.formats,
        )
        for paper in _papers(read, PAPERS)
    ]
    return _Lists(sorted(follow_ups, key=lambda row: (row.due or date.max, row.pk)), papers)


def latest_summary(user: Any) -> Paper | None:
    """The summary that was published last, of those that exist for the user, however many papers came after it."""
    published = PublishedSummary.objects.visible_to(user).select_related("summary__meeting__working_group")
    row = published.order_by("-published_at").first()
    return _summary_paper(row.summary, row.symbol, row.published_at) if row else None


def _document_paper(files: list[Document]) -> Paper:
    first = files[0]
    return Paper(
        symbol=first.symbol,
        title=first.title,
        url=first.get_absolute_url(),
        at=first.uploaded_at
        if first.is_held_back
        else max(first.uploaded_at, first.readable_from or first.uploaded_at),
        public=first.visibility == "public",
        formats=tuple(sorted((file.format, file.get_absolute_url()) for file in files)),
    )


def _summary_paper(summary: ChairsSummary, symbol: str, published_at: datetime) -> Paper:
    address = summary.meeting.address
    return Paper(
        symbol=symbol,
        title=str(summary),
        url=summary.get_absolute_url(),
        at=published_at,
        public=summary.meeting.visibility == "public",
        formats=(
            ("PDF", reverse("meetings:export_summary_pdf", args=address)),
            ("Word", reverse("meetings:export_summary_docx", args=address)),
        ),
    )


def secretariat_day() -> Day:
    """The next meeting, the summaries that wait for a chair or for the secretariat, and meetings without a summary."""
    summaries = list(
        ChairsSummary.objects.exclude(state=ChairsSummary.State.PUBLISHED)
        .select_related("meeting__working_group")
        .annotate(
            waiting=Count(
                "rounds__comments", filter=Q(rounds__comments__withdrawn_at=None, rounds__comments__answer="none")
            ),
            said=Count(
                "rounds__comments",
                filter=Q(rounds__comments__withdrawn_at=None, rounds__outcome=SummaryRound.Outcome.OPEN),
            ),
        )
    )
    meetings = Meeting.objects.select_related("working_group", "chair_organisation")
    asked = Exists(Invitation.objects.filter(meeting=OuterRef("pk")))
    coming = meetings.filter(asked, state=Meeting.State.CONVENED, date__gte=today())
    coming = coming.annotate(**_counted(Q(pk__isnull=False), Q(pk__isnull=True))).order_by("date", "pk")
    return Day(
        next_meeting=meetings.to_come(today()).first(),
        to_approve=[summary for summary in summaries if summary.awaits_adoption],
        to_answer=[summary for summary in summaries if summary.waiting],
        to_publish=[summary for summary in summaries if summary.state == ChairsSummary.State.ADOPTED],
        to_draft=list(meetings.filter(summary=None, state=Meeting.State.HELD).order_by("date")),
        overdue=list(FollowUp.objects.overdue(today())),
        registrations=[(meeting, _replies(meeting)) for meeting in coming[:REGISTRATIONS]],
    )

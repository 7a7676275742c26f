"""What the meetings have for the front page, a person's desk and the secretariat's day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.days import day_of, today
from icoca_portal.lib.desk import Waiting
from meetings.models import ChairsSummary, Document, FollowUp, Invitation, Meeting, PublishedSummary
from meetings.querysets import chaired_groups, is_insider
from meetings.timeline import timeline

__all__ = [
    "Day",
    "Paper",
    "latest_papers",
    "latest_summary",
    "next_meeting",
    "secretariat_day",
    "timeline",
    "waiting_for",
]


@dataclass(frozen=True)
class Paper:
    """A paper that appeared: a document, or a published summary. `formats` are the names and addresses of its files."""

    symbol: str
    title: str
    url: str
    appeared: date
    public: bool
    formats: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Day:
    """The secretariat's day as far as it is about meetings."""

    next_meeting: Meeting | None
    to_approve: list[ChairsSummary]
    to_publish: list[ChairsSummary]
    to_answer: list[ChairsSummary]
    """With `waiting`: how many comments are not answered."""
    to_draft: list[Meeting]
    overdue: list[FollowUp]


def waiting_for(user: Any) -> list[Waiting]:
    """What waits for a person: a chair approves summaries, insiders prepare the next meeting and comment on a summary,
    focal points reply to an invitation.

    At most three queries besides those about the user.
    """
    if not is_insider(user):
        return []
    things = _of_summaries(user)
    if user.standing.delegate:
        owed = FollowUp.objects.visible_to(user).still_open().filter(delegation=user.standing.delegation_id)
        things += [_owed(follow_up) for follow_up in owed.select_related("meeting__working_group")]
    return things + _of_meetings(user)


def _of_summaries(user: Any) -> list[Waiting]:
    """For a chair what waits to be approved, then for a delegate what takes comments."""
    now, chaired, delegate = timezone.now(), chaired_groups(user), user.standing.delegate
    if not chaired and not delegate:
        return []
    circulated = Q(state=ChairsSummary.State.CIRCULATED, comments_until__gt=now) if delegate else Q(pk__in=[])
    summaries = list(
        ChairsSummary.objects.visible_to(user)
        .filter(
            Q(meeting__working_group__in=chaired) | circulated,
            state__in=(ChairsSummary.State.DRAFT, ChairsSummary.State.CIRCULATED),
        )
        .select_related("meeting__working_group")
    )
    return [
        *(_approval(summary) for summary in summaries if summary.meeting.working_group_id in chaired),
        *(
            _comments(summary)
            for summary in summaries
            if delegate
            and summary.state == ChairsSummary.State.CIRCULATED
            and summary.comments_until
            and summary.comments_until > now
        ),
    ]


def _of_meetings(user: Any) -> list[Waiting]:
    """For a focal point the invitations that wait for a reply and still take one; for everybody the next meeting."""
    own = Invitation.objects.visible_to(user).filter(
        delegation=user.standing.delegation_id, reply=Invitation.Reply.NONE, meeting=OuterRef("pk")
    )
    unanswered = Exists(own) if user.standing.is_focal_point else Exists(own.none())
    meetings = (
        Meeting.objects.visible_to(user)
        .annotate(next=Subquery(_to_come(user).values("pk")[:1]), unanswered=unanswered)
        .filter(Q(pk=F("next")) | Q(unanswered=True, state=Meeting.State.CONVENED))
        .select_related("working_group", "chair_organisation")
    )
    found, now = list(meetings), timezone.now()
    return [
        *(_registration(row) for row in found if row.unanswered and row.takes_registrations_at(now)),
        *(_next(row) for row in found if row.pk == row.next),
    ]


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
        detail=_("Overdue. Agreed at the %(exchange)s") % {"exchange": follow_up.meeting.name_in_sentence}
        if follow_up.is_overdue
        else _("Agreed at the %(exchange)s") % {"exchange": follow_up.meeting.name_in_sentence},
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
    )


def next_meeting(user: Any) -> Meeting | None:
    """The nearest meeting to come that exists for the user; one without a date only when no other is planned."""
    return _to_come(user).select_related("working_group", "chair_organisation").first()


def _to_come(user: Any) -> Any:
    return Meeting.objects.visible_to(user).to_come(today())


def latest_papers(user: Any, limit: int = 5) -> list[Paper]:
    """The papers that appeared last, of those that exist for the user, each with all its formats. Two queries."""
    documents = (
        Document.objects.standing_for(user).select_related("meeting__working_group").order_by("-uploaded_at", "-pk")
    )
    same: dict[tuple[int, str, str], list[Document]] = {}
    # A paper has few formats: enough rows for `limit` papers with five files each.
    for document in documents[: limit * 5]:
        same.setdefault((document.meeting_id, document.symbol, document.title), []).append(document)
    published = PublishedSummary.objects.visible_to(user).select_related("summary__meeting__working_group")
    papers = [(files[0].uploaded_at, _document_paper(files)) for files in same.values()]
    papers += [(row.published_at, _summary_paper(row)) for row in published.order_by("-published_at")[:limit]]
    return [paper for _moment, paper in sorted(papers, key=lambda pair: pair[0], reverse=True)[:limit]]


def latest_summary(user: Any) -> Paper | None:
    """The summary that was published last, of those that exist for the user, however many papers came after it."""
    published = PublishedSummary.objects.visible_to(user).select_related("summary__meeting__working_group")
    row = published.order_by("-published_at").first()
    return _summary_paper(row) if row else None


def _document_paper(files: list[Document]) -> Paper:
    first = files[0]
    return Paper(
        symbol=first.symbol,
        title=first.title,
        url=first.get_absolute_url(),
        appeared=day_of(first.uploaded_at),
        public=first.visibility == "public",
        formats=tuple(sorted((file.format, file.get_absolute_url()) for file in files)),
    )


def _summary_paper(row: PublishedSummary) -> Paper:
    address = row.summary.meeting.address
    return Paper(
        symbol=row.symbol,
        title=str(row.summary),
        url=row.summary.get_absolute_url(),
        appeared=day_of(row.published_at),
        public=row.summary.meeting.visibility == "public",
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
            )
        )
    )
    meetings = Meeting.objects.select_related("working_group", "chair_organisation")
    return Day(
        next_meeting=meetings.to_come(today()).first(),
        to_approve=[summary for summary in summaries if summary.awaits_adoption],
        to_answer=[summary for summary in summaries if summary.waiting],
        to_publish=[summary for summary in summaries if summary.state == ChairsSummary.State.ADOPTED],
        to_draft=list(meetings.filter(summary=None, state=Meeting.State.HELD).order_by("date")),
        overdue=list(FollowUp.objects.overdue(today())),
    )

"""The messages to delegates about meetings and summaries. Each is queued in the transaction of what causes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from icoca_portal.lib.access import SECRETARIAT
from icoca_portal.lib.days import today
from icoca_portal.lib.moments import in_geneva
from icoca_portal.outbox.exceptions import AddressUnusable
from icoca_portal.outbox.operations import queue_message
from meetings.agenda_changes import compare_agendas, compare_facts
from meetings.agenda_texts import hours_in_words, read_content
from meetings.languages import language_names
from meetings.models import ChairsSummary, Document, Meeting, Office, PublishedSummary, SummaryComment, SummaryRound
from members import notices, things
from members.models import Delegate, User

if TYPE_CHECKING:
    from meetings.following import DueReminder


#: Revisions of an agenda that come within this time are told together.
TOGETHER = timedelta(minutes=10)

#: What is moot once a meeting is cancelled.
MOOT = ("agenda_revised", "registration_due", "registration_confirmed")


def delegates() -> QuerySet[User]:
    """Everybody with an open account and a role in a delegation today (Geneva)."""
    return User.objects.active().filter(appointments__in=Delegate.objects.as_of(today())).distinct()


def officers() -> QuerySet[User]:
    """The people of the secretariat."""
    return User.objects.active().filter(is_staff=True, groups__name=SECRETARIAT)


def chairs_of(meeting: Meeting) -> QuerySet[User]:
    """Who chairs the group of the meeting today (Geneva)."""
    offices = Office.objects.as_of(today()).filter(working_group=meeting.working_group_id, role=Office.Role.CHAIR)
    return User.objects.active().filter(offices__in=offices)


def _tell(
    people: Iterable[User],
    kind: str,
    event: str,
    template: str,
    subject: Callable[[], str],
    context: dict[str, Any],
    *,
    about: Meeting | ChairsSummary | Document,
    address: str = "",
    also: Callable[[], dict[str, Any]] = dict,
    changes: Callable[[], str] = str,
    **more: Any,
) -> None:
    """Tell people of something about a meeting, a summary or a document, which is read at `address` (default: its
    page), once of each `event`, in their language and with their zone. `subject`, `also` (more of the context) and
    `changes` (what changed, in lines) are called in that language. `more` is for `members.notices.tell`."""

    def letter(user: User) -> notices.Words:
        shown = {"user": user, "address": settings.PORTAL_ADDRESS, "secretariat_email": settings.SECRETARIAT_EMAIL}
        text = render_to_string(f"emails/meetings/{template}.txt", shown | context | also())
        return notices.Words(subject(), text, changes())

    kinds = {Meeting: "meeting", ChairsSummary: "summary", Document: "document"}
    reference = things.reference_of(kinds[type(about)], about.pk)
    notices.tell(
        people,
        kind=kind,
        key=event,
        letter=letter,
        about=reference,
        address=address or about.get_absolute_url(),
        **more,
    )


def queue_follow_up_due(reminder: DueReminder) -> None:
    """Remind the delegates of the delegation that does it of a follow-up; the secretariat, if no delegation does."""
    row = reminder.follow_up
    key = f"follow-up.due:{row.pk}:{row.due}:{reminder.days}"

    def subject() -> str:
        words = _("Overdue: %(what)s") if reminder.days < 0 else _("To do by %(day)s: %(what)s")
        return words % {"day": row.by, "what": row.what}

    context = {"follow_up": row, "meeting": row.meeting, "overdue": reminder.days < 0}
    if reminder.people:
        _tell(
            reminder.people,
            "follow_up_due",
            key,
            "follow_up_due",
            subject,
            {**context, "to_secretariat": False},
            about=row.meeting,
            address=row.get_absolute_url(),
        )
        return
    # The office's own mailbox is nobody who could choose.
    address = settings.SECRETARIAT_EMAIL
    addresses = {"address": settings.PORTAL_ADDRESS, "secretariat_email": address}
    with translation.override(settings.LANGUAGE_CODE), suppress(AddressUnusable):
        queue_message(
            key=f"{key}:{address}"[:255],
            to=address,
            subject=subject(),
            text=render_to_string(
                "emails/meetings/follow_up_due.txt", {**context, **addresses, "to_secretariat": True}
            ),
            language=settings.LANGUAGE_CODE,
            thread=things.reference_of("meeting", row.meeting_id),
        )


def queue_meeting_convened(meeting: Meeting) -> None:
    """Tell the delegates when and where, with the provisional agenda's address."""
    _tell(
        delegates(),
        "meeting_convened",
        f"meeting.convened:{meeting.pk}:{uuid4().hex}",
        "convene_meeting",
        lambda: _("%(exchange)s of the Working Group, %(when)s") % {"exchange": meeting.name, "when": meeting.when},
        {"meeting": meeting},
        about=meeting,
        also=lambda: {"hours": hours_in_words(meeting), "languages": language_names(meeting.languages)},
    )


def queue_meeting_cancelled(meeting: Meeting, reason: str) -> None:
    """Tell the delegates that it does not take place, and why. What waits about it is taken back."""
    notices.drop(things.reference_of("meeting", meeting.pk), kinds=MOOT)
    _tell(
        delegates(),
        "meeting_changed",
        f"meeting.cancelled:{meeting.pk}",
        "cancel_meeting",
        lambda: _("Cancelled: %(exchange)s of the Working Group") % {"exchange": meeting.name},
        {"meeting": meeting, "reason": reason},
        about=meeting,
        changes=lambda: _("The reason: %(reason)s") % {"reason": reason},
    )


def queue_meeting_moved(meeting: Meeting, reason: str, *, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Tell the delegates what it was and what it is, and why. `old` and `new` are contents of the agenda. Reminders of
    the hour that was are taken back."""

    def changes() -> list[str]:
        return [text.sentence for text in compare_facts(read_content(old), read_content(new))]

    notices.drop(things.reference_of("meeting", meeting.pk), kinds=["registration_due"])
    _tell(
        delegates(),
        "meeting_changed",
        f"meeting.moved:{meeting.pk}:{meeting.agenda_revision}",
        "move_meeting",
        lambda: (
            (
                _("Changed: %(exchange)s of the Working Group, %(when)s")
                if meeting.date
                else _("Put off: %(exchange)s of the Working Group")
            )
            % {"exchange": meeting.name, "when": meeting.when}
        ),
        {"meeting": meeting, "reason": reason},
        about=meeting,
        also=lambda: {"changes": changes()},
        changes=lambda: "\n".join(changes()),
    )


def queue_agenda_revised(meeting: Meeting, note: str, *, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> None:
    """Tell the delegates that there is a new revision, and what changed from the content `old` to `new`. Revisions that
    follow one another within some minutes make one message."""

    def changes() -> list[str]:
        return list(compare_agendas(read_content(old), read_content(new)).sentences) if old else []

    _tell(
        delegates(),
        "agenda_revised",
        f"agenda.revised:{meeting.pk}:{meeting.agenda_revision}",
        "revise_agenda",
        lambda: (
            _("Agenda of the %(exchange)s, %(revision)s")
            % {"exchange": meeting.name_in_sentence, "revision": meeting.revision}
        ),
        {"meeting": meeting, "note": note},
        about=meeting,
        address=reverse("meetings:read_agenda", args=meeting.address),
        also=lambda: {"changes": changes()},
        changes=lambda: "\n".join(f"- {change}" for change in changes()) or note,
        merge_after=TOGETHER,
    )


def queue_summary_circulated(opened: SummaryRound) -> None:
    """Tell the delegates where the text stands and until when it may be commented on or objected to."""
    _tell(
        delegates(),
        "summary_circulated",
        f"summary.circulated:{opened.pk}",
        "circulate_summary",
        lambda: _("For comments: %(summary)s") % {"summary": opened.summary},
        _about_round(opened),
        about=opened.summary,
        address=_comments_of(opened.summary),
        changes=lambda: _until(opened),
    )


def queue_summary_due(opened: SummaryRound) -> None:
    """Remind the delegates that the time is about to end."""
    _tell(
        delegates(),
        "summary_due",
        f"summary.due:{opened.pk}",
        "remind_commenters",
        lambda: _("Two days left: %(summary)s") % {"summary": opened.summary},
        _about_round(opened),
        about=opened.summary,
        address=_comments_of(opened.summary),
        changes=lambda: _until(opened),
    )


def queue_summary_objected(stopped: SummaryRound) -> None:
    """Tell everybody that the silence is broken; who objected stands on the page, for those who may read it."""
    _drop_round(stopped.summary)
    _tell(
        [*delegates(), *chairs_of(stopped.summary.meeting), *officers()],
        "silence_broken",
        f"summary.objected:{stopped.pk}",
        "object_to_summary",
        lambda: _("Objection: %(summary)s") % {"summary": stopped.summary},
        _about_round(stopped),
        about=stopped.summary,
        address=_comments_of(stopped.summary),
    )


def queue_summary_withdrawn(summary: ChairsSummary) -> None:
    """Tell the delegates that the text under silence was taken back to be changed."""
    _drop_round(summary)
    _tell(
        delegates(),
        "silence_broken",
        f"summary.withdrawn:{summary.pk}:{uuid4().hex}",
        "reopen_summary",
        lambda: _("Taken back: %(summary)s") % {"summary": summary},
        {"summary": summary, "meeting": summary.meeting},
        about=summary,
    )


def queue_summary_adopted(adopted: SummaryRound) -> None:
    """Tell the chair and the secretariat that nobody objected."""
    _tell(
        [*chairs_of(adopted.summary.meeting), *officers()],
        "summary_adopted",
        f"summary.adopted:{adopted.pk}",
        "adopt_due_summaries",
        lambda: _("Adopted by silence: %(summary)s") % {"summary": adopted.summary},
        _about_round(adopted),
        about=adopted.summary,
    )


def queue_comment_answered(comment: SummaryComment) -> None:
    """Tell those who write for the delegation what became of its comment; at once if it was an objection."""
    writers = Delegate.objects.as_of(today()).filter(
        delegation=comment.delegation_id, role__in=[Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR]
    )
    people = list(User.objects.active().filter(appointments__in=writers).distinct())
    _tell(
        people,
        "comment_answered",
        f"summary.answered:{comment.pk}:{uuid4().hex}",
        "answer_comment",
        lambda: _("Your comment: %(summary)s") % {"summary": comment.round.summary},
        {"comment": comment, **_about_round(comment.round)},
        about=comment.round.summary,
        address=f"{_comments_of(comment.round.summary)}#comment-{comment.pk}",
        changes=lambda: _("Answer: %(answer)s") % {"answer": comment.get_answer_display()},
        certainly=[user.pk for user in people] if comment.kind == SummaryComment.Kind.OBJECTION else (),
    )


def _comments_of(summary: ChairsSummary) -> str:
    return reverse("meetings:read_comments", args=summary.meeting.address)


def _until(opened: SummaryRound) -> str:
    return _("Comments and objections are taken until %(moment)s.") % {"moment": in_geneva(opened.until)}


def _drop_round(summary: ChairsSummary) -> None:
    """Reminders of a text that is not under silence any more are taken back."""
    notices.drop(things.reference_of("summary", summary.pk), kinds=["summary_due"])


def _about_round(one: SummaryRound) -> dict[str, Any]:
    return {"round": one, "summary": one.summary, "meeting": one.summary.meeting}


def queue_summary_published(published: PublishedSummary) -> None:
    """Tell the delegates that the summary is published, with its seal."""
    summary = published.summary
    _tell(
        delegates(),
        "summary_published",
        f"summary.published:{summary.pk}:{published.number}",
        "publish_summary",
        lambda: _("Published: %(summary)s") % {"summary": summary},
        {"summary": summary, "meeting": summary.meeting, "published": published},
        about=summary,
    )


def queue_document_readable(document: Document, key: str) -> None:
    """Tell the delegates who want it that a document can be read. `key` names the paper and its version."""
    _tell(
        delegates(),
        "document_published",
        key,
        "document_readable",
        lambda: _("Document: %(title)s") % {"title": document.title},
        {"document": document, "meeting": document.meeting},
        about=document,
        address=document.meeting.get_absolute_url(),
        changes=lambda: document.change_note,
    )

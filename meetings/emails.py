"""The messages to delegates about meetings and summaries. Each is queued in the transaction of what causes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from icoca_portal.lib.access import SECRETARIAT
from icoca_portal.lib.days import today
from icoca_portal.lib.moments import as_read_by
from icoca_portal.outbox.exceptions import AddressUnusable
from icoca_portal.outbox.operations import queue_message
from meetings.agenda_changes import compare_agendas, compare_facts
from meetings.agenda_texts import hours_in_words, read_content
from meetings.languages import language_names
from meetings.models import ChairsSummary, Meeting, Office, PublishedSummary, SummaryComment, SummaryRound
from members.models import Delegate, User

if TYPE_CHECKING:
    from meetings.following import DueReminder


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


def _tell_delegates(
    event: str, template: str, subject: Any, context: dict[str, Any], also: Callable[[], dict[str, Any]] = dict
) -> None:
    """Queue one message to each delegate, as `_tell`."""
    _tell(delegates(), event, template, subject, context, also)


def _tell(
    people: Iterable[User],
    event: str,
    template: str,
    subject: Any,
    context: dict[str, Any],
    also: Callable[[], dict[str, Any]] = dict,
) -> None:
    """Queue one message to each, however often they are named, in their language and with their zone. `subject` and
    `also` (more of the context) are functions: they are called in that language."""
    for user in {user.pk: user for user in people}.values():
        with as_read_by(user), suppress(AddressUnusable):  # the others are told all the same
            queue_message(
                key=f"{event}:{user.pk}",
                to=user.email,
                name=user.name,
                subject=subject(),
                text=render_to_string(
                    f"emails/meetings/{template}.txt",
                    {"user": user, "address": settings.PORTAL_ADDRESS, "secretariat_email": settings.SECRETARIAT_EMAIL}
                    | context
                    | also(),
                ),
                language=user.language,
            )


def queue_follow_up_due(reminder: DueReminder) -> None:
    """Remind the delegates of the delegation that does it of a follow-up; the secretariat, if no delegation does."""
    row = reminder.follow_up
    key = f"follow-up.due:{row.pk}:{row.due}:{reminder.days}"
    people = [(user.email, user.name, user.language) for user in reminder.people]
    for email, name, language in people or [(settings.SECRETARIAT_EMAIL, "", settings.LANGUAGE_CODE)]:
        with translation.override(language), suppress(AddressUnusable):  # the others are reminded all the same
            subject = _("Overdue: %(what)s") if reminder.days < 0 else _("To do by %(day)s: %(what)s")
            queue_message(
                key=f"{key}:{email}"[:255],
                to=email,
                name=name,
                subject=subject % {"day": row.by, "what": row.what},
                text=render_to_string(
                    "emails/meetings/follow_up_due.txt",
                    {
                        "name": name,
                        "address": settings.PORTAL_ADDRESS,
                        "secretariat_email": settings.SECRETARIAT_EMAIL,
                        "follow_up": row,
                        "meeting": row.meeting,
                        "overdue": reminder.days < 0,
                        "to_secretariat": not people,
                    },
                ),
                language=language,
            )


def queue_meeting_convened(meeting: Meeting) -> None:
    """Tell the delegates when and where, with the provisional agenda's address."""
    _tell_delegates(
        f"meeting.convened:{meeting.pk}:{uuid4().hex}",
        "convene_meeting",
        lambda: _("%(exchange)s of the Working Group, %(when)s") % {"exchange": meeting.name, "when": meeting.when},
        {"meeting": meeting},
        also=lambda: {"hours": hours_in_words(meeting), "languages": language_names(meeting.languages)},
    )


def queue_meeting_cancelled(meeting: Meeting, reason: str) -> None:
    """Tell the delegates that it does not take place, and why."""
    _tell_delegates(
        f"meeting.cancelled:{meeting.pk}",
        "cancel_meeting",
        lambda: _("Cancelled: %(exchange)s of the Working Group") % {"exchange": meeting.name},
        {"meeting": meeting, "reason": reason},
    )


def queue_meeting_moved(meeting: Meeting, reason: str, *, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Tell the delegates what it was and what it is, and why. `old` and `new` are contents of the agenda."""
    _tell_delegates(
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
        also=lambda: {"changes": [text.sentence for text in compare_facts(read_content(old), read_content(new))]},
    )


def queue_agenda_revised(meeting: Meeting, note: str, *, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> None:
    """Tell the delegates that there is a new revision, and what changed from the content `old` to `new`."""
    _tell_delegates(
        f"agenda.revised:{meeting.pk}:{meeting.agenda_revision}",
        "revise_agenda",
        lambda: (
            _("Agenda of the %(exchange)s, %(revision)s")
            % {"exchange": meeting.name_in_sentence, "revision": meeting.revision}
        ),
        {"meeting": meeting, "note": note},
        also=lambda: {"changes": compare_agendas(read_content(old), read_content(new)).sentences if old else []},
    )


def queue_summary_circulated(opened: SummaryRound) -> None:
    """Tell the delegates where the text stands and until when it may be commented on or objected to."""
    _tell_delegates(
        f"summary.circulated:{opened.pk}",
        "circulate_summary",
        lambda: _("For comments: %(summary)s") % {"summary": opened.summary},
        _about_round(opened),
    )


def queue_summary_due(opened: SummaryRound) -> None:
    """Remind the delegates that the time is about to end."""
    _tell_delegates(
        f"summary.due:{opened.pk}",
        "remind_commenters",
        lambda: _("Two days left: %(summary)s") % {"summary": opened.summary},
        _about_round(opened),
    )


def queue_summary_objected(stopped: SummaryRound) -> None:
    """Tell everybody that the silence is broken; who objected stands on the page, for those who may read it."""
    _tell(
        [*delegates(), *chairs_of(stopped.summary.meeting), *officers()],
        f"summary.objected:{stopped.pk}",
        "object_to_summary",
        lambda: _("Objection: %(summary)s") % {"summary": stopped.summary},
        _about_round(stopped),
    )


def queue_summary_withdrawn(summary: ChairsSummary) -> None:
    """Tell the delegates that the text under silence was taken back to be changed."""
    _tell_delegates(
        f"summary.withdrawn:{summary.pk}:{uuid4().hex}",
        "reopen_summary",
        lambda: _("Taken back: %(summary)s") % {"summary": summary},
        {"summary": summary, "meeting": summary.meeting},
    )


def queue_summary_adopted(adopted: SummaryRound) -> None:
    """Tell the chair and the secretariat that nobody objected."""
    _tell(
        [*chairs_of(adopted.summary.meeting), *officers()],
        f"summary.adopted:{adopted.pk}",
        "adopt_due_summaries",
        lambda: _("Adopted by silence: %(summary)s") % {"summary": adopted.summary},
        _about_round(adopted),
    )


def queue_comment_answered(comment: SummaryComment) -> None:
    """Tell those who write for the delegation what became of its comment."""
    writers = Delegate.objects.as_of(today()).filter(
        delegation=comment.delegation_id, role__in=[Delegate.Role.FOCAL_POINT, Delegate.Role.CONTRIBUTOR]
    )
    _tell(
        User.objects.active().filter(appointments__in=writers).distinct(),
        f"summary.answered:{comment.pk}:{uuid4().hex}",
        "answer_comment",
        lambda: _("Your comment: %(summary)s") % {"summary": comment.round.summary},
        {"comment": comment, **_about_round(comment.round)},
    )


def _about_round(one: SummaryRound) -> dict[str, Any]:
    return {"round": one, "summary": one.summary, "meeting": one.summary.meeting}


def queue_summary_published(published: PublishedSummary) -> None:
    """Tell the delegates that the summary is published, with its seal."""
    summary = published.summary
    _tell_delegates(
        f"summary.published:{summary.pk}:{published.number}",
        "publish_summary",
        lambda: _("Published: %(summary)s") % {"summary": summary},
        {"summary": summary, "meeting": summary.meeting, "published": published},
    )

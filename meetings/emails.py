"""The messages to delegates about meetings and summaries. Each is queued in the transaction of what causes it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from icoca_portal.lib.days import today
from icoca_portal.outbox.exceptions import AddressUnusable
from icoca_portal.outbox.operations import queue_message
from meetings.models import ChairsSummary, Meeting, PublishedSummary
from members.models import Delegate, User

if TYPE_CHECKING:
    from meetings.following import DueReminder


def delegates() -> QuerySet[User]:
    """Everybody with an open account and a role in a delegation today (Geneva)."""
    return User.objects.active().filter(appointments__in=Delegate.objects.as_of(today())).distinct()


def _tell_delegates(event: str, template: str, subject: Any, context: dict[str, Any]) -> None:
    """Queue one message to each delegate, in their language. `subject` is a function: it is called in that language."""
    for user in delegates():
        with translation.override(user.language):
            queue_message(
                key=f"{event}:{user.pk}",
                to=user.email,
                name=user.name,
                subject=subject(),
                text=render_to_string(
                    f"emails/meetings/{template}.txt",
                    {"user": user, "address": settings.PORTAL_ADDRESS, "secretariat_email": settings.SECRETARIAT_EMAIL}
                    | context,
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
    )


def queue_meeting_cancelled(meeting: Meeting, reason: str) -> None:
    """Tell the delegates that it does not take place, and why."""
    _tell_delegates(
        f"meeting.cancelled:{meeting.pk}",
        "cancel_meeting",
        lambda: _("Cancelled: %(exchange)s of the Working Group") % {"exchange": meeting.name},
        {"meeting": meeting, "reason": reason},
    )


def queue_agenda_revised(meeting: Meeting, note: str) -> None:
    """Tell the delegates that there is a new revision, and what changed."""
    _tell_delegates(
        f"agenda.revised:{meeting.pk}:{meeting.agenda_revision}",
        "revise_agenda",
        lambda: (
            _("Agenda of the %(exchange)s, %(revision)s")
            % {"exchange": meeting.name_in_sentence, "revision": meeting.revision}
        ),
        {"meeting": meeting, "note": note},
    )


def queue_summary_circulated(summary: ChairsSummary) -> None:
    """Tell the delegates where the text stands and until when comments are taken."""
    _tell_delegates(
        f"summary.circulated:{summary.pk}:{uuid4().hex}",
        "circulate_summary",
        lambda: _("For comments: %(summary)s") % {"summary": summary},
        {"summary": summary, "meeting": summary.meeting},
    )


def queue_summary_published(published: PublishedSummary) -> None:
    """Tell the delegates that the summary is published, with its seal."""
    summary = published.summary
    _tell_delegates(
        f"summary.published:{summary.pk}:{published.number}",
        "publish_summary",
        lambda: _("Published: %(summary)s") % {"summary": summary},
        {"summary": summary, "meeting": summary.meeting, "published": published},
    )

"""The messages to whoever speaks for an organisation about its applications, each in their language and zone.

Each is queued in the transaction of the change that causes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from icoca_portal.lib.days import day_of
from members import notices, things
from members.deadlines import Rules
from members.models import Application, ApplicationStatus, Check, DeadlineRule, Organisation, Representative, User
from members.representing import people_of

#: How long a message about returned lines waits for further ones.
RETURNED_TOGETHER = timedelta(minutes=10)


def representative_introduction(organisation: Organisation) -> str:
    """What an invitation says to somebody who is to speak for an organisation, in the language that is active."""
    return _(
        "the secretariat has recorded that you speak for %(organisation)s, and has opened an account for you in the "
        "portal of the Working Group on the International Code of Conduct Association. There you supply what the "
        "applications of %(organisation)s lack, and read how far they are."
    ) % {"organisation": organisation}


def queue_representative_recorded(representative: Representative) -> None:
    """Tell somebody who has an account that they speak for an organisation, and where."""
    _tell_representatives(
        [representative.user],
        "representative_recorded",
        f"representative.recorded:{representative.pk}",
        "representative_recorded",
        lambda: _("You speak for %(organisation)s") % {"organisation": representative.organisation},
        lambda: {"organisation": representative.organisation, "since": representative.valid_from},
        address=reverse("members:list_applications"),
    )


def queue_application_received(application: Application) -> None:
    """Tell the applicant that its application is received, and what is to be supplied."""
    _tell_applicant(
        application,
        "application_received",
        f"application.received:{application.pk}",
        "application_received",
        lambda: _("Application received: %(application)s") % {"application": application},
    )


def queue_lines_returned(application: Application) -> None:
    """Tell the applicant what was returned, and why. Lines that are returned one after the other make one message."""
    _tell_applicant(
        application,
        "lines_returned",
        f"application.returned:{application.pk}:{uuid4().hex}",
        "lines_returned",
        lambda: _("Returned: %(application)s") % {"application": application},
        merge_after=RETURNED_TOGETHER,
    )


def queue_application_decided(status: ApplicationStatus) -> None:
    """Tell the applicant that its application is approved, refused or withdrawn, and why. Reminders are taken back."""
    application = status.application
    notices.drop(things.reference_of("application", application.pk), kinds=["supply_due"])
    _tell_applicant(
        application,
        "application_decided",
        f"application.decided:{application.pk}:{status.pk}",
        "application_decided",
        lambda: f"{status.get_state_display()}: {status.application}",
        lambda: {"status": status},
    )


def supply_due_event(application: Application, due: date) -> str:
    """The key of a reminder: of one day, each is reminded once."""
    return f"application.supply-due:{application.pk}:{due}"


def queue_supply_due(application: Application, user: User, due: date) -> None:
    """Remind a representative of what the application lacks, some days before it is due."""
    _tell_representatives(
        [user],
        "supply_due",
        supply_due_event(application, due),
        "supply_due",
        lambda: _("To be supplied: %(application)s") % {"application": application},
        lambda: _of_application(application),
        about=things.reference_of("application", application.pk),
        address=_address_of(application),
    )


def _applicants(application: Application) -> list[User]:
    return people_of([application.organisation_id]).get(application.organisation_id, [])


def _address_of(application: Application) -> str:
    return reverse("members:read_application", args=[application.pk])


def _said_last(check: Check) -> str:
    step = check.steps.last()
    return step.note if step else ""


def _of_application(application: Application) -> dict[str, Any]:
    """What the messages say of an application: its lines with the applicant, each with its day and what was said."""
    rows = application.checks.filter(state__in=Check.WITH_APPLICANT).select_related("requirement")
    rules = Rules.read(DeadlineRule.Step.SUPPLY)
    lines = [
        {
            "title": row.requirement.title,
            "reason": _said_last(row) if row.state == Check.State.RETURNED else "",
            "due": rules.due(DeadlineRule.Step.SUPPLY, application.pillar, day_of(row.changed_at)),
        }
        for row in rows
    ]
    return {"application": application, "lines": lines}


def _tell_applicant(
    application: Application,
    kind: str,
    event: str,
    template: str,
    subject: Callable[[], str],
    context: Callable[[], dict[str, Any]] = dict,
    **more: Any,
) -> None:
    _tell_representatives(
        _applicants(application),
        kind,
        event,
        template,
        subject,
        lambda: {**_of_application(application), **context()},
        about=things.reference_of("application", application.pk),
        address=_address_of(application),
        **more,
    )


def _tell_representatives(
    people: Iterable[User],
    kind: str,
    event: str,
    template: str,
    subject: Callable[[], str],
    context: Callable[[], dict[str, Any]],
    *,
    address: str,
    **more: Any,
) -> None:
    """Tell each in their language and zone; `subject` and `context` are called in them. `more` is for
    `members.notices.tell`."""

    def letter(user: User) -> notices.Words:
        shown = {
            "user": user,
            "link": settings.PORTAL_ADDRESS + address,
            "secretariat_email": settings.SECRETARIAT_EMAIL,
            **context(),
        }
        text = render_to_string(f"emails/members/{template}.txt", shown).strip() + "\n"
        return notices.Words(subject(), text)

    notices.tell(people, kind=kind, key=event, letter=letter, address=address, **more)

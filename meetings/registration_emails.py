"""The messages to focal points about invitations and registrations. Needs never stand in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from icoca_portal.lib.moments import as_read_by, in_geneva, in_zone
from icoca_portal.outbox.operations import queue_latest, queue_message
from meetings import registering
from meetings.models import Invitation, Meeting, Registration
from members.audience import delegates_of
from members.models import Delegate, Delegation, User

#: A confirmation goes out once nothing has changed for so long, and says how things stand then.
QUIET = timedelta(minutes=3)

Queue = Callable[..., Any]


def _send(template: str, people: Iterable[User], context: dict[str, Any], queue: Callable[[User], Queue]) -> None:
    """Queue one message a person, in their language and zone. Values of `context` may be callables, asked there."""
    for user in people:
        with as_read_by(user):
            values = {name: value() if callable(value) else value for name, value in context.items()}
            values |= {"person": user, "secretariat_email": settings.SECRETARIAT_EMAIL}
            subject, _blank, body = render_to_string(f"emails/meetings/{template}.txt", values).strip().partition("\n")
        queue(user)(to=user.email, name=user.name, subject=subject, text=body.strip() + "\n", language=user.language)


def _once(key: str) -> Callable[[User], Queue]:
    """A message that is queued once for each person."""
    return lambda user: lambda **message: queue_message(key=f"{key}:{user.pk}", **message)


def _facts(meeting: Meeting) -> dict[str, Any]:
    """What every message says: which meeting, when, where, and where and by when to register."""
    closes = meeting.registration_closes
    return {
        "meeting": meeting,
        "begins": lambda: _moment(meeting.begins) if meeting.begins else "",
        "closes": lambda: _moment(closes) if closes else "",
        "address": settings.PORTAL_ADDRESS + reverse("meetings:read_registration", args=meeting.address),
    }


def _moment(moment: Any) -> str:
    """A moment in Geneva's hours, with the reader's own beside it."""
    return " ".join(filter(None, [in_geneva(moment), in_zone(moment)]))


def _focal_points(delegations: Any) -> list[Delegate]:
    return list(delegates_of(delegations, registering.TOLD))


def delegations_invited(meeting: Meeting, delegations: Iterable[Delegation]) -> None:
    """To the focal points of these delegations: date, place, where and by when to register."""
    for delegate in _focal_points([row.pk for row in delegations]):
        _send(
            "invite_delegations",
            [delegate.user],
            {**_facts(meeting), "delegation": delegate.delegation},
            _once(f"delegation-invited:{meeting.pk}:{delegate.delegation_id}"),
        )


def registration_due(invitation: Invitation, delegates: Iterable[Delegate], occasion: str) -> None:
    """A reminder to these focal points of a delegation that has not replied. `occasion` keeps it from going twice."""
    meeting = invitation.meeting
    _send(
        "remind_invited",
        [delegate.user for delegate in delegates],
        {**_facts(meeting), "delegation": invitation.delegation},
        lambda user: (
            lambda **message: queue_message(key=registering.reminder_key(meeting, user.pk, occasion), **message)
        ),
    )


def registration_moved(meeting: Meeting) -> None:
    """To the focal points of every delegation that was invited: the deadline that holds now."""
    rows = meeting.invitations.select_related("delegation__organisation")
    for delegate in _focal_points(rows.values("delegation")):
        _send(
            "set_registration",
            [delegate.user],
            {**_facts(meeting), "delegation": delegate.delegation},
            _once(f"registration-moved:{meeting.pk}:{meeting.version}"),
        )


def registration_confirmed(invitation: Invitation) -> None:
    """To the delegation's focal points, once it has been quiet for a while: the reply and who is registered."""
    meeting = invitation.meeting
    people = Registration.objects.standing().filter(meeting=meeting, delegation=invitation.delegation)
    _send(
        "confirm_registration",
        [delegate.user for delegate in _focal_points([invitation.delegation_id])],
        {
            **_facts(meeting),
            "delegation": invitation.delegation,
            "invitation": invitation,
            "people": lambda: list(people.order_by("pk")),
        },
        lambda user: (
            lambda **message: queue_latest(
                key=f"registration-confirmed:{invitation.pk}:{user.pk}", wait=QUIET, **message
            )
        ),
    )

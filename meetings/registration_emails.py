"""The messages to focal points about invitations and registrations. Needs never stand in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from icoca_portal.lib.moments import in_geneva, in_zone
from meetings import registering
from meetings.models import Invitation, Meeting, Registration
from members import notices, things
from members.audience import delegates_of
from members.models import Delegate, Delegation, User

#: A confirmation goes out once nothing has changed for so long, and says how things stand then.
QUIET = timedelta(minutes=3)


def _tell(
    kind: str,
    key: str | Callable[[User], str],
    template: str,
    delegates: Iterable[Delegate],
    meeting: Meeting,
    context: Callable[[Delegate], dict[str, Any]],
    **more: Any,
) -> None:
    """Tell these people of their delegation's invitation, in their language and zone. Values of the `context` of each
    may be callables, asked there. `more` is for `members.notices.tell`."""
    delegate_of = {delegate.user_id: delegate for delegate in delegates}

    def letter(user: User) -> notices.Words:
        facts = {**_facts(meeting), **context(delegate_of[user.pk])}
        values = {name: value() if callable(value) else value for name, value in facts.items()}
        values |= {"person": user, "secretariat_email": settings.SECRETARIAT_EMAIL}
        subject, _blank, body = render_to_string(f"emails/meetings/{template}.txt", values).strip().partition("\n")
        closes = _("Registration closes: %(moment)s") % {"moment": values["closes"]} if values["closes"] else ""
        return notices.Words(subject, body.strip() + "\n", "" if "merge_after" in more else closes)

    notices.tell(
        [delegate.user for delegate in delegate_of.values()],
        kind=kind,
        key=key,
        letter=letter,
        about=things.reference_of("meeting", meeting.pk),
        address=reverse("meetings:read_registration", args=meeting.address),
        **more,
    )


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
    people = {delegate.user_id: delegate for delegate in _focal_points([row.pk for row in delegations])}
    _tell(
        "delegation_invited",
        lambda user: f"delegation-invited:{meeting.pk}:{people[user.pk].delegation_id}",
        "invite_delegations",
        people.values(),
        meeting,
        lambda delegate: {"delegation": delegate.delegation},
    )


def registration_due(invitation: Invitation, delegates: Iterable[Delegate], occasion: str) -> None:
    """A reminder to these focal points of a delegation that has not replied. `occasion` keeps it from going twice."""
    meeting = invitation.meeting
    _tell(
        "registration_due",
        registering.reminder_key(meeting, occasion),
        "remind_invited",
        delegates,
        meeting,
        lambda delegate: {"delegation": invitation.delegation},
    )


def registration_moved(meeting: Meeting) -> None:
    """To the focal points of every delegation that was invited: the deadline that holds now."""
    rows = meeting.invitations.values("delegation")
    notices.drop(things.reference_of("meeting", meeting.pk), kinds=["registration_due"])
    _tell(
        "delegation_invited",
        f"registration-moved:{meeting.pk}:{meeting.version}",
        "set_registration",
        _focal_points(rows),
        meeting,
        lambda delegate: {"delegation": delegate.delegation},
    )


def registration_confirmed(invitation: Invitation) -> None:
    """To the delegation's focal points, once it has been quiet for a while: the reply and who is registered."""
    meeting = invitation.meeting
    people = Registration.objects.standing().filter(meeting=meeting, delegation=invitation.delegation)
    focal_points = _focal_points([invitation.delegation_id])
    reference = things.reference_of("meeting", meeting.pk)
    notices.drop(reference, kinds=["registration_due"], users=[delegate.user_id for delegate in focal_points])
    _tell(
        "registration_confirmed",
        f"registration-confirmed:{invitation.pk}:{uuid4().hex}",
        "confirm_registration",
        focal_points,
        meeting,
        lambda delegate: {
            "delegation": invitation.delegation,
            "invitation": invitation,
            "people": lambda: list(people.order_by("pk")),
        },
        merge_after=QUIET,
    )

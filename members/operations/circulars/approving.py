"""A circular is put to a colleague, returned, approved or given up."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.exceptions import CircularNotReady, FourEyesOff, OwnCircular, ReasonMissing
from members.models import Circular, User
from members.operations.circulars.readiness import refuse_unready
from members.operations.circulars.releasing import HeldBack, release_anew
from members.operations.circulars.shared import lock, one_line, refuse_released, require, store


@transaction.atomic
def submit_circular(circular: Circular, *, by: User) -> Circular:
    """Put a draft to a colleague, who approves or returns it; until then nobody changes it.

    Raises FourEyesOff, CircularInAnotherState, CircularNotReady.
    """
    if not settings.CIRCULARS_FOUR_EYES:
        raise FourEyesOff(_("Two pairs of eyes are not asked for. Send the circular."))
    stored = lock(circular)
    require(stored, Circular.State.DRAFT)
    refuse_unready(stored, timezone.now())
    stored.state, stored.submitted_at, stored.submitted_by = Circular.State.SUBMITTED, timezone.now(), by
    stored.held_why = ""
    return store(stored, "state", "submitted_at", "submitted_by", "held_why")


@transaction.atomic
def return_circular(circular: Circular, *, by: User, reason: str) -> Circular:
    """Back to a draft, with the reason: what was put to a colleague, or waits for its hour.

    Raises ReasonMissing, CircularInAnotherState.
    """
    stored = lock(circular)
    require(stored, Circular.State.SUBMITTED, Circular.State.QUEUED)
    refuse_released(stored)
    reason = one_line(reason)[:500]
    if not reason:
        raise ReasonMissing(_("Say why it is returned."))
    stored.state, stored.held_why = Circular.State.DRAFT, reason
    stored.submitted_at = stored.submitted_by = stored.approved_at = stored.approved_by = None
    return store(stored, "state", "held_why", "submitted_at", "submitted_by", "approved_at", "approved_by")


@transaction.atomic
def approve_circular(circular: Circular, *, by: User) -> Circular:
    """Approve a circular: it is released at once, or by the clock at its hour.

    Where two pairs of eyes are asked for, it has to be submitted, and is approved by somebody who neither submitted nor
    last wrote it; else whoever wrote it may send the draft. Raises CircularInAnotherState (also when it was approved
    already), OwnCircular, CircularNotReady.
    """
    now = timezone.now()
    stored = lock(circular)
    if settings.CIRCULARS_FOUR_EYES:
        require(stored, Circular.State.SUBMITTED)
        if by.pk in (stored.submitted_by_id, stored.written_by_id):
            raise OwnCircular(_("A circular is approved by a colleague who neither wrote nor submitted it."))
    else:
        require(stored, Circular.State.DRAFT, Circular.State.SUBMITTED)
    at_once = stored.send_at is None or stored.send_at <= now
    if not at_once:
        refuse_unready(stored, now)
    stored.state, stored.approved_at, stored.approved_by = Circular.State.QUEUED, now, by
    stored.held_why = ""
    store(stored, "state", "approved_at", "approved_by", "held_why")
    if not at_once:
        return stored
    try:
        return release_anew(stored, now)
    except HeldBack as held:
        raise CircularNotReady(str(held)) from held


@transaction.atomic
def cancel_circular(circular: Circular, *, by: User) -> Circular:
    """Give a circular up of which nothing was sent: a draft, one put to a colleague, one that waits for its hour.

    Raises CircularInAnotherState.
    """
    stored = lock(circular)
    require(stored, Circular.State.DRAFT, Circular.State.SUBMITTED, Circular.State.QUEUED)
    refuse_released(stored)
    stored.state = Circular.State.CANCELLED
    return store(stored, "state")

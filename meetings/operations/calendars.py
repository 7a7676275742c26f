"""The private address of the calendar is made and taken back."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone

from meetings.models import (
    CalendarAddress,
    ChairsSummary,
    Meeting,
)
from members.models import User

State = Meeting.State
SummaryState = ChairsSummary.State


@transaction.atomic
def make_calendar_address(user: User) -> CalendarAddress:
    """Give the person a private address of the calendar. One that they have already stops working."""
    address, _made = CalendarAddress.objects.update_or_create(
        user=user, defaults={"token": secrets.token_urlsafe(32), "created_at": timezone.now()}
    )
    return address


@transaction.atomic
def revoke_calendar_address(address: CalendarAddress) -> None:
    """Take the private address back: from now on nobody reads the calendar by it."""
    address.delete()

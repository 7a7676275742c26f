"""What a provider tells of the mail it took: returned, refused, delayed. See `providers` for what it answers at once.

The provider posts to ``/outbox/provider/<its name>/`` (`views.receive_events`); django-anymail proves who posts and
reads the form, which differs from provider to provider. What it tells of readers, deliveries and openings is ignored.
"""

from __future__ import annotations

import logging
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType
from django.utils import timezone

from icoca_portal.outbox import operations
from icoca_portal.outbox.models import Message
from icoca_portal.outbox.providers import LABEL
from icoca_portal.outbox.reports import code_in, plain

logger = logging.getLogger(__name__)


def receive_event(event: AnymailTrackingEvent, **_more: Any) -> None:
    """The receiver of anymail's ``tracking`` signal. May be told the same twice.

    Errors of the database are not caught: the provider gets a 500 for them, and tells it again later.
    """
    kinds = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED, EventType.DEFERRED}
    if event.event_type not in kinds:
        return
    message = _message_of(event)
    if message is None:
        logger.info("The provider tells of a message that is not known here: %s", plain(str(event.message_id))[:100])
        return
    why = plain(" ".join(filter(None, [event.mta_response, event.description])))
    if not why:
        why = plain(f"{event.event_type} {event.reject_reason or ''}")
    at = event.timestamp or timezone.now()
    if event.event_type == EventType.BOUNCED:
        operations.record_return(message, code=code_in("", why, is_permanent=True), why=why, returned_at=at)
    elif event.event_type == EventType.DEFERRED:
        operations.note_delay(message, code=code_in("", why, is_permanent=False), why=why, noted_at=at)
    else:
        operations.record_refusal(message, why=why, refused_at=at)


def _message_of(event: AnymailTrackingEvent) -> Message | None:
    """By the provider's number; by our own in the metadata where that number never reached us. The recipient fits."""
    message = None
    if event.message_id:
        message = Message.objects.filter(provider_id=str(event.message_id)[:255]).order_by("-pk").first()
    if message is None and (label := (event.metadata or {}).get(LABEL)):
        message = Message.objects.filter(message_id=str(label), provider_id="").first()
    if message and event.recipient and event.recipient.casefold() != message.recipient.casefold():
        return None
    return message

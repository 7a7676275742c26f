"""How a queued row becomes a mail."""

from __future__ import annotations

from email.utils import formataddr, parseaddr
from functools import lru_cache
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage

from icoca_portal.outbox.models import Message
from icoca_portal.outbox.returning import return_address_of


def new_message_id() -> str:
    """A Message-ID for a message just queued. It stays with the row, so that two copies are seen to be one message."""
    return f"<{uuid4().hex}@{_domain_of(settings.DEFAULT_FROM_EMAIL)}>"


@lru_cache
def _domain_of(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def compose_message(message: Message) -> EmailMessage:
    """The mail of a row.

    ``Auto-Submitted`` (RFC 3834) keeps out-of-office replies from answering.
    """
    headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    if message.language:
        headers["Content-Language"] = message.language
    headers["From"] = settings.DEFAULT_FROM_EMAIL
    return EmailMessage(
        from_email=return_address_of(message) or settings.DEFAULT_FROM_EMAIL,
        subject=message.subject,
        body=message.text,
        to=[formataddr((message.recipient_name, message.recipient)) if message.recipient_name else message.recipient],
        headers=headers,
    )

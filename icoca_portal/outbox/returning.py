"""The address to which a message comes back when it cannot be delivered: one for each message.

With ``MAIL_RETURN_ADDRESS=bounces@portal.example`` message 17 leaves with the envelope sender
``bounces+17.k3v5q2ah7n4t@portal.example``. A mail that comes to this address is about message 17, whatever the server
that returned it wrote; so no wording needs to be understood to know which one. The signature keeps anybody from having
messages marked that they never got: it is made with ``SECRET_KEY`` of the row's number and Message-ID.
"""

from __future__ import annotations

import re
from base64 import b32encode

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from icoca_portal.outbox.models import Message

_SALT = "icoca_portal.outbox.returning"
#: Twelve letters of base 32 are 60 bits, and small letters only: servers on the way may change capitals.
_LETTERS = 12
#: Anywhere in the local part: forwarders wrap addresses (``prvs=…=bounces+17.…``, ``SRS0=…=bounces+17.…``).
_NUMBERED = re.compile(rf"\+(\d{{1,18}})\.([a-z2-7]{{{_LETTERS}}})(?![a-z0-9])", re.IGNORECASE)


def return_address_of(message: Message) -> str:
    """The envelope sender (Return-Path) of a stored message; empty where ``MAIL_RETURN_ADDRESS`` is not set."""
    if not settings.MAIL_RETURN_ADDRESS:
        return ""
    local, _, domain = settings.MAIL_RETURN_ADDRESS.rpartition("@")
    return f"{local}+{message.pk}.{_signature(message, settings.SECRET_KEY)}@{domain}"


def message_of_return_address(address: str) -> Message | None:
    """The message whose return address this is, in whatever capitals and wrapped by whichever forwarder; else None.

    Signatures made with an earlier key (``SECRET_KEY_FALLBACKS``) are good as well: mail comes back days later.
    """
    for number, signature in _NUMBERED.findall(address):
        message = Message.objects.filter(pk=int(number)).first()
        if message is None:
            continue
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            if constant_time_compare(_signature(message, key), signature.lower()):
                return message
    return None


def _signature(message: Message, key: str) -> str:
    digest = salted_hmac(_SALT, f"{message.pk} {message.message_id}", secret=key, algorithm="sha256").digest()
    return b32encode(digest).decode("ascii").lower()[:_LETTERS]

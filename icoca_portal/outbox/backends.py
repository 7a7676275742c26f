"""The mail backend of the sample site."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class KeepBackend(BaseEmailBackend):
    """Accepts every mail and delivers none: the row of the outbox, in state sent, is the record.

    Messages are still composed, so that one which could not be written as a mail fails here as it would outside.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for email in email_messages:
            email.message()
        return len(email_messages)

"""How mail leaves: to the relay by SMTP; and in the sample site, not at all."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

_GO_AHEAD = 354


class NothingHandedOver(smtplib.SMTPException):
    """The line to the mail server broke, or stayed silent, before the message was passed on: it was not accepted."""


class _WatchedLine(smtplib.SMTP):
    """A line that knows whether the text of the message has been passed on.

    It is passed on after the server says "go ahead" (354, RFC 5321, 4.1.1.4), and at no other moment.
    """

    handed_over = False

    def mail(self, sender: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        self.handed_over = False
        return super().mail(sender, options)

    def getreply(self) -> tuple[int, bytes]:
        code, words = super().getreply()
        self.handed_over = self.handed_over or code == _GO_AHEAD
        return code, words


class _WatchedSecureLine(_WatchedLine, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class RelayBackend(EmailBackend):
    """Django's SMTP backend, which tells a line that broke before the message was passed on from one after it.

    Django's own raises the same error for both, so that a message whose fate is perfectly clear would wait for a
    person. Raises NothingHandedOver.
    """

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _WatchedSecureLine if self.use_ssl else _WatchedLine

    def _send(self, email_message: EmailMessage) -> bool:
        try:
            return bool(super()._send(email_message))  # type: ignore[misc]
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            line: Any = self.connection
            if _is_broken(error) and not line.handed_over:
                raise NothingHandedOver(str(error)) from error
            raise


def _is_broken(error: Exception) -> bool:
    """Whether the line broke; an answer of the server is an ``OSError`` too, since SMTPException is one."""
    return isinstance(error, smtplib.SMTPServerDisconnected) or not isinstance(error, smtplib.SMTPException)


class KeepBackend(BaseEmailBackend):
    """Accepts every mail and delivers none: the row of the outbox, in state sent, is the record.

    Messages are still composed, so that one which could not be written as a mail fails here as it would outside.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for email in email_messages:
            email.message()
        return len(email_messages)

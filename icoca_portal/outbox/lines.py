"""A line to the mail server that is kept over several messages."""

from __future__ import annotations

import contextlib
import smtplib
from types import TracebackType
from typing import Self

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from icoca_portal.outbox.backends import NothingHandedOver

#: So many messages go over one line; then a new one is opened. Servers tire of a client that never leaves.
MOST_MESSAGES = 100
#: "Service not available, closing the channel": what a server says to a client that has stayed long enough.
_CLOSING = 421


class Line:
    """Opened by the first message, closed by whoever made it; one worker's, one message at a time.

    Greeting, TLS and sign-in take longer than a message, so a letter to 140 delegates goes over two lines, not 140.
    """

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None
        self._used = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def open(self) -> None:
        """Open it, if it is not open. Raises whatever the backend raises; nothing has been handed over then."""
        if self._used >= MOST_MESSAGES:
            self.close()
        if self._connection is None:
            self._connection = get_connection()
        try:
            self._connection.open()
        except BaseException:
            self.close()
            raise

    def send(self, email: EmailMessage) -> None:
        """Hand the mail over on the open line. Raises what the backend raises; whoever gets an error closes the line.

        A line that served before may have been closed by the server meanwhile. Where it is certain that the mail was
        not accepted because of that, it goes over a new line.
        """
        try:
            self._hand_over(email)
        except Exception as error:
            if not self._used or not _was_closed(error):
                raise
            self.close()
            try:
                self.open()
            except Exception as at_opening:
                raise NothingHandedOver(f"{type(at_opening).__name__}: {at_opening}") from at_opening
            self._hand_over(email)
        self._used += 1

    def close(self) -> None:
        """Close it. What the server says to our good-bye changes nothing about a message that it has accepted."""
        connection, self._connection, self._used = self._connection, None, 0
        if connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.close()

    def _hand_over(self, email: EmailMessage) -> None:
        if self._connection is None or not self._connection.send_messages([email]):
            raise smtplib.SMTPException("the mail backend accepted nothing")


def _was_closed(error: Exception) -> bool:
    """Whether the server had closed the line before the mail was passed on."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return any(code == _CLOSING for code, _words in error.recipients.values())
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPHeloError):
        return error.smtp_code == _CLOSING
    return isinstance(error, NothingHandedOver)

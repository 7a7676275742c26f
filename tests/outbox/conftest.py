"""Mail servers that behave badly, and a row to send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from icoca_portal.outbox import operations
from icoca_portal.outbox.models import Message
from tests.mail_server import MailServer


class ScriptedBackend(BaseEmailBackend):
    """Does what the test says when it is opened, sends or closes; counts what it accepted in `mail.outbox`."""

    on_open: Callable[[], Any] | None = None
    on_send: Callable[[Any], Any] | None = None
    on_close: Callable[[], Any] | None = None

    def open(self) -> None:
        if ScriptedBackend.on_open:
            ScriptedBackend.on_open()

    def send_messages(self, email_messages: Any) -> int:
        for email in email_messages:
            if ScriptedBackend.on_send:
                ScriptedBackend.on_send(email)
            email.message()
            mail.outbox.append(email)
        return len(email_messages)

    def close(self) -> None:
        if ScriptedBackend.on_close:
            ScriptedBackend.on_close()


@pytest.fixture
def server(settings: Any) -> Iterator[type[ScriptedBackend]]:
    """The mail server of this test. Set `on_open`, `on_send` or `on_close` on it."""
    settings.EMAIL_BACKEND = f"{ScriptedBackend.__module__}.ScriptedBackend"
    mail.outbox = []
    yield ScriptedBackend
    ScriptedBackend.on_open = ScriptedBackend.on_send = ScriptedBackend.on_close = None


@pytest.fixture
def queue() -> Callable[..., Message]:
    """Queue a message that differs by its number."""

    def make(number: int = 1, **changes: Any) -> Message:
        values = {
            "key": f"sample:{number}",
            "to": f"delegate.{number}@sample.example",
            "name": f"Sample Delegate {number}",
            "subject": f"Sample message {number}",
            "text": f"Text of message {number}.",
        }
        return operations.queue_message(**{**values, **changes})

    return make


@pytest.fixture
def sent(queue: Callable[..., Message], server: type[ScriptedBackend]) -> Message | None:
    """A message that the server of this test has accepted."""
    queue(1)
    return operations.send_next()


@pytest.fixture
def secretary() -> Any:
    """Who decides on messages; kept nowhere, since the log keeps names."""
    model = get_user_model()
    return model(**{model.USERNAME_FIELD: "secretary@sample.example"})


@pytest.fixture
def relay(settings: Any) -> Iterator[MailServer]:
    """A real mail server that the portal of this test sends to."""
    with MailServer() as server:
        server.point(settings)
        yield server

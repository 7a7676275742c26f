"""A worker to be killed: `python -m tests.outbox.killed_worker SETTINGS`, with the database settings as JSON.

Its mail server says "accepted" on standard output for every message and, after the second, waits for ever, as if the
line had gone silent between the server's yes and the worker's commit.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

ACCEPTED = 0


class HangingBackend(BaseEmailBackend):
    """Accepts two messages and never comes back from the second."""

    def send_messages(self, email_messages: Any) -> int:
        global ACCEPTED
        for email in email_messages:
            ACCEPTED += 1
            sys.stdout.write(f"accepted {email.extra_headers['Message-ID']}\n")
            sys.stdout.flush()
            if ACCEPTED == 2:
                sys.stdin.read()
        return len(email_messages)


def main() -> None:
    from django.core.management import call_command

    django.setup()
    settings.DATABASES["default"].update(json.loads(sys.argv[1]))
    settings.EMAIL_BACKEND = "tests.outbox.killed_worker.HangingBackend"
    call_command("send_mail")


if __name__ == "__main__":
    # Under the name that the mail backend is found by, so that there is one count.
    from tests.outbox.killed_worker import main as run

    run()

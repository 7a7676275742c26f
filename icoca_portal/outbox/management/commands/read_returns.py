"""The mailbox of returned mail, once and by hand."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from icoca_portal.outbox import returned_mail


class Command(BaseCommand):
    """Reads the mailbox once; the mail worker with --loop does it by itself every five minutes."""

    help = (
        "Reads the mailbox of returned mail (RETURN_MAILBOX_URL), once. The mail worker with --loop does it by itself."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.RETURN_MAILBOX_URL:
            raise CommandError("RETURN_MAILBOX_URL is not set: there is no mailbox to read.")
        try:
            counts = returned_mail.read_mailbox(settings.RETURN_MAILBOX_URL)
        except Exception as error:
            raise CommandError(f"The mailbox cannot be read. {type(error).__name__}: {error}") from error
        self.stdout.write(returned_mail.describe(counts))

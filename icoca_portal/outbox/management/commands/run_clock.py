"""The clock, once and by hand."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from icoca_portal.lib import clock
from icoca_portal.outbox import operations


class Command(BaseCommand):
    """Does what is due by the clock, once; the mail worker does it by itself every half minute."""

    help = "Does what is due by the clock (reminders), once. The mail worker with --loop does it by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        ended = clock.run_due()
        operations.note_tick()
        for name, well in ended.items():
            self.stdout.write(f"{name}: {'done' if well else 'failed'}")
        if not all(ended.values()):
            raise CommandError("Not every job came to its end; the log says why.")

"""The mail worker."""

from __future__ import annotations

import logging
import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connections

from icoca_portal.lib import clock
from icoca_portal.outbox import operations
from icoca_portal.outbox.lines import Line

logger = logging.getLogger(__name__)

#: How soon a sleeping worker notices that it has to stop, in seconds.
NAP = 0.2


class Command(BaseCommand):
    """Sends what is due, and with --loop runs the clock. As many of these as one likes may run at once; one is enough
    for the portal."""

    help = "Sends the mail that is due and ends; with --loop, goes on until it is told to stop (SIGTERM or SIGINT)."

    stopping = False
    ticks_at = float("-inf")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="Go on looking for mail until told to stop.")
        parser.add_argument(
            "--interval", type=float, default=1.0, metavar="SECONDS", help="How often to look, with --loop (1)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping, self.ticks_at = False, float("-inf")
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            if options["loop"]:
                self._loop(options["interval"])
            else:
                self.stdout.write(f"{self._send_due()} sent")
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        # Only a flag: the message in hand is finished first, so that stopping never leaves an uncertain one.
        self.stopping = True

    def _loop(self, interval: float) -> None:
        reachable = True
        while not self.stopping:
            try:
                close_old_connections()
                self._tick()
                self._send_due(ticking=True)
                reachable = True
            except (OperationalError, InterfaceError) as error:
                if reachable:  # once per outage, not once a second
                    logger.warning("The database cannot be reached; trying again every %s s: %s", interval, error)
                reachable = False
                connections.close_all()
            self._sleep(interval)

    def _tick(self) -> None:
        """Do what is due by the clock, if half a minute has passed since the last time."""
        if time.monotonic() < self.ticks_at:
            return
        self.ticks_at = time.monotonic() + clock.EVERY  # first, so that an outage is not met again every second
        clock.run_due()
        operations.note_tick()

    def _send_due(self, *, ticking: bool = False) -> int:
        """Send until nothing is due or we are told to stop, and say how many were sent.

        With `ticking` the clock goes on meanwhile: many messages take longer than half a minute.
        """
        count = 0
        with Line() as line:
            while not self.stopping and (message := operations.send_next(line=line)) is not None:
                count += message.sent_at is not None
                if ticking:
                    self._tick()
        return count

    def _sleep(self, seconds: float) -> None:
        # In naps: a signal does not end time.sleep(), and an Event set by a handler can deadlock with its own wait.
        wake_at = time.monotonic() + seconds
        while not self.stopping and (left := wake_at - time.monotonic()) > 0:
            time.sleep(min(NAP, left))

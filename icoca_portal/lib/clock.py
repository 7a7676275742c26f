"""What is due by the clock. Apps say what (in `AppConfig.ready()`), the mail worker asks every half minute.

A job finds out by itself, from the database, what is due at the moment it is given, and does it in transactions of its
own, so that it may be stopped anywhere and may run in several workers at once: what it has done once is marked by a
unique row and not done again. It knows no schedule: who was away for an hour does what is due then.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

logger = logging.getLogger(__name__)

#: How often the worker asks what is due, in seconds.
EVERY = 30

Job = Callable[[datetime], object]

_jobs: dict[str, Job] = {}


def job(name: str) -> Callable[[Job], Job]:
    """Register a function under a name that stands in the logs. It is called with the present moment (aware).

    Registering a name again replaces the function.
    """

    def register(function: Job) -> Job:
        _jobs[name] = function
        return function

    return register


def run_due(now: datetime | None = None) -> dict[str, bool]:
    """Run every job once, each alone: what one raises is logged, and keeps no other from running.

    Returns by name whether the job came to its end. `now` (aware) stands for the present moment. Must not be called
    inside a transaction.
    """
    now = now or timezone.now()
    ended = {}
    for name, function in list(_jobs.items()):
        started = time.monotonic()
        try:
            function(now)
        except Exception:  # whatever it is, the other jobs and the mail must go on
            logger.exception("The job %s failed", name)
            ended[name] = False
        else:
            logger.debug("The job %s took %.2f s", name, time.monotonic() - started)
            ended[name] = True
    return ended

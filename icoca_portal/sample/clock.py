"""The day on which something of the sample happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest import mock

from django.utils import timezone


@contextmanager
def happening(moment: datetime) -> Iterator[None]:
    """Let operations believe that it is `moment` (aware), so that an earlier questionnaire carries its own dates, and
    nobody gets mail about it today. For loading alone: the clock of the whole process is another one meanwhile."""
    with mock.patch.object(timezone, "now", return_value=moment):
        yield

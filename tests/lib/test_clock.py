"""The clock: each job alone, at the moment given, by hand and in the worker."""

from __future__ import annotations

import io
import itertools
import os
import signal
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from icoca_portal.lib import clock
from icoca_portal.outbox.management.commands import send_mail
from icoca_portal.outbox.models import Tick

NOW = datetime(2018, 4, 16, 6, tzinfo=UTC)


@pytest.fixture
def jobs(monkeypatch) -> dict[str, clock.Job]:
    """The jobs of a clock that has none yet."""
    registered: dict[str, clock.Job] = {}
    monkeypatch.setattr(clock, "_jobs", registered)
    return registered


def fail(now: datetime) -> None:
    raise RuntimeError("a sample fault")


def test_each_job_is_given_the_moment_and_a_fault_keeps_no_other_from_running(jobs, caplog) -> None:
    seen: list[datetime] = []
    clock.job("first")(fail)
    clock.job("second")(seen.append)

    assert clock.run_due(NOW) == {"first": False, "second": True}

    assert seen == [NOW]
    assert "The job first failed" in caplog.text
    assert "a sample fault" in caplog.text


def test_a_name_stands_for_one_job(jobs) -> None:
    seen: list[str] = []
    clock.job("same")(lambda now: seen.append("first"))
    clock.job("same")(lambda now: seen.append("second"))

    clock.run_due(NOW)

    assert seen == ["second"]


def test_the_apps_have_registered_their_jobs() -> None:
    assert "reminders" in clock._jobs


@pytest.mark.django_db
def test_by_hand_it_says_what_was_done_and_notes_the_tick(jobs) -> None:
    clock.job("sample")(lambda now: None)
    said = io.StringIO()

    call_command("run_clock", stdout=said)

    assert said.getvalue() == "sample: done\n"
    assert Tick.objects.count() == 1


@pytest.mark.django_db
def test_by_hand_a_job_that_fails_is_an_error(jobs) -> None:
    clock.job("sample")(fail)
    said = io.StringIO()

    with pytest.raises(CommandError):
        call_command("run_clock", stdout=said)

    assert said.getvalue() == "sample: failed\n"


@pytest.mark.django_db(transaction=True)
def test_the_worker_runs_it_every_half_minute(jobs, monkeypatch) -> None:
    """Time passes in steps of ten seconds, one a question; the worker is told to stop at the third tick."""
    ticks: list[float] = []
    moments = iter(range(0, 10_000, 10))
    # The worker's own time: the database's driver asks the machine's, as often as it likes.
    hours = SimpleNamespace(monotonic=lambda: float(next(moments)), sleep=lambda seconds: None)
    monkeypatch.setattr(send_mail, "time", hours)

    def tick(now: datetime) -> None:
        ticks.append(hours.monotonic())
        if len(ticks) == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    clock.job("sample")(tick)

    call_command("send_mail", loop=True, interval=5)

    assert len(ticks) == 3
    assert all(30 <= later - earlier <= 90 for earlier, later in itertools.pairwise(ticks))
    assert Tick.objects.count() == 1

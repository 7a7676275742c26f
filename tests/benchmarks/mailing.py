"""The mail worker, in a process of its own: ``python -m tests.benchmarks.mailing``.

Sends what is due to the mail server of the settings and prints one JSON object: how many were sent, in how many
seconds, and how much memory the process held after so many messages. `measure` fills the queue and starts it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.exporting import most_memory

QUEUED = 10_000
AT_ONCE = 5_000
#: After so many messages all that is loaded once is loaded; from here on memory is compared.
WARM = 500
#: A worker that held every message would grow by more than 100 MiB over this queue.
MORE_MEMORY = 8.0
PARAGRAPHS = 8


@dataclass(frozen=True)
class Sent:
    """What the worker says of its run: memory in MiB, queries of one message with few and with many queued."""

    count: int
    seconds: float
    warm: float
    most: float
    queries_many: int
    queries_few: int

    @property
    def grown(self) -> float:
        """By how much it grew after it was warm."""
        return self.most - self.warm


def letters(count: int) -> Any:
    """So many messages of a circular: with their form, about 600 words each."""
    from icoca_portal.outbox.operations import Letter

    html = "".join(f"<p>Paragraph {number} of a sample circular: {'words ' * 70}</p>" for number in range(PARAGRAPHS))
    return (
        Letter(
            key=f"bench:{number}",
            to=f"delegate.{number}@sample.example",
            name=f"Sample Delegate {number}",
            subject="Sample circular",
            text="",
            html=html,
            language="en",
            thread="circular-1",
        )
        for number in range(count)
    )


def queue_at_once(count: int) -> tuple[float, float]:
    """Queue so many in one transaction, then take them back. Returns seconds, and the most MiB that Python held."""
    from django.db import transaction

    from icoca_portal.outbox import operations
    from icoca_portal.outbox.models import Message

    def queue() -> None:
        with transaction.atomic():
            operations.queue_messages(letters(count))

    began = time.perf_counter()
    queue()
    seconds = time.perf_counter() - began
    Message.objects.all().delete()
    tracemalloc.start()
    queue()
    held = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    Message.objects.all().delete()
    return seconds, held


def send_apart() -> Sent:
    """Queue `QUEUED` messages and let a worker of its own send them to a mail server in this process."""
    from django.db import transaction

    from icoca_portal.outbox import operations
    from tests.mail_server import MailServer

    with transaction.atomic():
        operations.queue_messages(letters(QUEUED))
    with MailServer() as server:
        command = [sys.executable, "-m", "tests.benchmarks.mailing"]
        environment = {**os.environ, "SAMPLE_SITE": "false", "EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
        environment |= {"STAFF_SECOND_FACTOR": "true", "DEBUG": "false"}
        said = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        copies = server.copies()
    if len(copies) != QUEUED or set(copies.values()) != {1}:
        raise RuntimeError(f"{len(copies)} messages of {QUEUED} were accepted, or some of them twice")
    found: dict[str, Any] = json.loads(said.stdout)
    return Sent(**found)


def send_all() -> Sent:
    """Be the worker."""
    from icoca_portal.outbox import operations
    from icoca_portal.outbox.lines import Line

    began, count, warm = time.perf_counter(), 0, 0.0
    with Line() as line:
        many = _queries(lambda: operations.send_next(line=line))
        count += 1
        while operations.send_next(line=line) is not None:
            count += 1
            if count == WARM:
                warm = most_memory()
            if count == QUEUED - 5:
                few = _queries(lambda: operations.send_next(line=line))
                count += 1
    return Sent(count, time.perf_counter() - began, warm, most_memory(), many, few)


def _queries(act: Callable[[], object]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as taken:
        act()
    return len(taken)


def main() -> None:
    import django

    django.setup()
    print(json.dumps(send_all().__dict__))


if __name__ == "__main__":
    main()

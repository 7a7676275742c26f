"""One file of the register, taken along in a process of its own: how long it took, and how much memory that needed.

    python -m tests.benchmarks.exporting portal /members/members.csv

The settings come from the environment (`tools.bench` has set it). A file of few rows is taken before, so that what is
loaded once counts for nothing. Prints one JSON object.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Taken:
    """What a file cost: seconds by the clock and of the processor, and by how many MiB the process grew."""

    status: int
    seconds: float
    processor: float
    grown: float
    sha256: str


def most_memory() -> float:
    """The most memory that this process has held, in MiB."""
    if STATUS.exists():
        # Not what getrusage says: that knows of the process that started this one, too.
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def take(side: str, path: str) -> Taken:
    """Ask for the file here, and throw it away piece by piece."""
    from tests.benchmarks import asking

    browser = asking.Browser(asking.portal() if side == "portal" else asking.bare(), None)
    browser.get(f"{path}{'&' if '?' in path else '?'}q=quetzal")
    before, processor = most_memory(), time.process_time()
    answer = browser.get(path, keep=_digest)
    return Taken(
        answer.status, answer.took / 1000, time.process_time() - processor, most_memory() - before, answer.body.decode()
    )


def _digest(pieces: Iterable[bytes]) -> bytes:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest().encode()


def take_apart(side: str, path: str) -> Taken:
    """The same in a new process."""
    command = [sys.executable, "-m", "tests.benchmarks.exporting", side, path]
    said = subprocess.run(command, capture_output=True, check=True, text=True, env=os.environ.copy())
    found: dict[str, Any] = json.loads(said.stdout)
    return Taken(**found)


def main() -> None:
    import django
    from django.conf import settings

    settings.ROOT_URLCONF = "tests.benchmarks.bare.urls"
    django.setup()
    print(json.dumps(asdict(take(*sys.argv[1:3]))))


if __name__ == "__main__":
    main()

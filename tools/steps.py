"""Runs the named steps of `make check` and `make test`, with their times."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True)
class Done:
    """A step that ran: its name, exit status and duration in seconds."""

    name: str
    status: int
    seconds: float


def run(name: str, command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Done:
    """Run one step in the project's folder, with its output as it comes."""
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    status = subprocess.run(command, cwd=ROOT, env={**os.environ, **(environment or {})}, check=False).returncode
    return Done(name, status, time.monotonic() - began)

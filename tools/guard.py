"""Ends the processes of a parent that died without ending them itself (``kill -9``, power of the terminal).

The parent holds the only write end of this process's standard input and tells it what it started: lines
``watch <signal> <process group>`` and ``forget <process group>``. The pipe closes when the parent ends, however it
ends; whatever is still watched then gets its signal, and a kill ten seconds later. Works alike on Linux and macOS.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

GRACE_SECONDS = 10


class Guard:
    """The parent's side: a guard process, told what to end."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", Path(__file__)], stdin=subprocess.PIPE, text=True, start_new_session=True
        )

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        # A guard that somebody killed must not keep the parent from ending its processes itself.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def watch(self, group: int, signal_number: int = signal.SIGTERM) -> None:
        """End this process group with this signal if the parent dies."""
        self._say(f"watch {int(signal_number)} {group}")

    def forget(self, group: int) -> None:
        """The parent has seen this group end."""
        self._say(f"forget {group}")

    def close(self) -> None:
        """End the guard, and with it whatever is still watched."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()


def signal_group(group: int, signal_number: int) -> bool:
    """Signal a process group. Returns whether there was anybody left in it."""
    # macOS answers PermissionError for a group of which only ended processes remain.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal_number)
        return True
    return False


def main() -> None:
    """Read what to watch until the parent is gone, then end it."""
    watched: dict[int, int] = {}
    for line in sys.stdin:
        verb, *numbers = line.split()
        if verb == "watch":
            watched[int(numbers[1])] = int(numbers[0])
        else:
            watched.pop(int(numbers[0]), None)
    left = {group for group, signal_number in watched.items() if signal_group(group, signal_number)}
    until = time.monotonic() + GRACE_SECONDS
    while left and time.monotonic() < until:
        time.sleep(0.1)
        left = {group for group in left if signal_group(group, 0)}
    for group in left:
        signal_group(group, signal.SIGKILL)


if __name__ == "__main__":
    main()

"""Mail workers to be killed, each a process of its own that costs no start: ``python -m tests.drills._workers``.

This process sets Django up once and then does nothing but fork: a child is a worker, the real command. On standard
input it is told ``start`` (it answers with the process id), ``kill <pid>`` and ``wait <pid>`` (it answers how that one
ended, once it is dead). When its standard input closes, its children are killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Self

from tools.sample_site import ROOT


class Nursery:
    """The side of the drill: starts workers that send to the mail server at this port."""

    def __init__(self, port: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.drills._workers"],
            cwd=ROOT,
            env={**os.environ, "EMAIL_URL": f"smtp://127.0.0.1:{port}", "LOG_LEVEL": "CRITICAL"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._read() == "ready"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._process.communicate()

    def start(self) -> int:
        """Start a worker that sends what is due and ends. Returns its process id."""
        return int(self._ask("start"))

    def kill(self, worker: int) -> int:
        """Kill -9, and wait until it is dead. Returns the signal that ended it; 0 if it had ended by itself."""
        return int(self._ask(f"kill {worker}"))

    def wait(self, worker: int) -> int:
        """Wait until it has ended by itself. Returns as `kill`, or its exit status when that is not 0."""
        return int(self._ask(f"wait {worker}"))

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line, "the process that starts workers has ended"
        return line


def main() -> None:
    """Fork workers until standard input closes."""
    import django

    django.setup()
    children: set[int] = set()
    print("ready", flush=True)
    for line in sys.stdin:
        verb, *numbers = line.split()
        if verb == "start":
            child = os.fork()
            if not child:
                work()
            children.add(child)
            print(child, flush=True)
            continue
        child = int(numbers[0])
        if verb == "kill":
            os.kill(child, signal.SIGKILL)  # not reaped yet, so the number is still its own
        _, status = os.waitpid(child, 0)
        children.discard(child)
        print(abs(os.waitstatus_to_exitcode(status)), flush=True)
    for child in children:
        os.kill(child, signal.SIGKILL)


def work() -> None:
    """Be a worker, and end."""
    from django.core.management import call_command

    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, sys.stdin.fileno())
    os.dup2(nothing, sys.stdout.fileno())
    try:
        call_command("send_mail")
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()

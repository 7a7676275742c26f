"""The sample site with all its processes: ``python -m tools.serve [--dev]`` (``make run``, ``make dev``).

Prepares the site, then runs the web server and the mail worker, each in its own process group. All of them end
together: at Ctrl-C, when one of them ends, when the caller ends, and when this process is killed (tools/guard.py).
"""

from __future__ import annotations

import errno
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from tools import sample_site
from tools.guard import Guard, signal_group

HOST = "127.0.0.1"
STOP_SECONDS = 10
READY_SECONDS = 30
POLL_SECONDS = 0.1
READY_POLL_SECONDS = 1


class Supervisor:
    """Runs several processes as one: the first that ends, ends all."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._parent = os.getppid()
        self._stop_asked = False
        self._guard = Guard()

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a process under a name that people read."""
        process = subprocess.Popen(
            [sys.executable, *command], env=self._environment, cwd=sample_site.ROOT, start_new_session=True
        )
        self._processes[name] = process
        self._guard.watch(process.pid)

    def ask_to_stop(self, *_: object) -> None:
        """Stop soon; a signal handler."""
        self._stop_asked = True

    def ended(self) -> str | None:
        """Why all should end now: what happened, "" for a request to stop, None to go on."""
        for name, process in self._processes.items():
            status = process.poll()
            if status is not None and not self._stop_asked:
                return f"The {name} ended with status {status}; the rest is stopped."
        return "" if self._stop_asked or os.getppid() != self._parent else None

    def wait(self) -> str:
        """Wait until all should end; returns why, "" when it was asked for."""
        while (why := self.ended()) is None:
            time.sleep(POLL_SECONDS)
        return why

    def stop(self) -> None:
        """End every process: first politely, after ten seconds not. Leaves nobody behind."""
        for process in self._processes.values():
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + STOP_SECONDS
        while time.monotonic() < until and any(process.poll() is None for process in self._processes.values()):
            time.sleep(POLL_SECONDS)
        for process in self._processes.values():
            # Also reaches a child of the process that outlived it.
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
            self._guard.forget(process.pid)
        self._guard.close()


def port_fault(port: int) -> str | None:
    """Why this port of this machine cannot be served on, None if it can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {port} of this machine is taken. Name another one: PORT={port % 65535 + 1}"
            if error.errno == errno.EACCES:
                return f"Port {port} is reserved for the administrator of this machine. Name another one: PORT=8000"
            raise
    return None


def answers(port: int) -> bool:
    """Whether the site answers its health page."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def run(port: int, *, dev: bool) -> int:
    """Prepare and serve the sample site until it is stopped. Returns the exit status."""
    environment = sample_site.environment(port=port, debug=dev)
    if subprocess.run([sys.executable, "-m", "tools.prepare_site"], env=environment, check=False).returncode:
        print("The sample site could not be prepared; the lines above say why.", file=sys.stderr)
        return 1
    address = f"{HOST}:{port}"
    server = (
        ["manage.py", "runserver", address]
        if dev
        else ["-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", address, "icoca_portal.wsgi"]
    )
    supervisor = Supervisor(environment)
    for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signal_number, supervisor.ask_to_stop)
    try:
        # The worker first: the site is well once the worker has looked at the clock, and says so in the log until then.
        supervisor.start("mail worker", ["manage.py", "send_mail", "--loop"])
        supervisor.start("web server", server)
        until = time.monotonic() + READY_SECONDS
        while supervisor.ended() is None and not (ready := answers(port)) and time.monotonic() < until:
            time.sleep(READY_POLL_SECONDS)
        if supervisor.ended() is None:
            if ready:
                print(f"\nThe portal is at http://{address}/  (Ctrl-C ends it)", flush=True)
            else:
                print(f"No healthy answer from http://{address}/health/ yet; the lines above say why.", file=sys.stderr)
        why = supervisor.wait()
    finally:
        supervisor.stop()
    if why:
        print(why, file=sys.stderr)
    return 1 if why else 0


def main() -> int:
    """Serve on PORT. Returns the exit status."""
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        print(f"PORT={text} is not a port; it takes a number from 1 to 65535.", file=sys.stderr)
        return 1
    port = int(text)
    if fault := port_fault(port):
        print(fault, file=sys.stderr)
        return 1
    sample_site.VAR.mkdir(exist_ok=True)
    with sample_site.IN_USE.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        try:
            return run(port, dev="--dev" in sys.argv[1:])
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    sys.exit(main())

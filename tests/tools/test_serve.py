"""The supervisor ends everything together and leaves nobody behind, even when it is killed."""

import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tools import serve

ROOT = Path(__file__).parents[2]
# Runs until it is killed and deaf to polite requests.
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"
PATIENT = "import signal; print('up', flush=True); signal.pause()"


def start_supervisor(*programs: str, stdout: int | None = subprocess.PIPE) -> subprocess.Popen[str]:
    """A supervisor in a process of its own over these programs; all of them write to its standard output."""
    code = f"""
        import signal, sys
        from tools import serve
        serve.STOP_SECONDS = 1
        supervisor = serve.Supervisor({{}})
        signal.signal(signal.SIGTERM, supervisor.ask_to_stop)
        for number, program in enumerate({programs!r}):
            supervisor.start(f"program {{number}}", ["-c", program])
        why = supervisor.wait()
        supervisor.stop()
        print("because:", why, flush=True)
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        stdout=stdout,
        text=True,
        start_new_session=True,
    )


def read_to_the_end(process: subprocess.Popen[str]) -> str:
    """All that is written until every process that holds the pipe has ended."""
    text, _ = process.communicate(timeout=60)
    return text


def wait_for_ups(process: subprocess.Popen[str], number: int) -> None:
    assert process.stdout
    assert [process.stdout.readline() for _ in range(number)] == ["up\n"] * number


def test_a_request_to_stop_ends_all_even_the_stubborn():
    supervisor = start_supervisor(PATIENT, STUBBORN)
    wait_for_ups(supervisor, 2)
    supervisor.terminate()
    assert read_to_the_end(supervisor) == "because: \n"


def test_the_end_of_one_is_the_end_of_all():
    supervisor = start_supervisor(PATIENT, "raise SystemExit(3)")
    assert "because: The program 1 ended with status 3; the rest is stopped." in read_to_the_end(supervisor)


def test_a_killed_supervisor_leaves_nobody():
    supervisor = start_supervisor(PATIENT, PATIENT)
    wait_for_ups(supervisor, 2)
    supervisor.kill()
    # The programs hold the pipe: it would stay open if one of them lived on.
    assert read_to_the_end(supervisor) == ""
    assert supervisor.returncode == -signal.SIGKILL


def test_a_caller_that_ends_takes_the_supervisor_along():
    code = f"""
        from tests.tools.test_serve import start_supervisor
        start_supervisor({PATIENT!r}, stdout=None).wait()
    """
    caller = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    wait_for_ups(caller, 1)
    caller.kill()
    assert read_to_the_end(caller) == "because: \n"


def test_a_taken_port_names_another(monkeypatch, capsys):
    with socket.socket() as taken:
        taken.bind((serve.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        assert serve.main() == 1
    assert f"Port {port} of this machine is taken" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", ""])
def test_what_is_not_a_port_is_refused(port, monkeypatch, capsys):
    monkeypatch.setenv("PORT", port)
    assert serve.main() == 1
    assert "is not a port" in capsys.readouterr().err

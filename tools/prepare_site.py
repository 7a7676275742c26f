"""Bring a sample site up to date in one go: migrations, static files, sample data; then print its accounts.

``python -m tools.prepare_site [--dev]``, with the settings in the environment. Each step is done only where it is
needed, so that a second start is quick and changes nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from tools.sample_site import VAR

STATIC_STAMP = VAR / "static-fingerprint"


def migrate() -> None:
    """Run the migrations that are outstanding."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database", flush=True)
        call_command("migrate", interactive=False, verbosity=0)


def static_fingerprint() -> str:
    """What identifies all static files by path, size and time of change."""
    from django.contrib.staticfiles.finders import get_finders

    lines = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            lines.append(f"{name} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def collect_static() -> None:
    """Collect and compress the static files, unless nothing changed since the last time."""
    now = static_fingerprint()
    collected = Path(settings.STATIC_ROOT, "staticfiles.json")
    if collected.exists() and STATIC_STAMP.exists() and STATIC_STAMP.read_text() == now:
        return
    print("Collecting the static files", flush=True)
    STATIC_STAMP.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    STATIC_STAMP.write_text(now)


def load_sample() -> None:
    """Load the sample data into a database that knows nobody yet; later only keep its questionnaire open."""
    from django.contrib.auth import get_user_model

    from icoca_portal.sample import loading

    if not get_user_model()._default_manager.exists():
        print("Loading the sample data", flush=True)
        call_command("load_sample", verbosity=0)
    elif loading.keep_open():
        print("The deadline of the sample questionnaire had passed; it is moved.", flush=True)


def main() -> None:
    """Prepare the site that the environment describes."""
    django.setup()
    migrate()
    if not settings.DEBUG:  # runserver serves the files from where they are
        collect_static()
    load_sample()
    call_command("sample_accounts")


if __name__ == "__main__":
    main()

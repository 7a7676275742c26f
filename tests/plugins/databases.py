"""The database of a test run: its folder, its PostgreSQL server if one is asked for, flushing past sealed tables."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3.base import DatabaseWrapper
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.plugins import prepared
from tools.postgres import PostgresMissing, Server

SERVER = pytest.StashKey[Server]()

# How long an example takes says how busy the machine is, not whether the portal is right.
hypothesis_settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("portal")


def run_folder() -> Path:
    """The folder of this run; tests/settings.py named it."""
    return Path(os.environ["PORTAL_TEST_RUN"])


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    for folder in (run_folder(), Path(settings.STATIC_ROOT), Path(settings.MEDIA_ROOT)):
        folder.mkdir(parents=True, exist_ok=True)
    if os.environ["TESTS_ON"] == "postgresql":
        server = Server(run_folder() / "postgresql")
        try:
            server.start()
        except PostgresMissing as missing:
            raise pytest.UsageError(str(missing)) from missing
        config.stash[SERVER] = server


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    if server := config.stash.get(SERVER, None):
        server.stop()
    shutil.rmtree(run_folder(), ignore_errors=True)


def pytest_report_header() -> str:
    return f"database: {settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[-1]}"


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Whether to migrate the database that is there: on SQLite a copy of the prepared one, or none yet."""
    return os.environ["TESTS_ON"] == "sqlite"


@pytest.fixture(scope="session")
def prepared_database(django_db_keepdb: bool, django_db_modify_db_settings: None) -> Path | None:
    """On SQLite the file in which the tests of this process run: a copy of the prepared database where there is one."""
    if not django_db_keepdb:
        return None
    database = Path(settings.DATABASES["default"]["TEST"]["NAME"])
    prepared.take(database)
    return database


@pytest.fixture(scope="session")
def django_db_setup(prepared_database: Path | None, django_db_setup: None) -> None:
    """Whoever had to run all migrations prepares the next runs."""
    if prepared_database:
        prepared.keep(prepared_database)


@pytest.fixture(scope="session", autouse=True)
def flush_past_sealed_tables() -> Iterator[None]:
    """Let Django empty the tables after a transactional test although triggers forbid to delete from sealed ones.

    Only the triggers that refuse are lifted, only for the flush itself, and in its transaction: whatever happens, they
    are back. PostgreSQL truncates, which row triggers do not see.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseWrapper.ops_class, "execute_sql_flush", flush_without_refusals)
        yield


def flush_without_refusals(operations: BaseDatabaseOperations, sql_list: list[str]) -> None:
    """`execute_sql_flush` of SQLite, with the refusing triggers lifted while it runs."""
    connection: Any = operations.connection
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE%'")
        refusals = cursor.fetchall()
        for name, _ in refusals:
            cursor.execute(f"DROP TRIGGER {operations.quote_name(name)}")
        for sql in sql_list:
            cursor.execute(sql)
        for _, sql in refusals:
            cursor.execute(sql)

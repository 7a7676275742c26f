"""Sealed records: canonical JSON, its SHA-256, and a database that refuses to change the row."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def canonical(content: Any) -> str:
    """The one text of a JSON value: keys sorted, no spaces, letters as they are (UTF-8 when hashed).

    Equal values give equal texts, so a hash can be recomputed anywhere. Raises ValueError on NaN and infinities,
    TypeError on what JSON cannot hold.
    """
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """The SHA-256 of a canonical text in UTF-8, as 64 small hexadecimal figures."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def groups(digest_text: str) -> list[str]:
    """A seal in groups of eight, as every page and paper prints it, so that it can be compared by eye."""
    return re.findall(".{1,8}", digest_text)


def grouped(digest_text: str) -> str:
    """The groups with a space between them."""
    return " ".join(groups(digest_text))


def cleaned(typed: str) -> str:
    """What somebody typed or pasted as a seal, without spaces and in small letters."""
    return re.sub(r"[^0-9a-f]", "", typed.lower())


def matches(text: str, expected: str) -> bool:
    """Whether the stored text still has the seal that was given for it."""
    return hmac.compare_digest(digest(text), expected)


SQLITE = """
CREATE TRIGGER {table}_sealed_{event} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} holds sealed records: a correction is a new row'); END
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{table} holds sealed records: a correction is a new row'
USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
POSTGRESQL = (
    "CREATE TRIGGER {table}_sealed BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_sealed()"
)


class SealTable(migrations.operations.base.Operation):
    """A migration operation after which the database refuses UPDATE and DELETE on a model's rows (IntegrityError)."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The rows' shape stays as it is."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        if schema_editor.connection.vendor == "sqlite":
            for event in ("UPDATE", "DELETE"):
                schema_editor.execute(SQLITE.format(table=table, event=event))
        else:
            schema_editor.execute(POSTGRESQL_FUNCTION.format(table=table), params=None)
            schema_editor.execute(POSTGRESQL.format(table=table), params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        if schema_editor.connection.vendor == "sqlite":
            for event in ("UPDATE", "DELETE"):
                schema_editor.execute(f"DROP TRIGGER {table}_sealed_{event}")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_sealed ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_sealed()")

    def describe(self) -> str:
        return f"Seal the rows of {self.model_name}"


class LiftSeal(SealTable):
    """The inverse, for a migration that changes the columns of a sealed table: SQLite makes the table anew, without its
    triggers. Lift the seal, change the table, seal it again."""

    def database_forwards(self, *args: Any) -> None:
        super().database_backwards(*args)

    def database_backwards(self, *args: Any) -> None:
        super().database_forwards(*args)

    def describe(self) -> str:
        return f"Lift the seal of {self.model_name}"

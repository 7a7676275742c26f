"""Names compared without accents and case, in the database: "Société" is found by "societe" and stands beside "Sode".

`Fold("name")` is an expression on SQLite and PostgreSQL alike, with the result of `icoca_portal.lib.fulltext.fold`.
SQLite asks Python for it, by a function that each connection learns as it opens (`teach`, called when the portal
starts). For names, of which a table has many short ones; whole texts are searched with `icoca_portal.lib.fulltext`.
A table that is searched and sorted by a name keeps it folded beside it: `folded = folded_copy("name")`.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import CharField, Func
from django.db.models.functions import Left

from icoca_portal.lib.fulltext import fold

NAME = "wg_fold"
LONGEST = 400


class Fold(Func):
    """The text without accents and in small letters. A name of plain letters, as most are, costs next to nothing."""

    function = NAME
    arity = 1
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """What `fold` does, in SQL; a text without accents is recognised by its length in bytes."""
        text, params = compiler.compile(self.source_expressions[0])
        sql = (
            f"CASE WHEN octet_length({text}) = char_length({text}) THEN lower({text})"
            f" ELSE lower(regexp_replace(normalize({text}, NFKD), '[\u0300-\u036f]', '', 'g')) END"
        )
        return sql, (*params, *params, *params, *params)


def folded_copy(field: str) -> models.GeneratedField:
    """A column that the database keeps: the folded text of another one, so that many names are compared at once.

    A single sign may unfold to eighteen letters; what an index could not hold of a name of such signs is cut.
    """
    folded = Left(Fold(field), LONGEST)
    return models.GeneratedField(expression=folded, output_field=CharField(max_length=LONGEST), db_persist=True)


def _fold(text: str | None) -> str | None:
    return None if text is None else text.lower() if text.isascii() else fold(text)


def _teach(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(NAME, 1, _fold, deterministic=True)


def teach() -> None:
    """Let every SQLite connection that opens from now on know the function."""
    connection_created.connect(_teach, dispatch_uid=NAME)

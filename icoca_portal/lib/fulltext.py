"""Full-text search in one column of a table, on SQLite and PostgreSQL alike.

A migration lays the index with `AddFullText("SubmittedAnswer", "text")`; from then on the database keeps it: SQLite in
an FTS5 table beside the model's, by triggers; PostgreSQL in a generated column. English and French words are found
whatever their ending, accents and case count for nothing, and words in double quotes are found side by side.

`matching(rows, "text", "what was typed")` narrows a queryset and puts the best first; `marks` says where the words are
in the rows of a page; `snippet` cuts a text around them. Nothing that a person can type raises.

A migration that alters the columns of an indexed table on SQLite makes the table anew, without its triggers: lift the
index first (`DropFullText`), and lay it again after.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connections, migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.expressions import RawSQL
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

#: Words of a search that count; a longer search is cut.
MAX_WORDS = 12
#: PostgreSQL holds no more than a megabyte of words for one row.
MAX_LETTERS = 150_000
#: PostgreSQL marks no more letters of a text than these, from a little before the first place of a word on.
MARKED = 4_000
#: The letters of one snippet.
SNIPPET = 240
OPEN, CLOSE = "\x02", "\x03"
CONFIGURATIONS = ("english", "french")

_TERM = re.compile(r'"([^"]*)"|([^"\s]+)')
_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
#: PostgreSQL would read tags, addresses and paths in a text; nothing of this is in a word that we search.
_BETWEEN = "".join(chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum())

Span = tuple[int, int]


def fold(text: str) -> str:
    """The text without accents and in small letters, as both databases compare it."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower()


_fold_letter = lru_cache(maxsize=4096)(fold)


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters the place of the letter in `text` that it comes from."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        folded = _fold_letter(letter)
        letters.append(folded)
        places.extend([place] * len(folded))
    return "".join(letters), places


def terms(typed: str) -> list[list[str]]:
    """What somebody searches for: single words, and words in double quotes together."""
    found: list[list[str]] = []
    left = MAX_WORDS
    for phrase, single in _TERM.findall(fold(typed)):
        words = _WORD.findall(phrase or single)[:left]
        left -= len(words)
        if words:
            found.extend([words] if phrase else [[word] for word in words])
    return found


def matching(rows: models.QuerySet[Any], column: str, typed: str) -> models.QuerySet[Any]:
    """The rows in which every word of `typed` is found, the best first; none where it holds no word."""
    words = words_for(rows.db, typed)
    return holding(rows, column, words) if words else rows.none()


def words_for(database: str, typed: str) -> list[str]:
    """What is looked for, as parameters of the query of `holding`; nothing where `typed` holds no word."""
    wanted = terms(typed)
    if connections[database].vendor == "sqlite":
        return [_fts5(wanted)] if wanted else []
    return [" ".join(term) for term in wanted]


def holding(rows: models.QuerySet[Any], column: str, words: Sequence[Any]) -> models.QuerySet[Any]:
    """The rows that hold these words of `words_for`, the best first. In a query that is prepared their places stand
    for them (`placed_text`)."""
    table = rows.model._meta.db_table
    if connections[rows.db].vendor == "sqlite":
        # Joined, and not asked for each row: FTS5 counts all that matches whenever a query on it begins. The plus keeps
        # SQLite from asking for each row on its own account, where something else narrows the rows.
        index = _index(table, column)
        joined = rows.extra(  # noqa: S610 (names are ours, what was typed is a parameter)
            tables=[index],
            where=[f'"{index}" MATCH %s', f'+"{index}".rowid = "{table}"."id"'],
            params=words,
        )
        return joined.order_by(RawSQL(f'"{index}".rank', []), "pk")  # noqa: S611
    query, parameters = _tsquery(words)
    vector = f'"{table}"."{_index("", column)}"'
    holds = RawSQL(f"{vector} @@ ({query})", parameters, output_field=models.BooleanField())  # noqa: S611
    best = RawSQL(f"ts_rank({vector}, {query})", parameters, output_field=models.FloatField())  # noqa: S611
    return rows.filter(holds).order_by(best.desc(), "pk")


def marks(rows: Sequence[models.Model], column: str, typed: str) -> dict[Any, list[Span]]:
    """Where the words of `typed` stand in the column of each of these rows, by primary key, from the first."""
    wanted = terms(typed)
    texts = {row.pk: getattr(row, column) for row in rows}
    if not wanted or not texts:
        return {}
    database = rows[0]._state.db or "default"
    if connections[database].vendor == "sqlite":
        return _marks_of_fts5(database, _index(rows[0]._meta.db_table, column), wanted, texts)
    return _marks_of_postgresql(database, wanted, texts)


@dataclass(frozen=True)
class Snippet:
    """A part of a text with the words that were found in it."""

    pieces: Sequence[tuple[str, bool]]

    @property
    def html(self) -> SafeString:
        """For a page: everything escaped, the words found in ``<mark>``."""
        return mark_safe(  # noqa: S308
            "".join(f"<mark>{escape(text)}</mark>" if found else escape(text) for text, found in self.pieces)
        )

    def __str__(self) -> str:
        return "".join(text for text, _found in self.pieces)


def snippet(text: str, spans: Sequence[Span], letters: int = SNIPPET) -> Snippet:
    """About `letters` letters of the text from a little before the first span, cut between words."""
    start = max(spans[0][0] - letters // 3, 0) if spans else 0
    end = min(start + letters, len(text))
    if start:
        start = _next_word(text, start, spans[0][0])
    if end < len(text):
        end = _last_word(text, end, start)
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = start
    for first, last in spans:
        if first < at or first >= end:
            continue
        last = min(last, end)
        pieces += [(text[at:first], False), (text[first:last], True)]
        at = last
    pieces.append((text[at:end], False))
    if end < len(text):
        pieces.append((" …", False))
    return Snippet([piece for piece in pieces if piece[0]])


def _next_word(text: str, start: int, before: int) -> int:
    blank = re.compile(r"\s").search(text, start, before)
    return blank.end() if blank else start


def _last_word(text: str, end: int, start: int) -> int:
    blanks = [match.start() for match in re.finditer(r"\s", text[start:end])]
    return start + blanks[-1] if blanks and blanks[-1] > (end - start) // 2 else end


# SQLite


def _index(table: str, column: str) -> str:
    """The name of the index: a table on SQLite, a column on PostgreSQL (where `table` is empty)."""
    return f"{table}_{column}_fulltext".lstrip("_")


def _fts5(wanted: Iterable[list[str]]) -> str:
    """The words quoted, so that nothing in them is an operator."""
    return " AND ".join('"' + " ".join(words) + '"' for words in wanted)


def _marks_of_fts5(
    database: str, index: str, wanted: list[list[str]], texts: Mapping[Any, str]
) -> dict[Any, list[Span]]:
    places = ", ".join(["%s"] * len(texts))
    with connections[database].cursor() as cursor:
        cursor.execute(
            f'SELECT rowid, highlight("{index}", 0, %s, %s) FROM "{index}" '  # noqa: S608
            f'WHERE "{index}" MATCH %s AND rowid IN ({places})',
            [OPEN, CLOSE, _fts5(wanted), *texts],
        )
        return {pk: _spans(texts[pk], marked) for pk, marked in cursor.fetchall()}


def _spans(text: str, marked: str) -> list[Span]:
    """Where `marked`, which is `text` with signs around what was found, has its signs."""
    pieces = marked.split(OPEN)
    place = len(pieces[0])
    spans: list[Span] = []
    for piece in pieces[1:]:
        inside, _, after = piece.partition(CLOSE)
        if inside:
            spans.append((place, place + len(inside)))
        place += len(inside) + len(after)
    if place == len(text):
        return spans
    # Something else differs: the text has such signs of its own, or PostgreSQL left some of it away.
    spans, place, start = [], 0, None
    for letter in marked:
        if place < len(text) and letter == text[place]:
            place += 1
        elif letter == OPEN:
            start = place
        elif letter == CLOSE and start is not None:
            spans.append((start, place))
            start = None
    return spans


# PostgreSQL


def _tsquery(words: Sequence[Any], configurations: Sequence[str] = CONFIGURATIONS) -> tuple[str, list[Any]]:
    """The query as SQL with its parameters; the words are plain texts to it."""
    parts = []
    for configuration in configurations:
        call = f"phraseto_tsquery('{configuration}', %s)"
        parts.append(f"({' && '.join([call] * len(words))})")
    return " || ".join(parts), [*words] * len(configurations)


def _marks_of_postgresql(database: str, wanted: list[list[str]], texts: Mapping[Any, str]) -> dict[Any, list[Span]]:
    """PostgreSQL marks the folded text; the places are those of the text itself."""
    begins = {pk: _begins(text, wanted) for pk, text in texts.items()}
    parts = {
        pk: texts[pk][start : min(start + MARKED, MAX_LETTERS)].replace("\x00", " ") for pk, start in begins.items()
    }
    folded = {pk: fold_with_places(part) for pk, part in parts.items()}
    apart = str.maketrans(dict.fromkeys(_BETWEEN, " "))
    options = f"HighlightAll=true, StartSel={OPEN}, StopSel={CLOSE}"
    calls, parameters = [], []
    for configuration in CONFIGURATIONS:
        query, words = _tsquery([" ".join(term) for term in wanted], [configuration])
        calls.append(f"ts_headline('{configuration}', t.body, {query}, %s)")
        parameters += [*words, options]
    rows = ", ".join(["(%s, %s)"] * len(texts))
    values = [value for pk, (text, _places) in folded.items() for value in (pk, text.translate(apart))]
    with connections[database].cursor() as cursor:
        cursor.execute(
            f"SELECT t.id, {', '.join(calls)} FROM (VALUES {rows}) AS t(id, body)",  # noqa: S608
            [*parameters, *values],
        )
        found = cursor.fetchall()
    marked: dict[Any, list[Span]] = {}
    for pk, *headlines in found:
        text, places = folded[pk]
        places = [begins[pk] + place for place in [*places, len(parts[pk])]]  # so that an accent stays with its letter
        spans = sorted({span for headline in headlines for span in _spans(text.translate(apart), headline)})
        marked[pk] = _disjoint((places[first], places[last]) for first, last in spans)
    return marked


def _begins(text: str, wanted: Iterable[list[str]]) -> int:
    """From where on a long text is marked: a little before the first word that begins as one of those wanted does."""
    if len(text) <= MARKED:
        return 0
    folded = fold(text[:MAX_LETTERS])
    # Endings differ, beginnings do not.
    begun = [word[: max(3, len(word) - 3)] for words in wanted for word in words]
    places = [found.start() for word in begun if (found := re.search(rf"\b{re.escape(word)}", folded))]
    # Folding hardly changes the length of a text: near enough.
    return max(0, int(min(places) * len(text[:MAX_LETTERS]) / len(folded)) - MARKED // 8) if places else 0


def _disjoint(spans: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for first, last in spans:
        if not kept or first >= kept[-1][1]:
            kept.append((first, last))
    return kept


# Migrations

SQLITE = (
    """CREATE VIRTUAL TABLE "{index}" USING fts5(
        "{column}", content='{table}', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER "{index}_insert" AFTER INSERT ON "{table}" BEGIN
        INSERT INTO "{index}"(rowid, "{column}") VALUES (new.id, new."{column}"); END""",
    """CREATE TRIGGER "{index}_delete" AFTER DELETE ON "{table}" BEGIN
        INSERT INTO "{index}"("{index}", rowid, "{column}") VALUES ('delete', old.id, old."{column}"); END""",
    """CREATE TRIGGER "{index}_update" AFTER UPDATE OF "{column}" ON "{table}" BEGIN
        INSERT INTO "{index}"("{index}", rowid, "{column}") VALUES ('delete', old.id, old."{column}");
        INSERT INTO "{index}"(rowid, "{column}") VALUES (new.id, new."{column}"); END""",
    """INSERT INTO "{index}"("{index}") VALUES ('rebuild')""",
)
SQLITE_DROP = (
    'DROP TRIGGER "{index}_insert"',
    'DROP TRIGGER "{index}_delete"',
    'DROP TRIGGER "{index}_update"',
    'DROP TABLE "{index}"',
)
#: What `fold` does, in SQL. Long words and signs that PostgreSQL cannot index are passed over by itself.
FOLDED = (
    "translate(lower(regexp_replace(normalize(left(\"{column}\", {letters}), NFKD), '[\u0300-\u036f]', '', 'g')), "
    "'{between}', '{blanks}')"
)
POSTGRESQL = (
    'ALTER TABLE "{table}" ADD COLUMN "{index}" tsvector GENERATED ALWAYS AS ('
    + " || ".join(f"to_tsvector('{name}', {FOLDED})" for name in CONFIGURATIONS)
    + ") STORED",
    'CREATE INDEX "{table}_{index}" ON "{table}" USING gin ("{index}")',
)
POSTGRESQL_DROP = ('ALTER TABLE "{table}" DROP COLUMN "{index}"',)


class AddFullText(migrations.operations.base.Operation):
    """Lay the full-text index of one text column of a model; its primary key is the whole number `id`."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, column: str) -> None:
        self.model_name, self.column = model_name, column

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The rows' shape stays as it is."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._run(app_label, schema_editor, to_state, SQLITE, POSTGRESQL)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._run(app_label, schema_editor, from_state, SQLITE_DROP, POSTGRESQL_DROP)

    def _run(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        state: Any,
        sqlite: Sequence[str],
        postgresql: Sequence[str],
    ) -> None:
        table = state.apps.get_model(app_label, self.model_name)._meta.db_table
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        names = {
            "table": table,
            "column": self.column,
            "index": _index(table if is_sqlite else "", self.column),
            "letters": MAX_LETTERS,
            "between": _BETWEEN.replace("'", "''"),
            "blanks": " " * len(_BETWEEN),
        }
        for statement in sqlite if is_sqlite else postgresql:
            schema_editor.execute(statement.format(**names), params=None)

    def describe(self) -> str:
        return f"Search the {self.column} of {self.model_name}"


class DropFullText(AddFullText):
    """The inverse, for a migration that changes the columns of an indexed table."""

    def database_forwards(self, *args: Any) -> None:
        super().database_backwards(*args)

    def database_backwards(self, *args: Any) -> None:
        super().database_forwards(*args)

    def describe(self) -> str:
        return f"Lift the search of the {self.column} of {self.model_name}"

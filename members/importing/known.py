"""What the registry holds of that a file speaks about, read in a few queries, however many lines the file has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from icoca_portal.lib.fulltext import fold
from icoca_portal.lib.numbers import whole_number
from members.importing.columns import ROW, Sheet
from members.importing.reading import Table
from members.importing.values import NotUnderstood, text_of
from members.models import Certificate, Membership, Organisation, OtherName, Standard

#: Keys asked for in one query: SQLite takes no more parameters than some thousands.
AT_ONCE = 900


def folded(text: str) -> str:
    """A name as it is compared: without accents and capitals."""
    return text.lower() if text.isascii() else fold(text)


def row_number(value: Any) -> int | None:
    """The stored row that a line names; None if it names none. Raises NotUnderstood."""
    text = text_of(value)
    if not text:
        return None
    number = whole_number(text, figures=15)
    if number is None:
        raise NotUnderstood(_("“%(value)s” is no number of a row.") % {"value": text[:60]})
    return number


class Directory:
    """Organisations by address, code, name and other names: the stored ones, and those that the file adds.

    A key is the stored row's; what the file adds has keys below zero.
    """

    def __init__(self) -> None:
        self.by_slug: dict[str, int] = {}
        self.by_code: dict[str, int] = {}
        self.by_name: dict[str, int] = {}
        self.by_exact_name: dict[str, int] = {}
        self.by_other_name: dict[str, set[int]] = defaultdict(set)
        self.merged: dict[int, int] = {}
        self.labels: dict[int, str] = {}
        self._added = 0
        # An entry that was merged last: a name that is the same but for accents is that of the other.
        ordered = Organisation.objects.order_by(F("merged_into").asc(nulls_first=True), "pk")
        rows = ordered.values_list("pk", "slug", "code", "name", "merged_into")
        for pk, slug, code, name, merged_into in rows.iterator(chunk_size=5000):
            self._add(pk, slug, code, name)
            if merged_into:
                self.merged[pk] = merged_into
        names = OtherName.objects.order_by().values_list("organisation", "name")
        for pk, name in names.iterator(chunk_size=5000):
            self.by_other_name[folded(name)].add(pk)

    def _add(self, key: int, slug: str, code: str | None, name: str) -> None:
        self.labels[key] = name
        self.by_slug[slug] = key
        self.by_exact_name[name] = key
        self.by_name.setdefault(folded(name), key)
        if code:
            self.by_code[code.casefold()] = key

    def add(self, organisation: Organisation) -> int:
        """Give an organisation that the file adds a key."""
        self._added += 1
        self._add(-self._added, organisation.slug, organisation.code, organisation.name)
        return -self._added

    def rename(self, key: int, organisation: Organisation) -> None:
        """Let a stored organisation be found by what the file calls it, too."""
        self._add(key, organisation.slug, organisation.code, organisation.name)

    def standing(self, key: int) -> int:
        """The organisation that a merged one became; else the same."""
        seen = set()
        while key in self.merged and key not in seen:
            seen.add(key)
            key = self.merged[key]
        return key

    def find(self, text: str) -> int:
        """The organisation that a text names: by address, code, name, another name, in this order.

        Raises NotUnderstood if there is none, or several.
        """
        plain = folded(text)
        key = self.by_slug.get(text) or self.by_code.get(text.casefold()) or self.by_exact_name.get(text)
        key = key or self.by_name.get(plain)
        if key:
            return self.standing(key)
        others = {self.standing(other) for other in self.by_other_name.get(plain, ())}
        if not others:
            raise NotUnderstood(_("No organisation has the address, code or name “%(name)s”.") % {"name": text[:100]})
        if len(others) > 1:
            names = sorted(self.labels[other] for other in others)
            raise NotUnderstood(
                _("“%(name)s” is another name of several: %(names)s. Give the address.")
                % {"name": text[:100], "names": ", ".join(names[:5])}
            )
        return others.pop()


class Known:
    """The stored rows that the lines of a file are compared with.

    `rows` are the rows named by number, `in_force` those of the organisations that the file speaks of, by model.
    """

    def __init__(self, tables: Iterable[Table]) -> None:
        tables = list(tables)
        self.directory = Directory()
        self.standards = {standard.code.casefold(): standard for standard in Standard.objects.all()}
        self._standards = {standard.pk: standard for standard in self.standards.values()}
        self.rows: dict[type[Any], dict[int, Any]] = {}
        self.in_force: dict[type[Any], dict[int, list[Any]]] = {}
        self.names: dict[int, list[OtherName]] = defaultdict(list)
        touched: set[int] = set()
        for table in tables:
            touched |= self._named_rows(table)
            touched |= self._referred(table)
        self.objects: dict[int, Organisation] = {}
        for chunk in _chunks(sorted(touched)):
            self.objects |= Organisation.objects.in_bulk(chunk)
        self._load(tables, set(self.objects))

    def _named_rows(self, table: Table) -> set[int]:
        """Read the rows that a table names by number; the organisations that they are about."""
        numbers = set()
        for line in table.lines:
            try:
                number = row_number(line.cells.get(ROW))
            except NotUnderstood:
                continue
            if number:
                numbers.add(number)
        model: Any = table.sheet.model
        if model is Organisation:
            return numbers
        found: dict[int, Any] = {}
        for chunk in _chunks(sorted(numbers)):
            found |= model.objects.in_bulk(chunk)
        self.rows[model] = found
        about = {row.organisation_id for row in found.values()}
        return about | ({row.body_id for row in found.values()} if model is Certificate else set())

    def _referred(self, table: Table) -> set[int]:
        """The stored organisations that cells of a table name, whether as what a line is about or beside it."""
        words = [column.word for column in table.columns if column.refers and column.field != "standard"]
        if table.sheet.model is Organisation:
            words = [column.word for column in table.columns if column.field in ("name", "slug", "code")]
        found = set()
        for text in {text_of(line.cells.get(word)) for line in table.lines for word in words}:
            if not text:
                continue
            for key in self._candidates(text):
                found |= {key, self.directory.standing(key)}
        return found

    def _candidates(self, text: str) -> Iterator[int]:
        directory = self.directory
        for key in (
            directory.by_slug.get(text),
            directory.by_code.get(text.casefold()),
            directory.by_exact_name.get(text),
            directory.by_name.get(folded(text)),
        ):
            if key:
                yield key
        yield from directory.by_other_name.get(folded(text), ())

    def _load(self, tables: list[Table], keys: set[int]) -> None:
        """The rows in force of the organisations, of each kind that the file changes or that such a change leans on."""
        models: set[type[Any]] = {table.sheet.model for table in tables if table.sheet.is_dated}
        if models & {Membership, Certificate}:
            models |= {Membership, Certificate}
        for model in models:
            by_organisation: dict[int, list[Any]] = defaultdict(list)
            for chunk in _chunks(sorted(keys)):
                for row in model.objects.filter(superseded_at=None, organisation__in=chunk).order_by("pk"):
                    by_organisation[row.organisation_id].append(row)
            self.in_force[model] = by_organisation
            self._attach([row for rows in by_organisation.values() for row in rows])
            # One object a row, whichever way a line finds it.
            same = {row.pk: row for rows in by_organisation.values() for row in rows}
            named = self.rows.setdefault(model, {})
            self.rows[model] = {pk: same.get(pk, row) for pk, row in named.items()}
            self._attach(list(self.rows[model].values()))
        if any(table.sheet.model is OtherName for table in tables):
            for chunk in _chunks(sorted(keys)):
                for name in OtherName.objects.filter(organisation__in=chunk).order_by("pk"):
                    self.names[name.organisation_id].append(name)
            same = {name.pk: name for names in self.names.values() for name in names}
            named = self.rows.setdefault(OtherName, {})
            self.rows[OtherName] = {pk: same.get(pk, row) for pk, row in named.items()}

    def _attach(self, rows: list[Any]) -> None:
        """Give rows what their text names, without a query each."""
        missing = {row.body_id for row in rows if isinstance(row, Certificate)} - set(self.objects)
        bodies = dict(self.objects)
        for chunk in _chunks(sorted(missing)):
            bodies |= Organisation.objects.in_bulk(chunk)
        for row in rows:
            if row.organisation_id in self.objects:
                row.organisation = self.objects[row.organisation_id]
            if isinstance(row, Certificate):
                row.standard = self._standards[row.standard_id]
                row.body = bodies[row.body_id]

    def organisation(self, key: int) -> Organisation:
        return self.objects[key]

    def rows_of(self, sheet: Sheet, key: int) -> list[Any]:
        """The rows in force of an organisation."""
        return self.in_force[sheet.model].get(key, [])


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk

"""What a file would do to the registry: the fate of each of its lines, worked out in memory. Nothing is written here.

A line is *new*, *changed* (it differs from the stored row that it names, or that begins on the same day), *unchanged*,
or *refused*. What the operations refuse is refused here by the same functions (`members.operations.batches`), over what
would stand when the whole file was applied, and said on the line and in the column that bring it about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils.text import slugify
from django.utils.translation import gettext as _

from icoca_portal.lib.refusals import Refusal
from icoca_portal.lib.sealing import canonical, digest
from members.addresses import is_page_of_the_portal
from members.importing.columns import ROW, Column, Sheet
from members.importing.known import Known, folded, row_number
from members.importing.reading import Line, Table
from members.importing.values import NotUnderstood, composed, text_of
from members.models import (
    Certificate,
    CompanyProfile,
    ImportedLine,
    Membership,
    Organisation,
    OtherName,
    Standard,
)
from members.operations import batches, dated
from members.operations.registry import refuse_before_issue

Fate = ImportedLine.Fate

#: Fields whose text the model checks: its length, its letters.
CHECKED = ("name", "slug", "code", "website", "number", "scope", "source")
#: What an empty cell stands for.
EMPTY_MEANS = {"category": Membership.Category.MEMBER.value, "state": Certificate.State.VALID.value}


@dataclass
class PlannedLine:
    """A line and what would become of it. `target` is the stored record it is about, `made` the one it would write.

    `faults` are pairs of a column's word and a sentence; `changes` a column's word, the value before and after.
    """

    sheet: Sheet
    number: int
    fate: str = Fate.UNCHANGED
    about: str = ""
    key: int = 0
    organisation: Organisation | None = None
    target: Any = None
    made: Any = None
    faults: list[tuple[str, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, column: str, why: Any) -> None:
        self.faults.append((column, str(why)))
        self.fate = Fate.REFUSED


@dataclass
class Plan:
    """The fates of all lines, in the order of the file, and the profiles that end because another begins."""

    lines: list[PlannedLine]
    gives_way: list[tuple[CompanyProfile, CompanyProfile]]

    def count(self, fate: str) -> int:
        return sum(line.fate == fate for line in self.lines)

    def made(self, model: type[Any], fate: str) -> list[PlannedLine]:
        """The lines of that fate that would write a record of the model."""
        return [line for line in self.lines if line.fate == fate and line.sheet.model is model]

    @property
    def organisations(self) -> list[int]:
        """The stored organisations that the lines are about."""
        return sorted({line.key for line in self.lines if line.key > 0})

    @property
    def fingerprint(self) -> str:
        """The same for the same fates, in every language; another as soon as one of them differs."""
        told = [
            [line.sheet.name, line.number, line.fate, line.key, line.target.pk if line.target else 0, line.changes,
             [column for column, _why in line.faults]]
            for line in self.lines
            if line.fate != Fate.UNCHANGED
        ]  # fmt: skip
        ends = [[old.pk, new.valid_to.isoformat()] for old, new in self.gives_way if new.valid_to]
        return digest(canonical({"lines": told, "count": len(self.lines), "ends": ends}))


def plan(tables: Iterable[Table], *, source: str) -> Plan:
    """What the tables would do now. `source` is where new records and corrections are known from that do not say so."""
    return _Planner(list(tables), source).plan()


class _Planner:
    def __init__(self, tables: list[Table], source: str) -> None:
        self.tables, self.source = tables, source
        self.known = Known(tables)
        self.lines: list[PlannedLine] = []
        self.seen: dict[tuple[Any, int], PlannedLine] = {}
        #: The lines that would write a row, by the identity of the row, which has no key yet.
        self.writers: dict[int, PlannedLine] = {}
        self.added: dict[type[Any], dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
        self.replaced: set[tuple[Any, int]] = set()
        self.sound: set[tuple[Any, str, str]] = set()
        self.gives_way: list[tuple[CompanyProfile, CompanyProfile]] = []

    def plan(self) -> Plan:
        for table in self.tables:
            for line in table.lines:
                planned = PlannedLine(table.sheet, line.number)
                for column, why in line.faults:
                    planned.refuse(column, why)
                self.lines.append(planned)
                self._plan_line(table, line, planned)
                planned.about = planned.about or _first_text(table, line)
        self._let_profiles_give_way()
        self._find_conflicts()
        return Plan(self.lines, self.gives_way)

    def _plan_line(self, table: Table, line: Line, planned: PlannedLine) -> None:
        try:
            number = row_number(line.cells.get(ROW))
        except NotUnderstood as error:
            planned.refuse(ROW, error)
            return
        values = self._values(table, line, planned)
        if table.sheet.model is Organisation:
            self._plan_organisation(planned, number, values)
            return
        key = self._organisation_of(planned, values)
        if table.sheet.model is OtherName:
            self._plan_name(planned, number, key, values)
        else:
            self._plan_dated(planned, number, key, values)

    def _values(self, table: Table, line: Line, planned: PlannedLine) -> dict[str, Any]:
        """What the cells say, by field: of the columns that the file has. What says nothing of its kind is a fault."""
        values: dict[str, Any] = {}
        broken = {column for column, _why in line.faults}
        for column in table.columns:
            if column.word == ROW or column.word in broken:
                continue
            try:
                value = column.read(line.cells.get(column.word))
                values[column.field] = value or EMPTY_MEANS.get(column.field, value)
            except NotUnderstood as error:
                planned.refuse(column.word, error)
                continue
            if value and column.field in CHECKED:
                self._check(planned, column, value)
        return values

    def _check(self, planned: PlannedLine, column: Column, value: Any) -> None:
        """Ask the model; a text that stands in many lines is asked about once."""
        model = planned.sheet.model
        if (model, column.field, value) in self.sound:
            return
        try:
            cast(Field, model._meta.get_field(column.field)).clean(value, None)
        except ValidationError as error:
            planned.refuse(column.word, " ".join(error.messages))
        else:
            self.sound.add((model, column.field, value))

    def _take(self, planned: PlannedLine, target: Any, key: int) -> bool:
        """That the line is the one about a record. Another one about it was read before if not."""
        earlier = self.seen.setdefault((planned.sheet.model, key), planned)
        if earlier is not planned:
            planned.refuse(ROW, _("Line %(line)d is about the same record.") % {"line": earlier.number})
            return False
        planned.target = target
        return True

    def _demand(self, planned: PlannedLine, values: dict[str, Any], *, new: bool) -> None:
        """Refuse a line that leaves a needed column empty."""
        had = {column for column, _why in planned.faults}
        for column in planned.sheet.needed:
            if column.field == "organisation" or column.word in had or values.get(column.field):
                continue
            if not new and column.field not in values:
                continue
            if new:
                planned.refuse(column.word, _("A new record needs it."))
            else:
                planned.refuse(column.word, _("It cannot be empty."))

    def _compare(self, planned: PlannedLine, values: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
        """The values that differ from the stored record, noted as changes."""
        changes = {}
        for name in names:
            column = planned.sheet.by_field[name]
            if name not in values or column.word in {word for word, _why in planned.faults}:
                continue
            before, after = _comparable(getattr(planned.target, name)), _comparable(values[name])
            if before != after:
                changes[name] = values[name]
                planned.changes.append((column.word, _shown(before), _shown(after)))
        return changes

    # Organisations

    def _plan_organisation(self, planned: PlannedLine, number: int | None, values: dict[str, Any]) -> None:
        directory = self.known.directory
        try:
            key = self._identify(number, values)
        except NotUnderstood as error:
            planned.refuse(ROW if number else "name", error)
            return
        if key is None:
            self._add_organisation(planned, values)
            return
        if key in directory.merged:
            other = directory.labels[directory.standing(key)]
            planned.refuse(ROW if number else "name", _("It was merged into “%(name)s”.") % {"name": other})
            return
        organisation = self.known.organisation(key)
        planned.key, planned.organisation, planned.about = key, organisation, organisation.name
        if not self._take(planned, organisation if key > 0 else None, key) or key < 0:
            return
        if not values.get("slug", "-"):
            values.pop("slug")
        self._demand(planned, values, new=False)
        changes = self._compare(planned, values, ("name", "slug", "code", "kind", "country", "website"))
        self._refuse_taken(planned, changes, key)
        if changes and planned.fate != Fate.REFUSED:
            planned.fate, planned.made = Fate.CHANGED, organisation
        for name, value in changes.items():
            setattr(organisation, name, (value or None) if name == "code" else value)
        if changes:
            directory.rename(key, organisation)

    def _identify(self, number: int | None, values: dict[str, Any]) -> int | None:
        """The organisation that a line is about: by row, address, code, name; None if it is a new one."""
        directory = self.known.directory
        if number:
            if number not in self.known.objects:
                raise NotUnderstood(_("No organisation has the row %(row)d.") % {"row": number})
            return number
        by_slug = directory.by_slug.get(values.get("slug") or "")
        by_code = directory.by_code.get((values.get("code") or "").casefold())
        if by_slug and by_code and by_slug != by_code:
            raise NotUnderstood(
                _("The address is that of “%(one)s”, the code that of “%(other)s”.")
                % {"one": directory.labels[by_slug], "other": directory.labels[by_code]}
            )
        if by_slug or by_code:
            return by_slug or by_code
        name = values.get("name") or ""
        key = directory.by_exact_name.get(name) or directory.by_name.get(folded(name))
        if key is None and (others := directory.by_other_name.get(folded(name))):
            raise NotUnderstood(
                _("“%(name)s” is another name of “%(other)s”. Give its row or its address.")
                % {"name": name, "other": directory.labels[min(others)]}
            )
        return key

    def _add_organisation(self, planned: PlannedLine, values: dict[str, Any]) -> None:
        planned.about = values.get("name") or ""
        self._demand(planned, values, new=True)
        if planned.about and not values.get("slug"):
            values["slug"] = self._address(planned)
        values["code"] = values.get("code") or None
        organisation = Organisation(**{**values, "country": values.get("country", "")})
        self._refuse_taken(planned, values, 0)
        if not organisation.name:
            return
        # What refers to a line that is refused is not refused for that.
        key = self.known.directory.add(organisation)
        self.known.objects[key] = organisation
        planned.key, planned.organisation = key, organisation
        self.seen[Organisation, key] = planned
        if planned.fate != Fate.REFUSED:
            planned.fate, planned.made = Fate.NEW, organisation

    def _address(self, planned: PlannedLine) -> str:
        """An address made of the name, that nobody has."""
        stem = slugify(planned.about)[:76].strip("-")
        if not stem:
            planned.refuse("address", _("No address can be made of this name. Give one in Latin letters."))
            return ""
        address, number = stem, 1
        while address in self.known.directory.by_slug or is_page_of_the_portal(address):
            number += 1
            address = f"{stem}-{number}"
        return address

    def _refuse_taken(self, planned: PlannedLine, values: dict[str, Any], key: int) -> None:
        """Refuse a name, an address or a code that another organisation has, and addresses of the portal's pages."""
        directory = self.known.directory
        slug = values.get("slug") or ""
        for word, other in (
            ("name", directory.by_exact_name.get(values.get("name") or "")),
            ("address", directory.by_slug.get(slug)),
            ("code", directory.by_code.get((values.get("code") or "").casefold())),
        ):
            if other and other != key:
                planned.refuse(word, _("“%(name)s” has it.") % {"name": directory.labels[other]})
        if slug and "address" not in {word for word, _why in planned.faults} and is_page_of_the_portal(slug):
            planned.refuse("address", _("This address is a page of the portal. Choose another one."))

    def _organisation_of(self, planned: PlannedLine, values: dict[str, Any]) -> int | None:
        """The organisation that a line names in its column; None if the cell is empty, missing or names none."""
        for name in ("body", "standard"):
            if values.get(name):
                self._refer(planned, values, name)
        text = values.pop("organisation", "")
        if not text:
            return None
        try:
            return self.known.directory.find(text)
        except NotUnderstood as error:
            planned.refuse("organisation", error)
            return None

    def _refer(self, planned: PlannedLine, values: dict[str, Any], name: str) -> None:
        """Put the record that a cell names in the place of its text."""
        text, column = values.pop(name), planned.sheet.by_field[name].word
        if name == "standard":
            standard = self.known.standards.get(text.casefold())
            if standard is None:
                planned.refuse(
                    column,
                    _("No standard is called “%(name)s”. There are: %(standards)s.")
                    % {"name": text[:60], "standards": ", ".join(str(each) for each in self.known.standards.values())},
                )
            else:
                values[name] = standard
            return
        try:
            body = self.known.organisation(self.known.directory.find(text))
        except NotUnderstood as error:
            planned.refuse(column, error)
            return
        if body.kind != Organisation.Kind.CERTIFICATION_BODY:
            planned.refuse(column, _("“%(name)s” is no certification body.") % {"name": body})
        values[name] = body

    def _stand(self, planned: PlannedLine, number: int | None, key: int | None) -> tuple[Any, int | None]:
        """The stored record of the row that a line names, and the organisation it is about. Refuses the line if they
        do not fit each other."""
        if not number:
            return None, key
        target = self.known.rows.get(planned.sheet.model, {}).get(number)
        if target is None:
            planned.refuse(ROW, _("No record of this sheet has the row %(row)d.") % {"row": number})
            return None, key
        planned.about = _named(target)
        if key is not None and self.known.directory.standing(target.organisation_id) != key:
            planned.refuse(
                "organisation",
                _("The row is one of “%(name)s”.") % {"name": self.known.directory.labels[target.organisation_id]},
            )
            return None, key
        return target, target.organisation_id

    def _about(self, planned: PlannedLine, key: int | None) -> bool:
        """Note the organisation that a line is about; False if it names none, which is then said."""
        if key is None:
            if "organisation" not in {column for column, _why in planned.faults}:
                planned.refuse("organisation", _("A new record needs it."))
            return False
        planned.key, planned.organisation = key, self.known.organisation(key)
        if key in self.known.directory.merged:
            other = self.known.directory.labels[self.known.directory.standing(key)]
            planned.refuse(ROW, _("It was merged into “%(name)s”.") % {"name": other})
            return False
        return True

    # Other names

    def _plan_name(self, planned: PlannedLine, number: int | None, key: int | None, values: dict[str, Any]) -> None:
        target, key = self._stand(planned, number, key)
        if (number and target is None) or not self._about(planned, key):
            return
        key = planned.key
        own = self.known.names[key]
        name = values.get("name")
        same = next((row for row in own if composed(row.name) == name), None)
        target = target or (same if same and same.pk else None)
        planned.about = f"{planned.organisation}: {name or target}"[:300]
        if same is not None and same is not target:
            planned.refuse("name", _("The organisation has this name already."))
        self._demand(planned, values, new=target is None)
        if target is not None:
            if not self._take(planned, target, target.pk):
                return
            changes = self._compare(planned, values, ("name", "kind", "until"))
            for changed, value in changes.items():
                setattr(target, changed, value)
            if changes and planned.fate != Fate.REFUSED:
                planned.fate, planned.made = Fate.CHANGED, target
        elif planned.fate != Fate.REFUSED:
            planned.fate, planned.made = Fate.NEW, OtherName(organisation=planned.organisation, **values)
            own.append(planned.made)
        if name:
            self.known.directory.by_other_name[folded(name)].add(key)

    # Dated rows

    def _plan_dated(self, planned: PlannedLine, number: int | None, key: int | None, values: dict[str, Any]) -> None:
        target, key = self._stand(planned, number, key)
        if (number and target is None) or not self._about(planned, key):
            return
        key = planned.key
        if target is not None and target.superseded_at:
            planned.refuse(
                ROW, _("“%(row)s” was corrected or struck out meanwhile. Export the registry again.") % {"row": target}
            )
            return
        source = values.pop("source", "")
        if target is None:
            values["valid_from"] = values.get("valid_from") or values.get("issued_on")
            target = self._same_day(planned, key, values)
        self._fill_days(planned, target, values)
        self._demand(planned, values, new=target is None)
        if target is None:
            self._add_row(planned, key, values, source)
            return
        planned.about = _named(target)
        if not self._take(planned, target, target.pk):
            return
        changes = self._compare(planned, values, [name for name in values if name != "pk"])
        other_source = bool(source) and source != composed(target.source)
        if not changes and number and other_source:
            planned.changes.append(("source", target.source, source))
            changes["source"] = source
        if not changes:
            return
        changes["source"] = source if other_source else self.source
        made = dated.successor_of(target, changes)
        made.organisation = planned.organisation
        if planned.sheet.model is Certificate:
            made.standard, made.body = changes.get("standard", target.standard), changes.get("body", target.body)
        self._check_days(planned, made)
        self._settle(planned, made, key, Fate.CHANGED)
        self.replaced.add((planned.sheet.model, target.pk))

    def _add_row(self, planned: PlannedLine, key: int, values: dict[str, Any], source: str) -> None:
        if planned.fate == Fate.REFUSED:
            return
        made: Any = planned.sheet.model(organisation=planned.organisation, source=source or self.source, **values)
        planned.about = _named(made)
        self._check_days(planned, made)
        self._settle(planned, made, key, Fate.NEW)

    def _settle(self, planned: PlannedLine, made: Any, key: int, fate: str) -> None:
        if planned.fate == Fate.REFUSED:
            return
        planned.fate, planned.made = fate, made
        self.writers[id(made)] = planned
        self.added[planned.sheet.model][key].append(made)

    def _fill_days(self, planned: PlannedLine, target: Any, values: dict[str, Any]) -> None:
        """What empty days of a certificate stand for: it is valid from its issue until it expires."""
        if planned.sheet.model is not Certificate:
            return
        if "valid_from" in values and not values["valid_from"]:
            values["valid_from"] = values.get("issued_on") or (target and target.issued_on)
        if not values.get("valid_to") and (target is None or "valid_to" in values):
            values["valid_to"] = values.get("expires_on", target and target.expires_on)

    def _same_day(self, planned: PlannedLine, key: int, values: dict[str, Any]) -> Any:
        """The row in force that begins on the day that the line gives; of a certificate, of the same standard."""
        for row in self.known.rows_of(planned.sheet, key):
            if row.valid_from == values.get("valid_from") and (
                planned.sheet.model is not Certificate or row.standard == values.get("standard")
            ):
                return row
        return None

    def _check_days(self, planned: PlannedLine, row: Any) -> None:
        """Refuse days of one row that do not fit each other."""
        try:
            dated.refuse_backwards(row.valid_from, row.valid_to)
        except Refusal as refusal:
            planned.refuse("valid until", refusal)
        if not isinstance(row, Certificate):
            return
        try:
            refuse_before_issue(row.issued_on, row.valid_from)
        except Refusal as refusal:
            planned.refuse("valid from", refusal)
        if row.expires_on and row.expires_on <= row.issued_on:
            planned.refuse("expires", _("Choose a day after the issue."))
        elif row.expires_on and (row.valid_to is None or row.valid_to > row.expires_on):
            planned.refuse(
                "valid until",
                _("The certificate expires on %(day)s; no state of it lasts longer.") % {"day": row.expires_on},
            )
        if row.body is row.organisation:
            planned.refuse("certification body", _("A company does not certify itself."))

    # The whole

    def _let_profiles_give_way(self) -> None:
        """As when one is recorded by itself: a profile without an end that the file does not mention ends when the next
        one begins."""
        for key, new in self.added[CompanyProfile].items():
            begins = sorted(
                (row for row in new if self.writers[id(row)].target is None), key=lambda row: row.valid_from
            )
            for old in self.known.in_force[CompanyProfile].get(key, ()):
                follows = next((row for row in begins if row.valid_from > old.valid_from), None)
                if follows is None or old.valid_to or (CompanyProfile, old.pk) in self.seen:
                    continue
                line = self.writers[id(follows)]
                ended = dated.successor_of(old, {"valid_to": follows.valid_from, "source": follows.source})
                ended.organisation = old.organisation
                self.gives_way.append((old, ended))
                self.replaced.add((CompanyProfile, old.pk))
                line.notes.append(
                    _("The profile from %(day)s ends on %(end)s.") % {"day": old.valid_from, "end": follows.valid_from}
                )
        for old, ended in self.gives_way:
            self.added[CompanyProfile][old.organisation_id].append(ended)

    def _find_conflicts(self) -> None:
        half = {line.key for line in self.lines if line.fate == Fate.REFUSED and line.sheet.model is Membership}
        for key in {key for by_key in self.added.values() for key in by_key}:
            rows = {model: list(self._standing(model, key)) for model in {*self.known.in_force, *self.added}}
            # Certificates are not refused because a membership is that they need.
            found = batches.conflicts(rows, self._is_written, with_memberships=key not in half)
            for conflict in list(found):
                self._say(conflict)

    def _standing(self, model: type[Any], key: int) -> Iterator[Any]:
        """The rows of an organisation that would be in force in the end."""
        for row in self.known.in_force.get(model, {}).get(key, ()):
            if (model, row.pk) not in self.replaced:
                yield row
        yield from self.added[model].get(key, ())

    def _is_written(self, row: Any) -> bool:
        return id(row) in self.writers

    def _say(self, conflict: batches.Conflict) -> None:
        line = self.writers[id(conflict.row)]
        said = str(conflict.refusal)
        if (other := self.writers.get(id(conflict.other))) is not None:
            where = _("It is on line %(line)d of “%(sheet)s”.") % {"line": other.number, "sheet": other.sheet.name}
            said = f"{said} {where}"
        line.refuse(line.sheet.by_field[conflict.field].word, said)


def _first_text(table: Table, line: Line) -> str:
    """Something to know a line by of which nothing else is known."""
    texts = (text_of(line.cells.get(column.word)) for column in table.columns if column.word != ROW)
    return next((text for text in texts if text), "–")[:300]


def _named(row: Any) -> str:
    """A record as the list of fates names it: ``Sample Ltd, PSC.1, 2016-01-01``. Thousands of them are named."""
    if isinstance(row, OtherName):
        return f"{row.organisation.name}: {row.name}"[:300]
    standard = f", {row.standard.code}" if isinstance(row, Certificate) else ""
    return f"{row.organisation.name[:250]}{standard}, {row.valid_from:%Y-%m-%d}"


def _comparable(value: Any) -> Any:
    """A value as it is compared: countries by their codes, records by their keys, nothing as nothing."""
    if isinstance(value, str):
        return composed(value)
    if isinstance(value, date | Organisation | Standard):
        return value
    if isinstance(value, Iterable):
        return tuple(sorted(getattr(country, "code", country) for country in value))
    return getattr(value, "code", value) or ""


def _shown(value: Any) -> str:
    """A value as a file holds it."""
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, Organisation):
        return value.name
    return value.isoformat() if isinstance(value, date) else str(value)

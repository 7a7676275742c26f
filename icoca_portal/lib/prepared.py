"""Queries whose SQL is composed once: for the few that every click of a delegate asks again.

Django composes the SQL of a queryset anew each time, which takes many times longer than the database needs to answer
it by an index. A `Prepared` keeps what was composed, and puts the values in afterwards:

    _of_person = Prepared(lambda: Delegate.objects.as_of(given_day("day")).filter(user=given("user")))
    _of_person.first(user=user.pk, day=today())

The queryset is an ordinary one, so the rule that says which rows exist for whom stays where it is (`visible_to`,
`as_of`) and is written once; only what may differ from one asking to the next is left `given`. A value is bound as a
parameter, as Django does. Nothing that was read is kept: each asking reads the database.

What is kept belongs to one connection, so to one thread, and has an end: a `Prepared` is a constant of a module, and
what its queryset depends on besides the values (`shape`: how many ids there are) may take few forms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, CharField, DateField, DateTimeField, Expression, Field, Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")
Stored = TypeVar("Stored", bound=Model)

#: So many shapes of one query are kept with a connection; then it begins anew.
MOST_SHAPES = 200
_PLANS = "_prepared_queries"


class Given(Expression):
    """The place of a value in a prepared query, or of `count` of them. `field` says how the database takes it."""

    def __init__(self, name: str, field: Field[Any, Any], count: int | None = None) -> None:
        super().__init__(output_field=field)
        self.name = name
        self.count = count

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if self.count is None:
            return "%s", [_Place(self.name, None, self.output_field)]
        if not self.count:
            raise EmptyResultSet
        places = [_Place(self.name, number, self.output_field) for number in range(self.count)]
        return f"({', '.join(['%s'] * self.count)})", places


@dataclass(frozen=True)
class _Place:
    """What stands among the parameters until a value is put in."""

    name: str
    number: int | None
    field: Field[Any, Any]

    def filled(self, values: dict[str, Any], connection: Any) -> Any:
        value = values[self.name]
        chosen = value if self.number is None else value[self.number]
        return self.field.get_db_prep_value(chosen, connection=connection)


def given(name: str) -> Any:
    """A key."""
    return Given(name, BigIntegerField())


def given_keys(name: str, count: int) -> Any:
    """So many keys, for ``__in``."""
    return Given(name, BigIntegerField(), count)


def given_text(name: str) -> Any:
    return Given(name, CharField())


def given_day(name: str) -> Any:
    return Given(name, DateField())


def given_moment(name: str) -> Any:
    return Given(name, DateTimeField())


def placed_text(name: str, number: int) -> Any:
    """One of a list of texts, among the parameters of SQL that is written by hand (`RawSQL`)."""
    return _Place(name, number, CharField())


@dataclass(frozen=True)
class _Plan:
    """What Django's own iterators work out before they read the first row."""

    sql: str
    parameters: Sequence[Any]
    locks: bool
    converters: Sequence[tuple[int, Sequence[Any], Any]]
    model: type[Model] | None
    columns: slice
    names: Sequence[str]
    populators: Sequence[Any]
    annotations: Sequence[tuple[str, int]]

    def run(self, connection: Any, values: dict[str, Any]) -> list[Sequence[Any]]:
        if self.locks and not connection.in_atomic_block:
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        parameters = [part.filled(values, connection) if isinstance(part, _Place) else part for part in self.parameters]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            rows: list[Sequence[Any]] = cursor.fetchall()
        return [self._converted(row, connection) for row in rows] if self.converters else rows

    def _converted(self, row: Sequence[Any], connection: Any) -> Sequence[Any]:
        cells = list(row)
        for place, converters, expression in self.converters:
            for converter in converters:
                cells[place] = converter(cells[place], expression, connection)
        return cells

    def objects(self, rows: Sequence[Sequence[Any]], alias: str) -> Iterator[Any]:
        for row in rows:
            if self.model is None:
                yield tuple(row)
                continue
            obj = self.model.from_db(alias, self.names, row[self.columns])
            for populator in self.populators:
                populator.populate(row, obj)
            for name, place in self.annotations:
                setattr(obj, name, row[place])
            yield obj


class Prepared(Generic[Row]):
    """A queryset of model instances, or of tuples (`values_list`), whose SQL is composed once for each shape.

    `build` makes it, from the shape if it has one.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], alias: str = DEFAULT_DB_ALIAS) -> None:
        self._build = build
        self._alias = alias

    def all(self, *shape: Any, **values: Any) -> list[Row]:
        """The rows for these values: one query."""
        connection = connections[self._alias]
        try:
            plan = self._plan(connection, shape)
        except EmptyResultSet:
            return []
        return list(plan.objects(plan.run(connection, values), self._alias))

    def first(self, *shape: Any, **values: Any) -> Row | None:
        """The first row, None without one. The queryset orders them, and should be cut to one."""
        return next(iter(self.all(*shape, **values)), None)

    def _plan(self, connection: Any, shape: tuple[Any, ...]) -> _Plan:
        kept: dict[Any, dict[Any, _Plan]] = connection.__dict__.setdefault(_PLANS, {})
        plans = kept.setdefault(self, {})
        if shape not in plans:
            if len(plans) >= MOST_SHAPES:
                plans.clear()
            plans[shape] = _compose(self._build(*shape), connection)
        return plans[shape]


def _compose(queryset: QuerySet[Any, Any], connection: Any) -> _Plan:
    query = queryset.query
    compiler = query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    select = compiler.select[: compiler.col_count]
    converters = compiler.get_converters([column[0] for column in select])
    model, columns, names, populators = None, slice(0), [], []
    made = cast(Any, queryset)._iterable_class
    if made is ModelIterable:
        fields = compiler.klass_info["select_fields"]
        columns = slice(fields[0], fields[-1] + 1)
        model = compiler.klass_info["model"]
        names = [column[0].target.attname for column in compiler.select[columns]]
        populators = cast(Any, get_related_populators)(compiler.klass_info, compiler.select, connection.alias)
    elif made is not ValuesListIterable:
        raise TypeError("a prepared query gives model instances, or tuples by values_list()")
    return _Plan(
        sql=sql,
        parameters=parameters,
        locks=query.select_for_update and connection.features.has_select_for_update,
        converters=[(place, found, expression) for place, (found, expression) in converters.items()],
        model=model,
        columns=columns,
        names=names,
        populators=populators,
        annotations=list((compiler.annotation_col_map or {}).items()),
    )


class PreparedInsert(Generic[Stored]):
    """Stores new rows of a model in one statement, as `bulk_create` does; the rows do not learn their keys.

    `known_stay` leaves a row out that has the unique value of one that is there already.
    """

    def __init__(self, model: type[Stored], *, known_stay: bool = False, alias: str = DEFAULT_DB_ALIAS) -> None:
        self._alias = alias
        self._table = model._meta.db_table
        self._fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
        if any(field.generated or field.has_db_default() for field in self._fields):
            raise TypeError("a prepared insert gives every column its value")
        self._on_conflict = OnConflict.IGNORE if known_stay else None

    def store(self, rows: Iterable[Stored], *, giving: Sequence[str] = ()) -> list[tuple[Any, ...]]:
        """Store them, in as many statements as the database needs for so many values. Inside a transaction.

        Returns the columns `giving` (keys and texts, as the database has them) of those that were stored.
        """
        connection: Any = connections[self._alias]
        rows = list(rows)
        size = max(1, connection.ops.bulk_batch_size(self._fields, rows))
        given_back: list[tuple[Any, ...]] = []
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            values = [
                field.get_db_prep_save(field.pre_save(row, add=True), connection)
                for row in part
                for field in self._fields
            ]
            with connection.cursor() as cursor:
                cursor.execute(self._sql(connection, len(part), giving), values)
                if giving:
                    given_back += cursor.fetchall()
        return given_back

    def _sql(self, connection: Any, count: int, giving: Sequence[str]) -> str:
        quote, ops = connection.ops.quote_name, connection.ops
        columns = ", ".join(quote(field.column) for field in self._fields)
        row = f"({', '.join(['%s'] * len(self._fields))})"
        end = ops.on_conflict_suffix_sql(self._fields, self._on_conflict, [], [])
        begin = ops.insert_statement(on_conflict=self._on_conflict)
        if giving:
            end = f"{end} RETURNING {', '.join(map(quote, giving))}"
        return f"{begin} {quote(self._table)} ({columns}) VALUES {', '.join([row] * count)} {end}".rstrip()

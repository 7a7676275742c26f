"""The things that a message may be about, whichever app they belong to: what they are called, where they are read, and
whether they exist for a person.

An app registers the kinds of its things when it is ready. Circulars ask here what they may be about and for their merge
fields; notices ask again, before they are sent or shown, whether the thing is still there for the person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise


@dataclass(frozen=True)
class Thing:
    """One thing. `title` gives what it is called, in the language of the moment; `address` is its page, without the
    portal's own address. `fields` are its merge fields, by name: functions that give the text, called in the language
    and zone of the reader (`lib.moments.as_read_by`) with the organisation for which they read it, or None. An empty
    text says that there is nothing to put there for that organisation. `is_out` says whether others than those who
    prepare it know of it: nobody is written to about what is not."""

    kind: str
    pk: int
    title: Callable[[], str]
    address: str
    fields: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    is_out: bool = True

    @property
    def reference(self) -> str:
        """``questionnaire-12``: names the thing in a notice, and the thread of the mails about it."""
        return reference_of(self.kind, self.pk)


@dataclass(frozen=True)
class Kind:
    """A kind of things.

    `find` gives one by its primary key, None where there is none. `rows` gives those that exist for the person
    (`Questionnaire.objects.visible_to`): whatever asks it of many things asks it within its own query. `visible` says
    it of these primary keys, for a kind that `rows` cannot say it of, or not so well. `recent` gives those that a
    circular may be about, newest first. `fields` names the merge fields that its things have, with what each holds.
    """

    key: str
    label: str | Promise
    find: Callable[[int], Thing | None]
    visible: Callable[[Any, Iterable[int]], set[int]] | None = None
    rows: Callable[[Any], QuerySet[Any]] | None = None
    recent: Callable[[], Iterable[Thing]] = tuple
    fields: Mapping[str, str | Promise] = field(default_factory=dict)


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known. Called when an app is ready."""
    _KINDS[kind.key] = kind


def kinds() -> list[Kind]:
    """All kinds, in the order in which they were registered."""
    return list(_KINDS.values())


def kind_of(key: str) -> Kind | None:
    """The kind of this name, if any app has registered it."""
    return _KINDS.get(key)


def find(kind: str, pk: int | None) -> Thing | None:
    """The thing, if it is there; whether somebody may see it is asked by `visible`."""
    known = _KINDS.get(kind)
    return known.find(pk) if known and pk is not None else None


def reference_of(kind: str, pk: int) -> str:
    """``questionnaire-12``."""
    return f"{kind}-{pk}"


def visible(user: Any, references: Iterable[str]) -> set[str]:
    """Which of these references name things that exist for the person. One that names nothing known is not in it."""
    asked: dict[str, set[int]] = {}
    for reference in references:
        kind, _dash, pk = reference.rpartition("-")
        if pk.isdecimal():
            asked.setdefault(kind, set()).add(int(pk))
    return {
        reference_of(kind, pk)
        for kind, pks in asked.items()
        if kind in _KINDS
        for pk in _visible(_KINDS[kind], user, pks)
    }


def _visible(kind: Kind, user: Any, pks: Iterable[int]) -> Iterable[int]:
    if kind.visible is not None:
        return kind.visible(user, pks)
    return kind.rows(user).filter(pk__in=pks).values_list("pk", flat=True) if kind.rows is not None else ()


def shown_to(user: Any, field: str = "about") -> Q:
    """The condition that the reference in `field` names a thing that exists for the person, or is empty. For a query
    that reads what is about things of all kinds: none of its own. Kinds without `rows` are taken as out of sight."""
    condition = Q((field, ""))
    for kind in _KINDS.values():
        if kind.rows is not None:
            reference = Concat(Value(f"{kind.key}-"), Cast("pk", CharField()), output_field=CharField())
            references = kind.rows(user).order_by().annotate(its_reference=reference).values("its_reference")
            condition |= Q((f"{field}__in", references))
    return condition

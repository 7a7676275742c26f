"""The design of a questionnaire as it stands now: sections and questions in order, with the numbers they will have.

Also what would be wrong with an order: an “ask only if” that looks at a question which does not stand before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django_countries import countries

from questionnaires.kinds import OTHER, SCALE
from questionnaires.models import Question, Questionnaire, Section

Order = tuple[tuple[int, tuple[int, ...]], ...]
"""Section ids in order, each with the ids of its questions in order."""


@dataclass(frozen=True)
class Place:
    """A question where it stands. `number` is what delegations will say on the telephone: ``3.4``."""

    question: Question
    number: str


@dataclass(frozen=True)
class Part:
    """A section where it stands. `number` is None while it has no question: delegations do not see it then."""

    section: Section
    number: int | None
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Fault:
    """A test of a question's condition that can decide nothing; `sentence` names the question."""

    question: int
    looks_at: int
    sentence: str


@dataclass(frozen=True)
class Outline:
    """What stands, in order; what was removed is not in it."""

    questionnaire: Questionnaire
    parts: tuple[Part, ...]

    @classmethod
    def read(cls, questionnaire: Questionnaire) -> Self:
        """Read it: two queries, whatever its length."""
        questions = Question.objects.standing().select_related("objective").order_by("position", "pk")
        rows = Section.objects.standing().filter(questionnaire=questionnaire).select_related("objective")
        rows = rows.order_by("position", "pk").prefetch_related(Prefetch("questions", questions, to_attr="asks"))
        parts, number = [], 0
        for section in rows:
            section.questionnaire = questionnaire
            for question in section.asks:
                question.section = section
            number += bool(section.asks)
            places = tuple(Place(question, f"{number}.{row}") for row, question in enumerate(section.asks, 1))
            parts.append(Part(section, number if places else None, places))
        return cls(questionnaire, tuple(parts))

    def __iter__(self) -> Iterator[Place]:
        return (place for part in self.parts for place in part.places)

    @cached_property
    def by_id(self) -> Mapping[int, Place]:
        return {place.question.pk: place for place in self}

    @property
    def order(self) -> Order:
        return tuple((part.section.pk, tuple(place.question.pk for place in part.places)) for part in self.parts)

    @property
    def seen(self) -> str:
        """The order as a page gives it back with a change of it, so that an old page is known (`parse_order`)."""
        return write_order(self.order)

    def before(self, question_id: int | None, section_id: int | None = None) -> list[Place]:
        """The questions that stand before one; for a question to come, those before its place in a section.

        With a `question_id` of None: all up to the end of the section; with neither, all.
        """
        found: list[Place] = []
        for part in self.parts:
            for place in part.places:
                if place.question.pk == question_id:
                    return found
                found.append(place)
            if question_id is None and part.section.pk == section_id:
                return found
        return found

    def up_to(self, question_id: int) -> list[Place]:
        """The questions up to and with one."""
        place = self.by_id.get(question_id)
        return [*self.before(question_id), *([place] if place else [])]

    @property
    def faults(self) -> list[Fault]:
        """The tests of conditions that can decide nothing, in the order of their questions."""
        seen: set[int] = set()
        found: list[Fault] = []
        for place in self:
            for test in (place.question.condition or {}).get("tests", ()):
                sentence = self._fault(place, test, seen)
                found += [Fault(place.question.pk, test["question"], sentence)] if sentence else []
            seen.add(place.question.pk)
        return found

    def _fault(self, place: Place, test: Mapping[str, Any], seen: set[int]) -> str:
        other = self.by_id.get(test["question"])
        if other is None:
            return _(
                "“%(question)s” is asked only after a certain answer to a question that does not stand here any more."
            ) % {"question": place.question}
        names = {"question": place.question, "other": other.question}
        if other.question.pk not in seen:
            return (
                _("“%(question)s” is asked only after a certain answer to “%(other)s”, which must stand before it.")
                % names
            )
        known = {key for key, _label in values_to_test(other.question)}
        if test["is"] in ("one_of", "none_of") and not set(test["values"]) <= known:
            return (
                _("“%(question)s” is asked only after a certain answer to “%(other)s” that is not offered any more.")
                % names
            )
        return ""


def values_to_test(question: Question) -> list[tuple[str, str]]:
    """The answers of a question that a condition may name, with their labels; none where answers are free."""
    match question.kind:
        case "yes_no":
            return [("yes", _("Yes")), ("no", _("No"))]
        case "confirmation":
            return [("yes", _("Confirmed"))]
        case "scale":
            return [(str(step), str(step)) for step in SCALE]
        case "single" | "multiple":
            own = [(choice["key"], choice["label"]) for choice in question.choices]
            return own + ([(OTHER, _("Other"))] if question.has_other else [])
        case "country":
            return [(country.code, country.name) for country in countries]
        case _:
            return []


def tests_of(question: Question) -> list[str]:
    """Which tests of `conditions.TESTS` say something about a question."""
    tests = ["answered", "blank"]
    if question.kind in ("yes_no", "confirmation", "scale", "single", "multiple", "country"):
        tests += ["one_of", "none_of"]
    if question.kind in ("scale", "multiple", "number"):
        tests += ["at_least", "at_most"]
    return tests


def write_order(order: Order) -> str:
    """An order as one text: ``12:1.2.3|13:|14:4``."""
    return "|".join(f"{section}:{'.'.join(map(str, questions))}" for section, questions in order)


def parse_order(text: str) -> Order:
    """The inverse of `write_order`. Raises ValueError on anything else."""
    order = []
    for part in text.split("|") if text else ():
        section, colon, questions = part.partition(":")
        if not colon:
            raise ValueError("a section is followed by a colon")
        order.append((int(section), tuple(int(pk) for pk in questions.split(".") if pk)))
    return tuple(order)


def moved(order: Order, row: str, step: int) -> Order:
    """The order with a question (``q12``) or a section (``s3``) one place up (-1) or down (1).

    The first question of a section goes up to the end of the section before, and the last one down. Raises ValueError
    for what does not stand there.
    """
    kind, pk = row[:1], int(row[1:])
    sections = [[section, list(questions)] for section, questions in order]
    if kind == "s":
        at = [section for section, _questions in order].index(pk)
        to = at + step
        if 0 <= to < len(sections):
            sections.insert(to, sections.pop(at))
    else:
        at = next((n for n, (_s, questions) in enumerate(sections) if pk in questions), -1)  # type: ignore[operator]
        if at < 0:
            raise ValueError("the question does not stand there")
        here: Any = sections[at][1]
        to = here.index(pk) + step
        if 0 <= to < len(here):
            here.insert(to, here.pop(here.index(pk)))
        elif 0 <= at + step < len(sections):
            there: Any = sections[at + step][1]
            here.remove(pk)
            there.insert(len(there) if step < 0 else 0, pk)
    return tuple((section, tuple(questions)) for section, questions in sections)  # type: ignore[misc, arg-type]

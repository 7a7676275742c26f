"""The results of a questionnaire as they would be published today, with what is left out of them and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from icoca_portal.lib import small_numbers
from members.models import Delegation, Organisation
from questionnaires.models import Questionnaire
from questionnaires.results.counting import Counted, count
from questionnaires.results.quoting import Held, Quoted, quote
from questionnaires.results.reading import Asked, Record, read_record

FORMAT = 1
TRANSLATED = ("text", "low", "high", "unit")


@dataclass(frozen=True)
class LeftOut:
    """What is not shown of one question: `figures` (None: none at all are, for a `reason`), and quotations."""

    number: str
    text: str
    figures: int | None
    reason: str
    quotations: int


@dataclass(frozen=True)
class Composed:
    """`content` is the JSON object to be sealed; what is left out of it; the quotations that are held back."""

    content: dict[str, Any]
    left_out: list[LeftOut]
    held: list[Held]
    quotations: int


def compose(questionnaire: Questionnaire, released: Iterable[str] = ()) -> Composed:
    """Count what is on record. `released` are the keys of quotations that were held back and shall be shown."""
    return compose_record(read_record(questionnaire), questionnaire.threshold, frozenset(released))


def compose_record(record: Record, threshold: int, released: Iterable[str] = ()) -> Composed:
    """The same, of what was read."""
    before: dict[int, Counted] = {}
    left_out, held, quotations = [], [], 0
    sections = []
    for section in record.sections:
        questions = []
        for question in section.questions:
            counted = before[question.id] = count(question, record, threshold, before)
            quoted = quote(question, counted, record, threshold, released)
            questions.append(_question(question, record, counted, quoted))
            held += quoted.held
            quotations += len(quoted.shown)
            if counted.is_hidden or counted.left_out or quoted.left_out:
                left_out.append(
                    LeftOut(
                        number=str(question.raw["number"]),
                        text=str(question.raw["text"]),
                        figures=None if counted.is_hidden else counted.left_out,
                        reason=counted.reason,
                        quotations=quoted.left_out,
                    )
                )
        sections.append(
            {
                "number": section.raw["number"],
                "title": section.raw["title"],
                "translations": _only(section.raw, ("title",)),
                "questions": questions,
            }
        )
    content = {
        "format": FORMAT,
        "title": record.head["title"],
        "code": record.head["code"],
        "translations": _only(record.head, ("title",)),
        "editions": list(record.editions),
        "threshold": threshold,
        "rate": rate(record, threshold),
        "sections": sections,
    }
    return Composed(content, left_out, held, quotations)


def rate(record: Record, threshold: int) -> dict[str, Any]:
    """How many were asked and have answered, States and international organisations apart where no number is small.

    How many answered is shown from the threshold on, whatever the number of those who did not.
    """
    answered = len(record.voices)
    return {
        "asked": len(record.delegations),
        "answered": None if small_numbers.is_small(answered, threshold) and answered else answered,
        "kinds": _by_kind(record, threshold),
    }


def _by_kind(record: Record, threshold: int) -> list[dict[str, Any]]:
    def number(kind: str, delegations: Iterable[Delegation]) -> int:
        return sum(1 for delegation in delegations if delegation.organisation.kind == kind)

    voices = [voice.delegation for voice in record.voices]
    rows = [
        {"kind": kind.value, "asked": number(kind, record.delegations), "answered": number(kind, voices)}
        for kind in (Organisation.Kind.STATE, Organisation.Kind.INTERNATIONAL_ORGANISATION)
    ]
    cells = [cell for row in rows for cell in (row["answered"], row["asked"] - row["answered"])]  # type: ignore[operator]
    if not all(row["asked"] for row in rows) or small_numbers.hidden_in(cells, threshold):  # type: ignore[arg-type]
        return []
    return rows


def _question(question: Asked, record: Record, counted: Counted, quoted: Quoted) -> dict[str, Any]:
    raw = question.raw
    elsewhere = set(record.editions) - set(question.editions)
    return {
        "id": question.id,
        "number": raw["number"],
        "kind": question.kind,
        "text": raw["text"],
        "low": raw["low"],
        "high": raw["high"],
        "unit": raw["unit"],
        "translations": _only(raw, TRANSLATED),
        "objective": raw["objective"],
        "conditional": question.is_conditional,
        "editions": list(question.editions) if elsewhere else None,
        "total": None if counted.is_hidden else counted.total,
        "reason": counted.reason,
        "tables": counted.tables,
        "figures": counted.figures,
        "quotations": quoted.shown,
    }


def _only(raw: Any, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Of the translations those of some fields."""
    found = {
        language: {name: texts[name] for name in names if texts.get(name)}
        for language, texts in raw.get("translations", {}).items()
    }
    return {language: texts for language, texts in found.items() if texts}

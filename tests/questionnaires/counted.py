"""What the tests of results share: records of responses without a database, and an attacker who reads all figures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from members.models import Delegation, Organisation
from questionnaires.editions import EditionContent
from questionnaires.results import Record, Voice, compose_record
from questionnaires.results.reading import _sections

Given = dict[int, Any]


def question(pk: int, kind: str, **more: Any) -> dict[str, Any]:
    """A frozen question; `choices` and `rows` are given as their keys."""
    for name in ("choices", "rows"):
        more[name] = [{"key": key, "label": key.title()} for key in more.get(name, ())]
    blank: dict[str, Any] = {
        "id": pk, "number": f"1.{pk}", "kind": kind, "text": f"Sample question {pk}?", "help": "", "required": True,
        "objective": None, "columns": [], "other": False, "low": "", "high": "", "words": None, "minimum": None,
        "maximum": None, "unit": "", "min_choices": None, "max_choices": None, "max_rows": None, "files": False,
        "condition": None, "translations": {},
    }  # fmt: skip
    return {**blank, **more}


def only_if(pk: int, *values: str, test: str = "one_of") -> dict[str, Any]:
    return {"match": "all", "tests": [{"question": pk, "is": test, "values": list(values)}]}


def edition(*questions: dict[str, Any], number: int = 1) -> dict[str, Any]:
    section = {"id": 1, "number": 1, "title": "Sample section", "introduction": "", "translations": {}}
    return {
        "format": 2, "title": "Sample consultation", "code": "SC", "edition": number, "introduction": "",
        "languages": ["en"], "translations": {}, "sections": [{**section, "questions": list(questions)}],
    }  # fmt: skip


def voice(number: int, content: dict[str, Any], given: Given, **quotes: str) -> Voice:
    """A response on record. A question that is not in `given` was not asked; None is a blank answer."""
    answers = {
        q["id"]: {
            "answer": given.get(q["id"]),
            "answer_text": str(given.get(q["id"]) or ""),
            "asked": q["id"] in given,
            "quote": quotes.get(f"q{q['id']}", "none"),
        }
        for q in content["sections"][0]["questions"]
    }
    sealed = EditionContent.read(json.dumps(content)).with_answers(answers)
    return Voice(number, EditionContent.read(json.dumps(sealed)), delegation(number), ("Sample Person",))


def delegation(number: int, name: str = "", code: str = "") -> Delegation:
    organisation = Organisation(
        name=name or f"Sample State {number:03}", code=code or f"X{number}", kind=Organisation.Kind.STATE
    )
    return Delegation(pk=number, organisation=organisation)


def record_of(editions: Sequence[dict[str, Any]], voices: Sequence[Voice]) -> Record:
    """`editions` newest first."""
    numbers = {each.record.edition for each in voices}
    used = [content for content in editions if content["edition"] in numbers] or [editions[0]]
    return Record(editions[0], _sections(used), list(voices), [v.delegation for v in voices], tuple(sorted(numbers)))


def parts(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way to spread so many delegations over so many cells."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in parts(total - first, cells - 1):
            yield (first, *rest)


def figures(record: Record, threshold: int) -> tuple[str, dict[Any, int | None]]:
    """All that is published, as one text; and every count of it by question, table and cell."""
    content = compose_record(record, threshold).content
    counts = {
        (q["id"], number, cell["key"]): cell["count"]
        for section in content["sections"]
        for q in section["questions"]
        for number, table in enumerate(q["tables"])
        for cell in table["cells"]
    }
    return json.dumps(content, sort_keys=True), counts


def attack(records: Sequence[Record], threshold: int) -> dict[Any, set[int]]:
    """For every count that is left out of the results of one of the records, whatever it may be, for somebody who knows
    how figures are left out and tries all records: its possible values, by what was published and which count it is."""
    found: dict[Any, dict[Any, set[int]]] = {}
    left_out: dict[Any, set[Any]] = {}
    for record in records:
        published, shown = figures(record, threshold)
        _all, true = figures(record, 1)
        values = found.setdefault(published, {})
        for key, count in true.items():
            values.setdefault(key, set()).add(count or 0)
        left_out.setdefault(published, set()).update(key for key in true if shown.get(key) is None)
    return {(published, key): found[published][key] for published, keys in left_out.items() for key in keys}

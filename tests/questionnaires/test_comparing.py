"""The comparison of two editions: pure functions over frozen contents."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import editions
from questionnaires.comparing import Comparison, compare


def asked(pk: int, **options: Any) -> dict[str, Any]:
    return {
        "id": pk,
        "number": "1.1",
        "kind": "single",
        "text": f"Sample {pk}?",
        "help": "",
        "required": False,
        "objective": None,
        "choices": [{"key": "first", "label": "First"}, {"key": "second", "label": "Second"}],
        "rows": [],
        "columns": [],
        "other": False,
        "low": "",
        "high": "",
        "words": None,
        "minimum": None,
        "maximum": None,
        "unit": "",
        "min_choices": None,
        "max_choices": None,
        "max_rows": None,
        "files": False,
        "condition": None,
        "translations": {},
        **options,
    }


def content(*sections: list[dict[str, Any]], number: int = 1) -> dict[str, Any]:
    languages = ["en", "fr"]
    found: dict[str, Any] = {
        "format": 2,
        "title": "Sample",
        "code": "SP",
        "edition": number,
        "introduction": "",
        "languages": languages,
        "translations": {},
        "sections": [],
    }
    for place, questions in enumerate(sections, start=1):
        rows = [{**question, "number": f"{place}.{row}"} for row, question in enumerate(questions, start=1)]
        found["sections"].append(
            {
                "id": place,
                "number": place,
                "title": f"Section {place}",
                "introduction": "",
                "translations": {},
                "questions": rows,
            }
        )
    return found


def compared(old: dict[str, Any], new: dict[str, Any]) -> Comparison:
    return compare(editions.write(old)[0], editions.write({**new, "edition": 2})[0])


def facts(**changed: Any) -> list[str]:
    """What is said of one question in which these differ."""
    comparison = compared(content([asked(1)]), content([asked(1, **changed)]))
    return comparison.questions[0].facts if comparison.questions else []


def test_the_same_questions_are_no_change() -> None:
    assert not compared(content([asked(1)], [asked(2)]), content([asked(1)], [asked(2)]))


def test_questions_come_and_go() -> None:
    comparison = compared(content([asked(1), asked(2)]), content([asked(1), asked(3)]))

    assert [change.question.id for change in comparison.added] == [3]
    assert [change.question.id for change in comparison.removed] == [2]
    assert comparison.changed == []
    assert comparison.count == 2


def test_a_number_that_only_shifted_is_no_change() -> None:
    comparison = compared(content([asked(1), asked(2)]), content([asked(3), asked(1), asked(2)]))

    assert comparison.changed == []


def test_as_few_as_possible_count_as_moved() -> None:
    before = content([asked(1), asked(2), asked(3), asked(4)], [asked(5)])
    comparison = compared(before, content([asked(4), asked(1), asked(2), asked(3)], [asked(5)]))
    assert [change.question.id for change in comparison.changed if change.moved] == [4]
    comparison = compared(before, content([asked(1), asked(3), asked(4)], [asked(5), asked(2)]))
    assert [(change.question.id, change.was) for change in comparison.changed] == [(2, "1.2")]


def test_texts_are_compared_in_each_language_word_by_word() -> None:
    old = asked(1, text="What is <b>most</b> important?", translations={"fr": {"text": "Le plus important ?"}})
    new = asked(1, text="What is <b>least</b> important?", translations={"fr": {"text": "Le moins important ?"}})
    reworded = compared(content([old]), content([new])).changed[0].texts

    assert [(text.label, text.language) for text in reworded] == [("Question", "English"), ("Question", "French")]
    assert reworded[0].marks[0] == "What is <mark>&lt;b&gt;most&lt;/b&gt;</mark> important?"
    assert reworded[1].marks[1] == "Le <mark>moins</mark> important ?"


def test_a_language_that_is_not_written_has_no_changes_of_its_own() -> None:
    old, new = asked(1, text="Sample before?"), asked(1, text="Sample after?", help="Sample help")
    reworded = compared(content([old]), content([new])).changed[0].texts
    assert [(text.label, text.language) for text in reworded] == [("Question", "English"), ("Help", "English")]

    translated = asked(1, text="Sample before?", translations={"fr": {"text": "Exemple ?"}})
    reworded = compared(content([old]), content([translated])).changed[0].texts
    assert [(text.language, text.before, text.after) for text in reworded] == [("French", "", "Exemple ?")]


def test_a_choice_is_known_by_its_key() -> None:
    choices = [{"key": "second", "label": "Second"}, {"key": "first", "label": "The first"}]
    comparison = compared(content([asked(1)]), content([asked(1, choices=choices)]))

    change = comparison.changed[0]
    assert [(text.language, text.before, text.after) for text in change.texts] == [("English", "First", "The first")]
    assert change.facts == ["The choices stand in another order."]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"required": True}, "An answer is required now."),
        ({"other": True}, "“Other” is offered now."),
        ({"files": True}, "Files may be attached to the answer now."),
        ({"words": 300}, "Words at most: 300 (before: no limit)."),
        ({"minimum": "1"}, "Smallest number: 1 (before: no limit)."),
        ({"min_choices": 2}, "Choices at least: 2 (before: no limit)."),
        ({"max_rows": 4}, "Rows at most: 4 (before: no limit)."),
        ({"choices": [{"key": "first", "label": "First"}]}, "Choice no longer offered: Second."),
        ({"rows": [{"key": "row", "label": "Row one"}]}, "New row: Row one."),
        ({"columns": [{"key": "what", "label": "What", "type": "text"}]}, "New column: What."),
        ({"objective": {"number": 1, "title": "Sample objective"}}, "Objective: Sample objective."),
        (
            {"condition": {"match": "all", "tests": [{"question": 1, "is": "one_of", "values": ["first"]}]}},
            "Asked only if 1.1 is First.",
        ),
    ],
)
def test_every_other_difference_is_a_sentence(changed, sentence) -> None:
    assert facts(**changed) == [sentence]


def test_sections_are_reworded_moved_added_and_removed() -> None:
    old = content([asked(1)], [asked(2)], [asked(3)])
    new = deepcopy(old)
    new["sections"][0], new["sections"][1] = new["sections"][1], new["sections"][0]
    new["sections"][0]["title"] = "Another title"
    new["sections"][2]["id"] = 9
    comparison = compared(old, new)

    assert ("Section 2", "Another title") in [(text.before, text.after) for text in comparison.texts]
    assert comparison.facts == [
        "Section “Section 3” is new.",
        "Section “Section 3” is not asked any more.",
        "The sections stand in another order.",
    ]


def test_an_edition_of_the_first_format_is_still_compared() -> None:
    names = ("columns", "min_choices", "max_choices", "max_rows", "files", "condition", "translations")
    old = content([asked(1)])
    old["format"] = 1
    for name in ("languages", "translations", "introduction"):
        del old[name]
    for section in old["sections"]:
        del section["id"], section["translations"]
        section["questions"] = [
            {name: value for name, value in question.items() if name not in names} for question in section["questions"]
        ]

    comparison = compared(old, content([asked(1, text="Sample other?")]))

    assert [change.question.id for change in comparison.changed] == [1]


@given(st.permutations(range(8)), st.sets(st.integers(0, 7)), st.sets(st.integers(8, 11)))
def test_whatever_order_and_choice_the_changes_add_up(order: list[int], gone: set[int], came: set[int]) -> None:
    old = content([asked(pk) for pk in range(8)])
    new = content([asked(pk) for pk in (*order, *sorted(came)) if pk not in gone])
    comparison = compared(old, new)

    assert {change.question.id for change in comparison.removed} == gone
    assert {change.question.id for change in comparison.added} == came
    moved = {change.question.id for change in comparison.changed}
    staying = [pk for pk in order if pk not in gone and pk not in moved]
    assert staying == sorted(staying)

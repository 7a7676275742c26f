"""The conditions of the portal against the same ones written a second time."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from icoca_portal.lib import sealing
from questionnaires import conditions
from questionnaires.editions import EditionContent
from tests.questionnaires import plain_conditions

KEYS = ("a", "b", "other")
KINDS = ("yes_no", "single", "multiple", "scale", "number", "long_text", "confirmation", "country")
BLANK: dict[str, Any] = {
    "text": "Sample",
    "help": "",
    "required": False,
    "objective": None,
    "rows": [],
    "columns": [],
    "other": True,
    "low": "",
    "high": "",
    "words": None,
    "minimum": None,
    "maximum": None,
    "unit": "",
    "translations": {},
}


def value_of(kind: str) -> st.SearchStrategy[Any]:
    some = {
        "yes_no": st.sampled_from(["yes", "no"]),
        "single": st.builds(lambda key: {"choice": key, "other": "x"}, st.sampled_from([*KEYS, ""])),
        "multiple": st.builds(
            lambda keys: {"choices": keys, "other": "x"}, st.lists(st.sampled_from(KEYS), unique=True)
        ),
        "scale": st.integers(1, 5),
        "number": st.sampled_from(["0", "2", "2.5", "-1", "twelve"]),
        "long_text": st.sampled_from(["Sample", "yes"]),
        "confirmation": st.just("yes"),
        "country": st.sampled_from(["CH", "SE"]),
    }[kind]
    return st.none() | some


TESTS = st.one_of(
    st.builds(lambda name: {"is": name, "values": []}, st.sampled_from(["answered", "blank"])),
    st.builds(
        lambda name, values: {"is": name, "values": values},
        st.sampled_from(["one_of", "none_of"]),
        st.lists(st.sampled_from([*KEYS, "yes", "no", "1", "3", "CH"]), min_size=1, max_size=3),
    ),
    st.builds(
        lambda name, limit: {"is": name, "values": [limit]},
        st.sampled_from(["at_least", "at_most"]),
        st.sampled_from(["0", "2", "2.5", "3"]),
    ),
)


@st.composite
def forms(draw: st.DrawFn) -> tuple[dict[str, Any], dict[int, Any]]:
    """A frozen questionnaire with conditions that look back, forward and at what is not there, and some answers."""
    count = draw(st.integers(1, 9))
    questions, values = [], {}
    for number in range(1, count + 1):
        kind = draw(st.sampled_from(KINDS))
        tests = draw(st.lists(st.tuples(st.integers(1, count + 1), TESTS), max_size=3))
        condition = {
            "match": draw(st.sampled_from(["all", "any"])),
            "tests": [{"question": other, **test} for other, test in tests],
        }
        questions.append(
            {
                **BLANK,
                "id": number,
                "number": f"1.{number}",
                "kind": kind,
                "choices": [{"key": key, "label": key} for key in KEYS[:2]],
                "condition": draw(st.sampled_from([None, condition])),
            }
        )
        values[number] = draw(value_of(kind))
    cut = draw(st.integers(0, count))
    sections = [
        {"number": place, "title": "Sample", "introduction": "", "questions": part}
        for place, part in enumerate((questions[:cut], questions[cut:]), 1)
    ]
    content = {"format": 2, "title": "Sample", "code": "S", "edition": 1, "languages": ["en"], "sections": sections}
    return content, values


@given(forms())
def test_both_ask_the_same_questions(form: tuple[dict[str, Any], dict[int, Any]]) -> None:
    content, values = form

    found = conditions.asked(EditionContent.read(sealing.canonical(content)), values)

    assert found == plain_conditions.asked(content, values)

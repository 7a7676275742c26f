"""Whatever answers a draft holds, a form gives them back: random values of all kinds at once."""

from __future__ import annotations

from typing import Any

from django_countries import countries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.word.values import canonical
from tests.questionnaires.word.forms import CHOICES, ROWS, content, form, question_number, read, values_in

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
ANYTHING = st.one_of(
    TEXT,
    st.sampled_from(["[Q101]", "☒ yes", "☐", "x First", "Other: else", "  spaces  ", "a\tb", "=1+1", "–"]),
    st.sampled_from(["العربية", "中文", "😀", "☑ ☐ ✓"]),
)  # fmt: skip
LINES = st.lists(ANYTHING, max_size=6).map("\n".join)
KEYS = [choice["key"] for choice in CHOICES]


def line(text: str) -> str:
    """A text as a field of one line posts it."""
    return " ".join(text.split())


CODES = st.sampled_from([code for code, _name in countries])
DAYS = st.dates().map(lambda day: day.isoformat())
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "what": ANYTHING.map(line).filter(bool),
        "how-many": st.integers().map(str),
        "since": DAYS,
        "public": st.sampled_from(["yes", "no"]),
        "where": CODES,
    },
)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def with_other(chosen: st.SearchStrategy[Any], name: str) -> st.SearchStrategy[Any]:
    """What a question with “other” stores: what is chosen, and the words, at least one of the two."""
    pairs = st.tuples(chosen, ANYTHING.map(line))
    return pairs.filter(lambda pair: pair[0] or pair[1]).map(lambda pair: {name: pair[0], "other": pair[1]})


VALUES = st.fixed_dictionaries(
    {
        "short_text": maybe(ANYTHING.map(line).filter(bool)),
        "long_text": maybe(LINES.map(str.strip).filter(bool)),
        "yes_no": st.sampled_from([None, "yes", "no"]),
        "single": maybe(with_other(st.sampled_from([*KEYS, "other", ""]), "choice")),
        "multiple": maybe(
            with_other(
                st.sets(st.sampled_from([*KEYS, "other"])).map(lambda keys: [k for k in [*KEYS, "other"] if k in keys]),
                "choices",
            )
        ),
        "scale": st.sampled_from([None, 1, 2, 3, 4, 5]),
        "number": maybe(ANYTHING.map(line).filter(bool) | st.integers().map(str)),
        "date": maybe(DAYS | ANYTHING.map(line).filter(bool)),
        "ranking": maybe(st.dictionaries(st.sampled_from(KEYS), st.integers(1, 3), min_size=1)),
        "matrix": maybe(
            st.dictionaries(st.sampled_from([row["key"] for row in ROWS]), st.sampled_from(KEYS), min_size=1)
        ),
        "table": maybe(st.lists(CELLS.filter(bool), min_size=1, max_size=4)),
        "email": maybe(ANYTHING.map(line).filter(bool)),
        "url": maybe(ANYTHING.map(line).filter(bool)),
        "country": maybe(CODES),
        "confirmation": st.sampled_from([None, "yes"]),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(values=VALUES)
def test_every_answer_comes_back(values) -> None:
    questions = content().by_id
    expected = {kind: canonical(questions[question_number(kind)], value) for kind, value in values.items()}
    reading = read(form(values))
    assert values_in(reading) == expected
    assert not reading.unmatched
    assert not reading.unknown

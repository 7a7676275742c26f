"""The condition of a question, as it stands in its form: tests of the answers to earlier questions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.numbers import whole_number
from questionnaires.design_forms.translating import one_line
from questionnaires.kinds import parse_number
from questionnaires.models import Question
from questionnaires.outline import Place, tests_of, values_to_test

TEST_WORDS = {
    "answered": _("is answered"),
    "blank": _("is not answered"),
    "one_of": _("is one of"),
    "none_of": _("is answered, but not with"),
    "at_least": _("is at least"),
    "at_most": _("is at most"),
}
WITH_VALUES, WITH_LIMIT = ("one_of", "none_of"), ("at_least", "at_most")


@dataclass
class Test:
    """A test of the condition as it stands in the form."""

    index: int
    question: Question | None
    test: str
    values: list[str]
    limit: str
    error: str = ""

    @property
    def tests(self) -> list[tuple[str, Any]]:
        """The tests that say something about the question."""
        names = tests_of(self.question) if self.question else ["answered"]
        return [(name, TEST_WORDS[name]) for name in names]

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """The answers to choose from, each with whether it is chosen."""
        if self.question is None or self.test not in WITH_VALUES:
            return []
        return [(key, label, key in self.values) for key, label in values_to_test(self.question)]

    @property
    def is_long(self) -> bool:
        """Whether there are too many answers for boxes to tick."""
        return self.question is not None and self.question.kind == "country"

    @property
    def has_limit(self) -> bool:
        return self.test in WITH_LIMIT

    @property
    def stored(self) -> dict[str, Any]:
        values = self.values if self.test in WITH_VALUES else [self.limit] if self.has_limit else []
        return {"question": self.question.pk if self.question else 0, "is": self.test, "values": values}


def stored_tests(condition: Mapping[str, Any], earlier: Sequence[Place]) -> list[Test]:
    """The tests of a stored condition."""
    by_id = {place.question.pk: place.question for place in earlier}
    return [
        Test(index, by_id.get(test["question"]), test["is"], list(test["values"]), _limit_of(test))
        for index, test in enumerate(condition.get("tests", ()))
    ]


def typed_tests(posted: QueryDict, earlier: Sequence[Place]) -> list[Test]:
    """The tests as they were posted; one whose question was changed offers the first test of the new one."""
    by_id = {place.question.pk: place.question for place in earlier}
    indexes = sorted({int(found[1]) for key in posted if (found := re.fullmatch(r"test-(\d{1,3})-question", key))})
    tests = []
    for place, index in enumerate(indexes):
        number = posted.get(f"test-{index}-question", "")
        question = by_id.get(whole_number(number, figures=18) or 0)
        test = posted.get(f"test-{index}-is", "")
        possible = tests_of(question) if question else ["answered"]
        if question and posted.get(f"test-{index}-was", number) != number:
            test = ""
        limit = one_line(posted.get(f"test-{index}-limit", ""))
        values = posted.getlist(f"test-{index}-values")
        tests.append(Test(place, question, test if test in possible else _first(possible, question), values, limit))
    return tests


def _first(possible: Sequence[str], question: Question | None) -> str:
    """The test that is offered first: one that names answers, where the question has some."""
    return "one_of" if question is not None and "one_of" in possible else possible[0]


def _limit_of(test: Mapping[str, Any]) -> str:
    return str(test["values"][0]) if test["is"] in WITH_LIMIT and test["values"] else ""


def error_of(test: Test) -> str:
    if test.question is None:
        return gettext("Choose the question, or remove this line.")
    if test.test in WITH_VALUES and not set(test.values) & {key for key, _label in values_to_test(test.question)}:
        return gettext("Choose at least one answer.")
    if test.has_limit and parse_number(test.limit) is None:
        return gettext("Write a number.")
    return ""

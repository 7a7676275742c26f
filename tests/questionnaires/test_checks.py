"""What stops a submission, over a whole questionnaire, and how far a response is."""

from __future__ import annotations

import pytest

from questionnaires import operations
from questionnaires.checks import answered, problems_in
from questionnaires.models import Question
from questionnaires.progress import progress_of
from tests import factories
from tests.factories import VALUES
from tests.questionnaires.answering import draft, make_questionnaire

pytestmark = pytest.mark.django_db

MISSING = {
    "short_text": "Write an answer.",
    "long_text": "Write an answer.",
    "yes_no": "Choose one answer.",
    "single": "Choose one answer.",
    "multiple": "Choose at least one answer.",
    "scale": "Choose one answer.",
    "number": "Write an answer.",
    "date": "Write an answer.",
    "ranking": "Rank all 3.",
    "matrix": "Choose one answer in each row.",
    "file": "Attach a file.",
    "table": "Write at least one row.",
    "email": "Write an answer.",
    "url": "Write an answer.",
    "country": "Choose a country.",
    "confirmation": "Tick the box to confirm.",
}


@pytest.fixture
def required():
    """A questionnaire in which every question is required."""
    questionnaire = make_questionnaire(opened=False)
    Question.objects.update(required=True)
    operations.open_questionnaire(questionnaire, by=factories.UserFactory())
    return questionnaire


def test_nothing_stops_what_is_optional() -> None:
    content = make_questionnaire().edition.questions
    assert problems_in(content, {}) == []
    assert answered(content, {}) == 0


def test_each_required_answer_is_asked_for_in_the_words_of_its_kind_and_in_order(required) -> None:
    problems = problems_in(required.edition.questions, {})

    assert {problem.question.kind: problem.message for problem in problems} == MISSING
    assert [problem.question.number for problem in problems] == [q.number for q in required.edition.questions]
    assert [problem.section for problem in problems] == [1] * 6 + [2] * 10


def test_good_answers_are_counted_and_stop_nothing(required) -> None:
    content = required.edition.questions
    values = {question.id: VALUES.get(question.kind) for question in content}

    assert [problem.question.kind for problem in problems_in(content, values)] == ["file"]
    assert answered(content, values) == 15


def test_answers_to_other_questions_do_not_count(required) -> None:
    assert answered(required.edition.questions, {10**9: "text"}) == 0


@pytest.mark.parametrize(
    ("values", "states"),
    [
        ({}, ["done", "half"]),
        ({"long_text": None}, ["half", "half"]),
        ({"number": "twelve"}, ["done", "wrong"]),
        (dict.fromkeys(VALUES), ["none", "none"]),
    ],
)
def test_each_section_says_how_far_it_is(required, delegation, values, states) -> None:
    response = draft(required, delegation, **values)

    assert [section.state for section in progress_of(required.edition.questions, response)] == states


def test_a_section_names_who_worked_there_last(required, delegation) -> None:
    response = draft(required, delegation)
    question = next(question for question in required.edition.questions if question.kind == "number")
    person = factories.UserFactory(name="Sample Latecomer")
    operations.save_answers(required, delegation, [operations.Change(question.id, "7", 1)], by=person)

    first, second = progress_of(required.edition.questions, response)

    assert second.last_by == "Sample Latecomer"
    assert first.last_by != "Sample Latecomer"
    assert first.last_at
    assert second.last_at
    assert second.last_at > first.last_at

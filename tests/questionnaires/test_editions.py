"""The frozen form of a questionnaire."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icoca_portal.lib import sealing
from questionnaires import operations
from questionnaires.editions import EditionContent, choices_of, freeze, lines, write
from questionnaires.exceptions import QuestionnaireFrozen
from questionnaires.kinds import KINDS
from questionnaires.models import Edition, Question, Questionnaire
from tests import factories
from tests.factories import question_of
from tests.questionnaires.answering import make_questionnaire

pytestmark = pytest.mark.django_db


def test_opening_freezes_every_question_as_it_is() -> None:
    questionnaire = make_questionnaire(opened=False)
    number = question_of(questionnaire, "number")
    Question.objects.filter(pk=number.pk).update(
        minimum=Decimal("0.5000"), maximum=Decimal("1000.0000"), unit="CHF", help_text="Sample help", required=True
    )
    edition = operations.open_questionnaire(questionnaire, by=factories.UserFactory())

    content = edition.questions
    assert (content.title, content.code, content.edition) == ("Sample plan 2018", "SP", 1)
    assert [section.number for section in content.sections] == [1, 2]
    assert [question.number for question in content] == [
        f"{section.number}.{n}" for section in content.sections for n in range(1, len(section.questions) + 1)
    ]
    assert [question.kind for question in content] == list(KINDS)
    frozen = content.by_id[number.pk]
    assert (frozen.minimum, frozen.maximum, frozen.unit, frozen.help, frozen.required) == (
        "0.5",
        "1000",
        "CHF",
        "Sample help",
        True,
    )
    assert content.section(3) is None
    assert content.section_of(number.pk).number == 2
    assert content.section_of(0) is None


def test_the_text_is_canonical_and_has_its_seal() -> None:
    questionnaire = make_questionnaire()
    edition = Edition.objects.get()
    assert sealing.matches(edition.content, edition.sha256)
    assert sealing.canonical(json.loads(edition.content)) == edition.content
    assert write(freeze(questionnaire, 1)) == (edition.content, edition.sha256)


def test_what_is_frozen_does_not_follow_the_rows() -> None:
    questionnaire = make_questionnaire()
    before = questionnaire.edition.content
    Question.objects.update(text="Changed", choices=choices_of("Changed\nToo"))
    Questionnaire.objects.update(title="Changed")

    assert Edition.objects.get().content == before
    assert {question.text for question in Edition.objects.get().questions} != {"Changed"}


def test_a_questionnaire_is_opened_once() -> None:
    questionnaire = make_questionnaire()
    with pytest.raises(QuestionnaireFrozen):
        operations.open_questionnaire(questionnaire, by=factories.UserFactory())
    assert Edition.objects.count() == 1


def test_sections_without_questions_are_left_out_and_leave_no_gap_in_the_numbers() -> None:
    questionnaire = make_questionnaire(opened=False)
    factories.SectionFactory(questionnaire=questionnaire, position=0, title="Empty")

    content = EditionContent.read(write(freeze(questionnaire, 1))[0])

    assert [section.number for section in content.sections] == [1, 2]
    assert "Empty" not in {section.title for section in content.sections}


def test_a_question_carries_its_own_objective_or_that_of_its_section() -> None:
    questionnaire = make_questionnaire(opened=False)
    own, of_section = factories.ObjectiveFactory.create_batch(2)
    first = question_of(questionnaire, "short_text")
    first.section.objective, first.objective = of_section, own
    first.section.save()
    first.save()

    content = EditionContent.read(write(freeze(questionnaire, 1))[0])

    objectives = [question.objective for question in content.sections[0].questions]
    assert objectives[0] == {"number": own.number, "title": own.title}
    assert objectives[1] == {"number": of_section.number, "title": of_section.title}
    assert content.sections[1].questions[0].objective is None


def test_another_format_is_not_read_by_guessing() -> None:
    with pytest.raises(ValueError, match="unknown format"):
        EditionContent.read('{"format":99}')


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), max_size=12))
def test_every_choice_has_one_key_of_its_own(labels: list[str]) -> None:
    text = "\n".join(labels)

    choices = choices_of(text)

    keys = [choice["key"] for choice in choices]
    assert [choice["label"] for choice in choices] == lines(text)
    assert len(set(keys)) == len(keys)
    assert all(key and key == key.strip() and key != "other" for key in keys)
    assert choices_of(text) == choices


@given(st.permutations(["b", "a", "ü", "10", "9"]))
def test_the_canonical_text_knows_no_order_of_keys(keys: list[str]) -> None:
    assert sealing.canonical(dict.fromkeys(keys, 1)) == '{"10":1,"9":1,"a":1,"b":1,"ü":1}'

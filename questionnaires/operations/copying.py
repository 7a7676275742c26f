"""The secretariat: questions and sections copied, within a questionnaire and from an earlier one.

A copy keeps the keys of its choices and remembers what it was copied from, so that a delegation's earlier answers can
be offered again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from members.models import User
from questionnaires.models import Question, Questionnaire, Section
from questionnaires.operations.designing import designing, log, place_question, place_section
from questionnaires.outline import Outline

COPIED = (
    "kind",
    "text",
    "help_text",
    "translations",
    "required",
    "choices",
    "rows",
    "columns",
    "has_other",
    "min_choices",
    "max_choices",
    "max_rows",
    "low_label",
    "high_label",
    "word_limit",
    "minimum",
    "maximum",
    "unit",
    "takes_files",
)


@dataclass
class Imported:
    """What came over: the copies by the key of the question they were copied from, and the questions that lost their
    condition, because what it looked at was not copied."""

    copies: dict[int, Question] = field(default_factory=dict)
    without_condition: list[Question] = field(default_factory=list)


def duplicate_question(question: Question, *, by: User) -> Question:
    """The same question once more, below it, under the same condition."""
    with designing(question.section.questionnaire_id):
        original = Question.objects.select_related("section").get(pk=question.pk)
        copy = _copy(original, original.section, objective=True)
        copy.condition = deepcopy(original.condition)
        copy.save()
        place_question(copy, original.pk)
        log(by, copy, _("Question “%(question)s” duplicated.") % {"question": copy})
    return copy


def duplicate_section(section: Section, *, by: User) -> Section:
    """The same section once more, below it, with its questions; their conditions look at the copies where they can."""
    with designing(section.questionnaire_id) as locked:
        original = Section.objects.get(pk=section.pk)
        copy = _copy_section(original, locked, objective=True)
        place_section(copy, original.pk)
        copies: dict[int, Question] = {}
        for question in original.questions.standing().order_by("position", "pk"):
            copies[question.pk] = made = _copy(question, copy, objective=True)
            made.condition = _looking_at_copies(question.condition, copies, otherwise=True)
            made.position = len(copies)
            made.save()
        log(by, copy, _("Section “%(section)s” duplicated.") % {"section": copy.title})
    return copy


def import_questions(
    questionnaire: Questionnaire, source: Questionnaire, questions: Collection[int], *, by: User
) -> Imported:
    """Copy the chosen questions of an earlier questionnaire to the end of this one, each section with those of it.

    A condition comes along where every question that it looks at is copied too; else it is dropped and said. An
    objective comes along within the same plan.
    """
    imported = Imported()
    with designing(questionnaire) as locked:
        same_plan = locked.plan_id is not None and locked.plan_id == source.plan_id
        for part in Outline.read(source).parts:
            chosen = [place.question for place in part.places if place.question.pk in questions]
            if not chosen:
                continue
            section = _copy_section(part.section, locked, objective=same_plan)
            place_section(section, None)
            for position, question in enumerate(chosen, start=1):
                copy = _copy(question, section, objective=same_plan)
                copy.position = position
                copy.condition = _looking_at_copies(question.condition, imported.copies)
                copy.save()
                imported.copies[question.pk] = copy
                if question.condition and not copy.condition:
                    imported.without_condition.append(copy)
        log(
            by,
            locked,
            _("%(count)d questions copied from “%(source)s”.") % {"count": len(imported.copies), "source": source},
        )
    return imported


def _copy_section(original: Section, questionnaire: Questionnaire, *, objective: bool) -> Section:
    return Section.objects.create(
        questionnaire=questionnaire,
        title=original.title,
        introduction=original.introduction,
        translations=deepcopy(original.translations),
        objective_id=original.objective_id if objective else None,
    )


def _copy(original: Question, section: Section, *, objective: bool) -> Question:
    return Question(
        section=section,
        copied_from=original,
        objective_id=original.objective_id if objective else None,
        **{name: deepcopy(getattr(original, name)) for name in COPIED},
    )


def _looking_at_copies(
    condition: Mapping[str, Any] | None, copies: Mapping[int, Question], *, otherwise: bool = False
) -> dict[str, Any] | None:
    """The condition with each question that it looks at replaced by its copy.

    Without a copy the question itself is looked at (`otherwise`), or the whole condition is dropped.
    """
    if not condition:
        return None
    tests = []
    for test in condition["tests"]:
        copy = copies.get(test["question"])
        if copy is None and not otherwise:
            return None
        tests.append({**test, "question": copy.pk if copy else test["question"]})
    return {**condition, "tests": tests}

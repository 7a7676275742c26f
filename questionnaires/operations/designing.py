"""The secretariat: sections and questions are added, changed, moved and removed, in a draft and while it is open.

Delegations answer a frozen edition, so a change of the design reaches them only with the next one
(`operations.publish_edition`). What is removed stays, for the answers it has, and can be restored; only what no edition
ever asked is deleted. Every operation locks the questionnaire, so that it cannot be opened in the middle.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User
from questionnaires.editions import new_key
from questionnaires.exceptions import (
    ConditionBroken,
    DesignChangedMeanwhile,
    OrderChangedMeanwhile,
    QuestionAsked,
    QuestionnaireFrozen,
)
from questionnaires.models import Question, Questionnaire, Section
from questionnaires.outline import Order, Outline

LISTS = ("choices", "rows", "columns")


@contextmanager
def designing(questionnaire: Questionnaire | int) -> Iterator[Questionnaire]:
    """The questionnaire, locked for a change of its design, all or nothing.

    Raises QuestionnaireFrozen once it is closed, and ConditionBroken, with nothing changed, if a condition would look
    at nothing afterwards that looked at something before.
    """
    pk = questionnaire if isinstance(questionnaire, int) else questionnaire.pk
    with transaction.atomic():
        locked = Questionnaire.objects.select_for_update().get(pk=pk)
        if locked.state not in (Questionnaire.State.DRAFT, Questionnaire.State.OPEN):
            raise QuestionnaireFrozen(_("The questionnaire is closed. Its questions stay as they were asked."))
        known = {(fault.question, fault.looks_at) for fault in Outline.read(locked).faults}
        yield locked
        new = [fault for fault in Outline.read(locked).faults if (fault.question, fault.looks_at) not in known]
        if new:
            raise ConditionBroken(" ".join(dict.fromkeys(fault.sentence for fault in new)))


def asked_ids(questionnaire: Questionnaire) -> frozenset[int]:
    """The ids of all questions that any edition asked: one query."""
    return frozenset(question["id"] for question in _asked(questionnaire))


def _asked(questionnaire: Questionnaire) -> Iterator[dict[str, Any]]:
    for content in questionnaire.editions.values_list("content", flat=True):
        for section in json.loads(content)["sections"]:
            yield from section["questions"]


# Sections


def add_section(
    questionnaire: Questionnaire, values: Mapping[str, Any], *, by: User, after: int | None = None
) -> Section:
    """A section at the end, or after the one with the key `after`. `values` are its fields."""
    with designing(questionnaire) as locked:
        section = Section.objects.create(questionnaire=locked, **values)
        place_section(section, after)
        log(by, section, _("Section “%(section)s” added.") % {"section": section.title})
    return section


def change_section(section: Section, values: Mapping[str, Any], *, version: int, by: User) -> Section:
    """Give a section other texts. Raises DesignChangedMeanwhile if `version` is not the one that stands."""
    with designing(section.questionnaire_id):
        row = Section.objects.select_for_update().get(pk=section.pk)
        _check_version(row, version)
        if _apply(row, values):
            log(by, row, _("Section “%(section)s” changed.") % {"section": row.title})
    return row


def remove_section(section: Section, *, by: User) -> None:
    """Ask nothing of this section any more. It stays with its questions, and can be restored."""
    with designing(section.questionnaire_id):
        row = Section.objects.select_for_update().get(pk=section.pk)
        if row.removed_at is None:
            _set_removed(row, removed=True)
            log(by, row, _("Section “%(section)s” removed.") % {"section": row.title})


def restore_section(section: Section, *, by: User) -> None:
    """Bring a removed section back to where it stood, with the questions it had."""
    with designing(section.questionnaire_id):
        row = Section.objects.select_for_update().get(pk=section.pk)
        if row.removed_at is not None:
            _set_removed(row, removed=False)
            _renumber(row.questionnaire.sections.standing().order_by("position", "pk"))
            log(by, row, _("Section “%(section)s” restored.") % {"section": row.title})


def delete_section(section: Section, *, by: User) -> None:
    """Delete a removed section for good, with its questions. Raises QuestionAsked if an edition asked one of them."""
    with designing(section.questionnaire_id) as locked:
        row = Section.objects.select_for_update().get(pk=section.pk)
        questions = list(row.questions.all())
        asked = asked_ids(locked)
        if row.removed_at is None or any(question.pk in asked for question in questions):
            raise QuestionAsked(_("An edition asked questions of this section. It stays, for the answers they have."))
        for question in questions:
            _delete(question)
        log(by, locked, _("Section “%(section)s” deleted.") % {"section": row.title})
        _delete(row)


# Questions


def add_question(section: Section, values: Mapping[str, Any], *, by: User, after: int | None = None) -> Question:
    """A question at the end of a section, or after the one with the key `after`; 0 puts it first."""
    with designing(section.questionnaire_id):
        question = Question(section=section, **_with_keys(values, {}))
        question.save()
        place_question(question, after)
        log(by, question, _("Question “%(question)s” added.") % {"question": question})
    return question


def change_question(question: Question, values: Mapping[str, Any], *, version: int, by: User) -> Question:
    """Give a question other values by field. A choice without a key is new and gets one that was never used here.

    Raises DesignChangedMeanwhile if `version` is not the one that stands, QuestionAsked for another kind once an
    edition asked it, ConditionBroken if a condition would look at nothing.
    """
    with designing(question.section.questionnaire_id) as locked:
        row = Question.objects.select_for_update(of=("self",)).select_related("section").get(pk=question.pk)
        _check_version(row, version)
        asked = [frozen for frozen in _asked(locked) if frozen["id"] == row.pk]
        if asked and values.get("kind", row.kind) != row.kind:
            raise QuestionAsked(
                _("An edition asked this question, so its kind stays. Add another question, and remove this one.")
            )
        used = {
            name: {choice["key"] for frozen in (*asked, {name: getattr(row, name)}) for choice in frozen.get(name, ())}
            for name in LISTS
        }
        if _apply(row, _with_keys(values, used)):
            log(by, row, _("Question “%(question)s” changed.") % {"question": row})
    return row


def remove_question(question: Question, *, by: User) -> None:
    """Ask a question no more. It stays, for the answers it has, and can be restored."""
    with designing(question.section.questionnaire_id):
        row = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
        if row.removed_at is None:
            _set_removed(row, removed=True)
            log(by, row, _("Question “%(question)s” removed.") % {"question": row})


def restore_question(question: Question, *, by: User) -> Question:
    """Ask a removed question again, where it stood. Raises QuestionnaireFrozen while its section is removed."""
    with designing(question.section.questionnaire_id):
        row = Question.objects.select_for_update(of=("self",)).select_related("section").get(pk=question.pk)
        if row.section.removed_at is not None:
            raise QuestionnaireFrozen(_("Restore the section of this question first."))
        if row.removed_at is not None:
            _set_removed(row, removed=False)
            _renumber(row.section.questions.standing().order_by("position", "pk"))
            log(by, row, _("Question “%(question)s” restored.") % {"question": row})
    return row


def delete_question(question: Question, *, by: User) -> None:
    """Delete a removed question for good. Raises QuestionAsked if an edition asked it."""
    with designing(question.section.questionnaire_id) as locked:
        row = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
        if row.removed_at is None or row.pk in asked_ids(locked):
            raise QuestionAsked(_("An edition asked this question. It stays, for the answers it has."))
        log(by, locked, _("Question “%(question)s” deleted.") % {"question": row})
        _delete(row)


# The order


def reorder_questions(questionnaire: Questionnaire, order: Order, *, seen: Order, by: User) -> None:
    """Put sections and questions in another order, within and across sections.

    `seen` is the order that the officer started from. Raises OrderChangedMeanwhile if another one stands now, and
    ConditionBroken if a condition would look forward.
    """
    with designing(questionnaire) as locked:
        outline = Outline.read(locked)
        if outline.order != seen or _rows(order) != _rows(seen):
            raise OrderChangedMeanwhile(
                _("Not moved. A colleague added, removed or moved something after you had opened this page.")
            )
        if order == seen:
            return
        sections = {part.section.pk: part.section for part in outline.parts}
        for place, (pk, questions) in enumerate(order, start=1):
            _put(sections[pk], position=place)
            for row, question in enumerate(questions, start=1):
                _put(outline.by_id[question].question, position=row, section_id=pk)
        log(by, locked, _("The order of the questions changed."))


def _rows(order: Order) -> tuple[list[int], list[int]]:
    return sorted(pk for pk, _questions in order), sorted(pk for _section, rows in order for pk in rows)


def _put(row: Any, **place: int) -> None:
    """Write where a row stands, if it stands elsewhere. Its version stays: what its form shows is the same."""
    if any(getattr(row, name) != value for name, value in place.items()):
        type(row).objects.filter(pk=row.pk).update(**place)


def _renumber(rows: Iterable[Any]) -> None:
    for place, row in enumerate(rows, start=1):
        _put(row, position=place)


def place_section(section: Section, after: int | None) -> None:
    rows = [row for row in section.questionnaire.sections.standing().order_by("position", "pk") if row != section]
    rows.insert(_index(rows, after), section)
    _renumber(rows)


def place_question(question: Question, after: int | None) -> None:
    rows = [row for row in question.section.questions.standing().order_by("position", "pk") if row != question]
    rows.insert(_index(rows, after), question)
    _renumber(rows)


def _index(rows: list[Any], after: int | None) -> int:
    """Behind the row with the key `after`; 0 is the beginning, and anything else the end."""
    if after == 0:
        return 0
    return next((number for number, row in enumerate(rows, start=1) if row.pk == after), len(rows))


# What all share


def log(by: User, row: Model, message: str) -> None:
    """Keep in the administration's log who changed what: with the row, and with its questionnaire."""
    about: list[Model] = [row]
    if isinstance(row, Question):
        about.append(row.section.questionnaire)
    elif isinstance(row, Section):
        about.append(row.questionnaire)
    LogEntry.objects.bulk_create(
        LogEntry(
            user_id=by.pk,
            content_type=get_content_type_for_model(one),
            object_id=str(one.pk),
            object_repr=str(one)[:200],
            action_flag=CHANGE,
            change_message=message,
        )
        for one in about
    )


def _check_version(row: Question | Section, version: int) -> None:
    if row.version != version:
        raise DesignChangedMeanwhile(
            _("Not saved. A colleague saved this after you had opened it. Your text stays in the form."), row
        )


def _apply(row: Question | Section, values: Mapping[str, Any]) -> bool:
    """Write what differs, under the next version; whether anything did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    if different:
        row.version += 1
        row.save(update_fields=[*different, "version"])
    return bool(different)


def _set_removed(row: Question | Section, *, removed: bool) -> None:
    row.removed_at = timezone.now() if removed else None
    row.version += 1
    row.save(update_fields=["removed_at", "version"])


def _delete(row: Question | Section) -> None:
    if isinstance(row, Question):
        row.copies.update(copied_from=None)
    try:
        row.delete()
    except ProtectedError as error:
        raise QuestionAsked(_("Something refers to this already. It stays.")) from error


def _with_keys(values: Mapping[str, Any], used: Mapping[str, set[str]]) -> dict[str, Any]:
    """The values with a key for each choice, row and column that has none yet, never one that was used before."""
    keyed = dict(values)
    for name in LISTS:
        if name not in keyed:
            continue
        taken = used.get(name, set()) | {choice["key"] for choice in keyed[name] if choice["key"]}
        rows = []
        for choice in keyed[name]:
            key = choice["key"] or new_key(choice["label"], taken)
            taken.add(key)
            rows.append({**choice, "key": key})
        keyed[name] = rows
    return keyed

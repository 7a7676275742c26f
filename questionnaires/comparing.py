"""What changed between two editions of a questionnaire, in every language that either is written in. Pure functions.

Questions and sections are known by their ids and choices by their keys, so one that was worded anew is the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from icoca_portal.lib.sequences import moved_between
from icoca_portal.lib.wording import Reworded
from questionnaires.condition_words import condition_in
from questionnaires.editions import Choice, EditionContent, FrozenQuestion, FrozenSection


@dataclass(frozen=True)
class QuestionChange:
    """What happened to one question. `question` is as it reads now; for a removed one, as it was."""

    kind: str
    """``added``, ``removed`` or ``changed``."""
    question: FrozenQuestion
    section: str
    before: FrozenQuestion | None = None
    texts: list[Reworded] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    moved: bool = False

    @property
    def was(self) -> str:
        """The number it had, where it has another one now."""
        return self.before.number if self.before and self.before.number != self.question.number else ""


@dataclass(frozen=True)
class Comparison:
    """The changes from one edition to another, in the order of the newer one; what was removed comes last."""

    old: int
    new: int
    texts: list[Reworded]
    """Of the questionnaire and its sections."""
    facts: list[str]
    questions: list[QuestionChange]

    @property
    def count(self) -> int:
        return len(self.texts) + len(self.facts) + len(self.questions)

    def __bool__(self) -> bool:
        return bool(self.count)

    @property
    def since(self) -> Mapping[int, str]:
        """What happened to each question, by its id."""
        return {change.question.id: change.kind for change in self.questions}

    @property
    def added(self) -> list[QuestionChange]:
        return [change for change in self.questions if change.kind == "added"]

    @property
    def changed(self) -> list[QuestionChange]:
        return [change for change in self.questions if change.kind == "changed"]

    @property
    def removed(self) -> list[QuestionChange]:
        return [change for change in self.questions if change.kind == "removed"]


def compare(old_text: str, new_text: str, language: str = "") -> Comparison:
    """Compare two frozen contents (canonical JSON); what is not compared word by word reads in `language`."""
    old, new = EditionContent.read(old_text, language), EditionContent.read(new_text, language)
    codes = list(dict.fromkeys((*new.languages, *old.languages))) or [settings.LANGUAGE_CODE]
    readings = [
        (
            _language_name(code) if len(codes) > 1 else "",
            EditionContent.read(old_text, _other(code)),
            EditionContent.read(new_text, _other(code)),
        )
        for code in codes
    ]
    texts, facts = _around(old, new, readings)
    moved = moved_between(
        [(question.id, _key(old.section_of(question.id))) for question in old],
        [(question.id, _key(new.section_of(question.id))) for question in new],
    )
    changes = []
    for section in new.sections:
        for question in section.questions:
            before = old.by_id.get(question.id)
            if before is None:
                changes.append(QuestionChange("added", question, section.title))
                continue
            reworded = _reworded(question.id, readings)
            said = _facts(before, question, old, new)
            if reworded or said or question.id in moved:
                changes.append(
                    QuestionChange("changed", question, section.title, before, reworded, said, question.id in moved)
                )
    for section in old.sections:
        changes += [QuestionChange("removed", q, section.title) for q in section.questions if q.id not in new.by_id]
    return Comparison(old.edition, new.edition, texts, facts, changes)


def _other(code: str) -> str:
    """The language to ask `EditionContent.read` for; texts in the first one stand in themselves."""
    return "" if code == settings.LANGUAGE_CODE else code


def _language_name(code: str) -> str:
    return str(dict(settings.LANGUAGES).get(code, code))


def _key(section: FrozenSection | None) -> Any:
    """What a section is known by; format 1 had no ids."""
    return (section.id or section.number) if section else None


Readings = Sequence[tuple[str, EditionContent, EditionContent]]


def _around(old: EditionContent, new: EditionContent, readings: Readings) -> tuple[list[Reworded], list[str]]:
    """What changed of the questionnaire itself and of its sections."""
    texts = _in_languages(
        [(language, _texts_around(before, after)) for language, before, after in readings],
    )
    old_keys, new_keys = [_key(s) for s in old.sections], [_key(s) for s in new.sections]
    facts = [
        _("Section “%(section)s” is new.") % {"section": section.title}
        for section in new.sections
        if _key(section) not in old_keys
    ]
    facts += [
        _("Section “%(section)s” is not asked any more.") % {"section": section.title}
        for section in old.sections
        if _key(section) not in new_keys
    ]
    if [key for key in old_keys if key in new_keys] != [key for key in new_keys if key in old_keys]:
        facts.append(_("The sections stand in another order."))
    return texts, facts


Pair = tuple[str, str, str]
"""What a text is, how it read, how it reads."""


def _texts_around(before: EditionContent, after: EditionContent) -> list[Pair]:
    """The texts of the questionnaire and of the sections that stand in both editions."""
    sections = {_key(section): section for section in before.sections}
    pairs = [(_("Title"), before.title, after.title), (_("Introduction"), before.introduction, after.introduction)]
    for section in after.sections:
        if was := sections.get(_key(section)):
            number = {"number": section.number}
            pairs.append((_("Title of section %(number)s") % number, was.title, section.title))
            pairs.append((_("Introduction of section %(number)s") % number, was.introduction, section.introduction))
    return pairs


def _texts_of(old: FrozenQuestion, new: FrozenQuestion) -> list[Pair]:
    """The texts of a question, and the labels of the choices that it keeps."""
    pairs = [
        (_("Question"), old.text, new.text),
        (_("Help"), old.help, new.help),
        (_("What 1 means"), old.low, new.low),
        (_("What 5 means"), old.high, new.high),
        (_("Unit"), old.unit, new.unit),
    ]
    for label, theirs, mine in (
        (_("Choice"), old.choices, new.choices),
        (_("Row"), old.rows, new.rows),
        (_("Column"), old.columns, new.columns),
    ):
        labels = {choice.key: choice.label for choice in theirs}
        pairs += [(label, labels[choice.key], choice.label) for choice in mine if choice.key in labels]
    return pairs


def _in_languages(pairs: Sequence[tuple[str, Sequence[Pair]]]) -> list[Reworded]:
    """The pairs that differ, the first language first.

    Where another language has no text of its own the first one's is read in its place, and is no change of that
    language: it counts as empty.
    """
    first = pairs[0][1]
    found: list[Reworded] = []
    for place, (language, texts) in enumerate(pairs):
        for (label, before, after), (_label, first_before, first_after) in zip(texts, first, strict=True):
            own_before = "" if place and before == first_before else before
            own_after = "" if place and after == first_after else after
            if own_before != own_after:
                found.append(Reworded(label, own_before, own_after, language))
    return found


def _reworded(pk: int, readings: Readings) -> list[Reworded]:
    """The texts of a question that read differently."""
    return _in_languages(
        [(language, _texts_of(before.by_id[pk], after.by_id[pk])) for language, before, after in readings]
    )


def _facts(old: FrozenQuestion, new: FrozenQuestion, before: EditionContent, after: EditionContent) -> list[str]:
    """What else is different of a question, as sentences."""
    found: list[str] = []
    if old.required != new.required:
        found.append(_("An answer is required now.") if new.required else _("An answer is optional now."))
    for theirs, mine, came, went, order in (
        (
            old.choices,
            new.choices,
            _("New choice: %(labels)s."),
            _("Choice no longer offered: %(labels)s."),
            _("The choices stand in another order."),
        ),
        (
            old.rows,
            new.rows,
            _("New row: %(labels)s."),
            _("Row no longer asked: %(labels)s."),
            _("The rows stand in another order."),
        ),
        (
            old.columns,
            new.columns,
            _("New column: %(labels)s."),
            _("Column no longer asked: %(labels)s."),
            _("The columns stand in another order."),
        ),
    ):
        found += _listed(theirs, mine, came, went, order)
    if old.other != new.other:
        found.append(_("“Other” is offered now.") if new.other else _("“Other” is no longer offered."))
    for label, was, now in (
        (_("Words at most: %(now)s (before: %(before)s)."), old.words, new.words),
        (_("Smallest number: %(now)s (before: %(before)s)."), old.minimum, new.minimum),
        (_("Largest number: %(now)s (before: %(before)s)."), old.maximum, new.maximum),
        (_("Choices at least: %(now)s (before: %(before)s)."), old.min_choices, new.min_choices),
        (_("Choices at most: %(now)s (before: %(before)s)."), old.max_choices, new.max_choices),
        (_("Rows at most: %(now)s (before: %(before)s)."), old.max_rows, new.max_rows),
    ):
        if was != now:
            found.append(label % {"now": _limit(now), "before": _limit(was)})
    if old.files != new.files:
        found.append(
            _("Files may be attached to the answer now.")
            if new.files
            else _("Files can no longer be attached to the answer.")
        )
    if old.condition != new.condition:
        words = condition_in(new, after)
        found.append(words or _("It is always asked now."))
    if old.objective != new.objective:
        title = new.objective["title"] if new.objective else _("none")
        found.append(_("Objective: %(title)s.") % {"title": title})
    return found


def _limit(value: Any) -> str:
    return _("no limit") if value is None else str(value)


def _listed(old: Sequence[Choice], new: Sequence[Choice], came: str, went: str, order: str) -> list[str]:
    old_keys, new_keys = [choice.key for choice in old], [choice.key for choice in new]
    found = []
    if added := [choice.label for choice in new if choice.key not in old_keys]:
        found.append(came % {"labels": "; ".join(added)})
    if removed := [choice.label for choice in old if choice.key not in new_keys]:
        found.append(went % {"labels": "; ".join(removed)})
    if [key for key in old_keys if key in new_keys] != [key for key in new_keys if key in old_keys]:
        found.append(order)
    types = {choice.key: choice.type for choice in old}
    found += [
        _("Column “%(column)s” takes something else now.") % {"column": choice.label}
        for choice in new
        if types.get(choice.key, choice.type) != choice.type
    ]
    return found

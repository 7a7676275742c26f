"""The form of a question: what its kind needs, its texts in every language, when it is asked."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.numbers import whole_number
from icoca_portal.lib.stale import Difference
from questionnaires.condition_words import in_words
from questionnaires.design_forms.condition import Test, error_of, stored_tests, typed_tests
from questionnaires.design_forms.lists import (
    COLUMN_WORDS,
    KINDS_OF_FIELD,
    LISTS,
    Row,
    RowList,
    list_error,
    listed,
    row_list,
    row_of,
)
from questionnaires.design_forms.sections import limit_objectives
from questionnaires.design_forms.translating import (
    TranslatedForm,
    field_differences,
    first_language,
    one_line,
    other_languages,
)
from questionnaires.models import Question, Questionnaire
from questionnaires.outline import Place, values_to_test

TEXTS = ("text", "help_text", "low_label", "high_label", "unit")


class QuestionForm(TranslatedForm):
    """A question. `earlier` are the questions that its condition may look at; `asked` says that its kind is fixed.

    `mark` begins the ids of its fields, since several forms may be open on one screen.
    """

    texts = TEXTS

    class Meta:
        model = Question
        fields = (
            "kind",
            "text",
            "help_text",
            "required",
            "objective",
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
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2}),
            "help_text": forms.Textarea(attrs={"rows": 2}),
            **{
                name: forms.NumberInput(attrs={"min": 1})
                for name in ("min_choices", "max_choices", "max_rows", "word_limit")
            },
        }
        error_messages = {"text": {"required": _("Write the question.")}, "kind": {"required": _("Choose a kind.")}}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        questionnaire: Questionnaire,
        earlier: Sequence[Place] = (),
        asked: bool = False,
        **kwargs: Any,
    ) -> None:
        self.posted = data if data is not None else QueryDict()
        pk = kwargs["instance"].pk if kwargs.get("instance") else None
        self.mark = f"q{pk}" if pk else _mark_of_new(data)
        super().__init__(data, auto_id=f"{self.mark}_%s", **kwargs)
        self.earlier, self.asked = list(earlier), asked
        limit_objectives(self, questionnaire)
        self.fields["help_text"].help_text = ""
        kind = self.fields["kind"]
        kind.choices = list(Question.Kind.choices)  # type: ignore[attr-defined]
        if asked:
            kind.disabled = True
        self.lists = {name: row_list(name, getattr(self.instance, name), self.posted) for name in LISTS}
        self.match, self.tests = self._read_condition()
        self.condition_error = ""
        self.redrawn = False
        if data is not None and (step := data.get("_row", "")):
            self._take(step)
        self.redrawn = data is not None and bool(data.get("_row") or "_redraw" in data)

    # What the template asks

    @property
    def kind(self) -> str:
        """The kind that is chosen now."""
        kind = self["kind"].value()
        return str(kind) if kind in Question.Kind.values else Question.Kind.LONG_TEXT

    @property
    def groups(self) -> dict[str, dict[str, Any]]:
        """What each field is about and whether it shows for the chosen kind, by its name."""
        return {
            name: {
                "kinds": " ".join(KINDS_OF_FIELD.get(name, ())),
                "shows": self.shows(name),
                "wordings": self.wordings(name) if name in TEXTS else [],
            }
            for name in (*self.Meta.fields, *LISTS)
        }

    def shows(self, name: str) -> bool:
        """Whether a field is about the chosen kind."""
        return self.kind in KINDS_OF_FIELD.get(name, (self.kind,))

    @property
    def row_lists(self) -> list[tuple[RowList, bool]]:
        return [(rows, self.shows(name)) for name, rows in self.lists.items()]

    @property
    def column_types(self) -> list[tuple[str, Any]]:
        return list(COLUMN_WORDS.items())

    @property
    def languages(self) -> list[tuple[str, str]]:
        return [first_language(), *other_languages()]

    @property
    def questions_to_test(self) -> list[tuple[int, str]]:
        return [(place.question.pk, f"{place.number} {place.question}") for place in self.earlier]

    # Rows

    def _take(self, step: str) -> None:
        """Do what a button of a row asks: add one, take one away, move it."""
        name, _colon, rest = step.partition(":")
        place, _colon, verb = rest.partition(":")
        rows: list[Any] = self.tests if name == "tests" else self.lists[name].rows if name in LISTS else []
        if rest == "add":
            rows.append(Test(len(rows), None, "answered", [], "") if name == "tests" else Row())
            return
        at = whole_number(place)
        if at is None or at >= len(rows):
            return
        row = rows.pop(at)
        if verb in ("up", "down"):
            rows.insert(max(0, at - 1) if verb == "up" else at + 1, row)
        if name == "tests":
            for index, test in enumerate(rows):
                test.index = index

    def _read_condition(self) -> tuple[str, list[Test]]:
        """Whether all tests or any must hold, and the tests."""
        if "condition" in self.posted:
            return ("any" if self.posted["condition"] == "any" else "all"), typed_tests(self.posted, self.earlier)
        stored = self.instance.condition or {}
        return stored.get("match", "all"), stored_tests(stored, self.earlier)

    # What is wrong

    def clean_text(self) -> str:
        return one_line(self.cleaned_data["text"])

    def clean_help_text(self) -> str:
        return one_line(self.cleaned_data["help_text"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        for low, high, message in (
            ("minimum", "maximum", _("The largest number is not below the smallest one.")),
            ("min_choices", "max_choices", _("Not fewer than the choices that are needed at least.")),
        ):
            smallest, largest = cleaned.get(low), cleaned.get(high)
            if smallest is not None and largest is not None and smallest > largest:
                self.add_error(high, message)
        for name in ("min_choices", "max_choices", "max_rows", "word_limit"):
            if cleaned.get(name) == 0:
                self.add_error(name, _("Write a number from 1, or leave it empty."))
        for name in LISTS:
            if self.shows(name):
                self.lists[name].error = list_error(self.lists[name].rows)
        most = len([row for row in self.lists["choices"].rows if not row.is_blank]) + bool(cleaned.get("has_other"))
        for name in ("min_choices", "max_choices"):
            if self.shows(name) and (cleaned.get(name) or 0) > most > 0:
                self.add_error(name, _("There are only %(count)d choices.") % {"count": most})
        for test in self.tests:
            test.error = error_of(test)
        if any(rows.error for rows in self.lists.values()) or any(test.error for test in self.tests):
            raise forms.ValidationError(_("Correct what is marked below."))
        return cleaned

    # What the operation stores

    def values(self) -> dict[str, Any]:
        """The values of the question's fields; what its kind does not need is emptied."""
        fresh = Question()
        found = {
            name: self.cleaned_data[name] if self.shows(name) else getattr(fresh, name) for name in self.Meta.fields
        }
        for name in LISTS:
            rows = self.lists[name].rows if self.shows(name) else []
            found[name] = [row.stored for row in rows if not row.is_blank]
        tests = [test.stored for test in self.tests]
        found["condition"] = {"match": self.match, "tests": tests} if tests else None
        translations = self.translations()
        found["translations"] = {
            code: kept
            for code, texts in translations.items()
            if (kept := {name: text for name, text in texts.items() if self.shows(name)})
        }
        return found

    def differences(self, stored: Question) -> Iterator[Difference]:
        """What of the typed values is not what is stored, each as an officer reads it."""
        yield from field_differences(self, stored)
        for name in LISTS:
            if not self.shows(name):
                continue
            theirs = listed(row_of(choice) for choice in getattr(stored, name))
            mine = listed(row for row in self.lists[name].rows if not row.is_blank)
            if theirs != mine:
                yield Difference(str(self.lists[name].title), theirs, mine)
        mine_condition = {"match": self.match, "tests": [test.stored for test in self.tests]} if self.tests else None
        if (stored.condition or None) != mine_condition:
            yield Difference(
                gettext("Ask only if"), self._condition_words(stored.condition), self._condition_words(mine_condition)
            )

    def _condition_words(self, condition: Mapping[str, Any] | None) -> str:
        places = {place.question.pk: place for place in self.earlier}

        def label(question: int, key: str) -> str:
            place = places.get(question)
            return dict(values_to_test(place.question)).get(key, key) if place else key

        def name(question: int) -> str:
            return places[question].number if question in places else "–"

        return in_words(condition, name, label) or gettext("Always asked.")


def _mark_of_new(data: QueryDict | None) -> str:
    """What marks the form of a question to come: made once, and sent along with it."""
    sent = data.get("_mark", "") if data else ""
    return sent if re.fullmatch(r"n[0-9a-f]{8}", sent) else f"n{secrets.token_hex(4)}"

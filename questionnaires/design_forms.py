"""The forms of the designer: a section, and a question with what its kind needs, its texts in every language.

A text in another language than the first is posted as ``text-fr``. The rows of a list of choices post the same names
once a row (``choices-key``, ``choices-label``, ``choices-label-fr``, ``choices-type``), so their order on the page is
their order; a test of a condition posts ``test-0-question``, ``test-0-is``, ``test-0-values``, ``test-0-limit``.
Buttons that only change the form post ``_row`` (``choices:1:up``, ``choices:add``, ``tests:0:remove``) or ``_redraw``.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.stale import Difference, shown
from questionnaires.condition_words import in_words
from questionnaires.kinds import parse_number
from questionnaires.models import Objective, Question, Questionnaire, Section
from questionnaires.outline import Outline, Place, tests_of, values_to_test

# Which kinds a field of a question is about; the fields that are not here are about all.
KINDS_OF_FIELD: Mapping[str, tuple[str, ...]] = {
    "choices": ("single", "multiple", "ranking", "matrix"),
    "rows": ("matrix",),
    "columns": ("table",),
    "has_other": ("single", "multiple"),
    "min_choices": ("multiple",),
    "max_choices": ("multiple",),
    "max_rows": ("table",),
    "low_label": ("scale",),
    "high_label": ("scale",),
    "word_limit": ("short_text", "long_text"),
    "minimum": ("number",),
    "maximum": ("number",),
    "unit": ("number",),
    "takes_files": tuple(kind for kind in Question.Kind.values if kind != "file"),
}
LISTS = ("choices", "rows", "columns")
TEXTS = ("text", "help_text", "low_label", "high_label", "unit")
KEY = re.compile(r"[\w-]{1,80}")
LONGEST_LABEL = 300
TEST_WORDS = {
    "answered": _("is answered"),
    "blank": _("is not answered"),
    "one_of": _("is one of"),
    "none_of": _("is answered, but not with"),
    "at_least": _("is at least"),
    "at_most": _("is at most"),
}
# What may stand in a column of a table (see `questionnaires.kinds`), the usual one first.
COLUMN_WORDS = {
    "text": _("Text"),
    "number": _("Number"),
    "date": _("Date"),
    "yes_no": _("Yes or no"),
    "country": _("Country"),
}
WITH_VALUES, WITH_LIMIT = ("one_of", "none_of"), ("at_least", "at_most")


def other_languages() -> list[tuple[str, str]]:
    """The languages that texts are translated into, with their names: all of the portal's but the first."""
    return [(code, str(name)) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def first_language() -> tuple[str, str]:
    """The language that texts are written in first."""
    return settings.LANGUAGE_CODE, str(dict(settings.LANGUAGES)[settings.LANGUAGE_CODE])


@dataclass(frozen=True)
class Wording:
    """The field of a text in one language."""

    code: str
    language: str
    field: Any


class TranslatedForm(forms.ModelForm):
    """A form whose `texts` are typed in every language, side by side."""

    texts: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code, _name = first_language()
        stored = self.instance.translations
        for name in self.texts:
            if name not in self.fields:
                continue
            first = self.fields[name]
            first.widget.attrs |= {"lang": code, "dir": "auto"}
            for other, language in other_languages():
                widget = copy(first.widget)
                widget.attrs = {**first.widget.attrs, "lang": other}
                self.fields[f"{name}-{other}"] = forms.CharField(
                    label=gettext("%(label)s, %(language)s") % {"label": first.label, "language": language},
                    required=False,
                    max_length=getattr(first, "max_length", None),
                    widget=widget,
                )
                self.initial.setdefault(f"{name}-{other}", stored.get(other, {}).get(name, ""))

    def wordings(self, name: str) -> list[Wording]:
        """The fields of a text, the first language first."""
        found = [Wording(*first_language(), self[name])]
        return found + [Wording(code, language, self[f"{name}-{code}"]) for code, language in other_languages()]

    def translations(self) -> dict[str, Any]:
        """The translations that were typed, by language; those into languages that the portal does not have stay."""
        known = {code for code, _name in other_languages()}
        typed = {code: texts for code, texts in self.instance.translations.items() if code not in known}
        for code in known:
            texts = {name: " ".join(self.cleaned_data.get(f"{name}-{code}", "").split(" ")) for name in self.texts}
            if filled := {name: text for name, text in texts.items() if text}:
                typed[code] = filled
        return typed


def one_line(text: str) -> str:
    """A text of one line; its field is larger only so that it can be read while it is written."""
    return " ".join(text.split())


class SectionForm(TranslatedForm):
    """A section: its title and introduction in every language, and its objective."""

    texts = ("title", "introduction")

    class Meta:
        model = Section
        fields = ("title", "introduction", "objective")
        widgets = {"introduction": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, questionnaire: Questionnaire, **kwargs: Any) -> None:
        pk = kwargs["instance"].pk if kwargs.get("instance") else "new"
        super().__init__(*args, auto_id=f"s{pk}_%s", **kwargs)
        _limit_objectives(self, questionnaire)

    @property
    def groups(self) -> dict[str, list[Wording]]:
        return {name: self.wordings(name) for name in self.texts}

    def values(self) -> dict[str, Any]:
        """The values of the section's fields, for the operation."""
        return {**{name: self.cleaned_data[name] for name in self.Meta.fields}, "translations": self.translations()}

    def differences(self, stored: Section) -> Iterator[Difference]:
        """What of the typed values is not what is stored."""
        yield from field_differences(self, stored)


def _limit_objectives(form: Any, questionnaire: Questionnaire) -> None:
    """The objectives of the questionnaire's plan to choose from."""
    if questionnaire.plan_id:
        form.fields["objective"].queryset = Objective.objects.filter(plan=questionnaire.plan_id)
    else:
        form.fields["objective"].queryset = Objective.objects.none()
    is_question = isinstance(form.instance, Question)
    form.fields["objective"].empty_label = gettext("The section’s") if is_question else gettext("None")


@dataclass
class Row:
    """A choice, a row or a column as it stands in the form. `labels` are its other languages."""

    key: str = ""
    label: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    type: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.label and not any(self.labels.values())

    @property
    def translated(self) -> list[tuple[str, str, str]]:
        """Each other language with its name and what stands there."""
        return [(code, name, self.labels.get(code, "")) for code, name in other_languages()]

    @property
    def stored(self) -> dict[str, Any]:
        labels = {code: label for code, label in self.labels.items() if label}
        return {
            "key": self.key,
            "label": self.label,
            **({"labels": labels} if labels else {}),
            **({"type": self.type} if self.type else {}),
        }


@dataclass
class RowList:
    """The rows of one list in the form, with its words and what is wrong with it."""

    name: str
    title: Any
    add: Any
    item: Any
    rows: list[Row]
    typed: bool = False
    error: str = ""

    @property
    def kinds(self) -> str:
        return " ".join(KINDS_OF_FIELD[self.name])


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


WORDS: Mapping[str, tuple[Any, Any, Any]] = {
    "choices": (_("Choices"), _("Add a choice"), _("Choice")),
    "rows": (_("Rows"), _("Add a row"), _("Row")),
    "columns": (_("Columns"), _("Add a column"), _("Column")),
}


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
        _limit_objectives(self, questionnaire)
        self.fields["help_text"].help_text = ""
        kind = self.fields["kind"]
        kind.choices = list(Question.Kind.choices)  # type: ignore[attr-defined]
        if asked:
            kind.disabled = True
        self.lists = {name: self._row_list(name) for name in LISTS}
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

    def _row_list(self, name: str) -> RowList:
        typed = self.data is not None and f"{name}-label" in self.data
        rows = self._typed_rows(name) if typed else [self._row_of(choice) for choice in getattr(self.instance, name)]
        if not typed:
            rows += [Row() for _blank in range(1 if rows else 2)]
        return RowList(name, *WORDS[name], rows=rows, typed=typed)

    @staticmethod
    def _row_of(choice: Mapping[str, Any]) -> Row:
        return Row(choice["key"], choice["label"], dict(choice.get("labels", {})), choice.get("type", ""))

    def _typed_rows(self, name: str) -> list[Row]:
        def column(part: str) -> list[str]:
            return [one_line(text)[:LONGEST_LABEL] for text in self.posted.getlist(f"{name}-{part}")]

        codes = [code for code, _name in other_languages()]
        columns = [column(f"label-{code}") for code in codes]
        known = {choice["key"]: choice.get("labels", {}) for choice in getattr(self.instance, name)}
        rows: list[Row] = []
        for key, label, kind, *labels in zip_longest(
            column("key"), column("label"), column("type"), *columns, fillvalue=""
        ):
            key = key if KEY.fullmatch(key) and all(row.key != key for row in rows) else ""
            others = {code: text for code, text in known.get(key, {}).items() if code not in codes}
            type_ = (kind if kind in COLUMN_WORDS else next(iter(COLUMN_WORDS))) if name == "columns" else ""
            rows.append(Row(key, label, others | dict(zip(codes, labels, strict=True)), type_))
        return rows

    def _take(self, step: str) -> None:
        """Do what a button of a row asks: add one, take one away, move it."""
        name, _colon, rest = step.partition(":")
        place, _colon, verb = rest.partition(":")
        rows: list[Any] = self.tests if name == "tests" else self.lists[name].rows if name in LISTS else []
        if rest == "add":
            rows.append(Test(len(rows), None, "answered", [], "") if name == "tests" else Row())
            return
        at = int(place) if place.isdigit() else -1
        if not 0 <= at < len(rows):
            return
        row = rows.pop(at)
        if verb in ("up", "down"):
            rows.insert(max(0, at - 1) if verb == "up" else at + 1, row)
        if name == "tests":
            for index, test in enumerate(rows):
                test.index = index

    # The condition

    def _read_condition(self) -> tuple[str, list[Test]]:
        by_id = {place.question.pk: place.question for place in self.earlier}
        if self.data is None or "condition" not in self.data:
            stored = self.instance.condition or {}
            tests = [
                Test(index, by_id.get(test["question"]), test["is"], list(test["values"]), *_limit_of(test))
                for index, test in enumerate(stored.get("tests", ()))
            ]
            return stored.get("match", "all"), tests
        indexes = sorted(
            {int(found[1]) for key in self.data if (found := re.fullmatch(r"test-(\d{1,3})-question", key))}
        )
        tests = []
        for place, index in enumerate(indexes):
            number = self.data.get(f"test-{index}-question", "")
            question = by_id.get(int(number)) if number.isdigit() else None
            test = self.data.get(f"test-{index}-is", "")
            possible = tests_of(question) if question else ["answered"]
            if question and self.data.get(f"test-{index}-was", number) != number:
                test = ""  # another question was chosen: its own first test is offered
            limit = one_line(self.data.get(f"test-{index}-limit", ""))
            values = self.posted.getlist(f"test-{index}-values")
            tests.append(Test(place, question, test if test in possible else _first(possible, question), values, limit))
        return ("any" if self.data.get("condition") == "any" else "all"), tests

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
                self.lists[name].error = self._list_error(self.lists[name].rows)
        most = len([row for row in self.lists["choices"].rows if not row.is_blank]) + bool(cleaned.get("has_other"))
        for name in ("min_choices", "max_choices"):
            if self.shows(name) and (cleaned.get(name) or 0) > most > 0:
                self.add_error(name, _("There are only %(count)d choices.") % {"count": most})
        for test in self.tests:
            test.error = _test_error(test)
        if any(rows.error for rows in self.lists.values()) or any(test.error for test in self.tests):
            raise forms.ValidationError(_("Correct what is marked below."))
        return cleaned

    @staticmethod
    def _list_error(rows: list[Row]) -> str:
        labels = [row.label.casefold() for row in rows if not row.is_blank]
        if "" in labels:
            return gettext("Write each label in %(language)s too.") % {"language": first_language()[1]}
        if len(set(labels)) < len(labels):
            return gettext("Give each label once.")
        return ""

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
            theirs = _listed(self._row_of(choice) for choice in getattr(stored, name))
            mine = _listed(row for row in self.lists[name].rows if not row.is_blank)
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


def _first(possible: Sequence[str], question: Question | None) -> str:
    """The test that is offered first: one that names answers, where the question has some."""
    return "one_of" if question is not None and "one_of" in possible else possible[0]


def _limit_of(test: Mapping[str, Any]) -> tuple[str]:
    return (str(test["values"][0]) if test["is"] in WITH_LIMIT and test["values"] else "",)


def _test_error(test: Test) -> str:
    if test.question is None:
        return gettext("Choose the question, or remove this line.")
    if test.test in WITH_VALUES and not set(test.values) & {key for key, _label in values_to_test(test.question)}:
        return gettext("Choose at least one answer.")
    if test.has_limit and parse_number(test.limit) is None:
        return gettext("Write a number.")
    return ""


def _listed(rows: Any) -> str:
    lines = [" / ".join(text for text in (row.label, *row.labels.values()) if text) for row in rows]
    return "\n".join(lines) or gettext("(empty)")


def field_differences(form: Any, stored: Any) -> Iterator[Difference]:
    """Every plain field of a bound form whose typed value is not the stored one."""
    for name, form_field in form.fields.items():
        if form_field.disabled or (hasattr(form, "shows") and not form.shows(name.split("-")[0])):
            continue
        plain, _dash, code = name.partition("-")
        theirs = stored.translations.get(code, {}).get(plain, "") if code else getattr(stored, name)
        if name == "objective":
            theirs = stored.objective
        typed = form[name].data
        if form_field.has_changed(form_field.prepare_value(theirs), typed):
            yield Difference(str(form_field.label), shown(form_field, theirs), shown(form_field, typed))


class ImportForm(forms.Form):
    """Which questions of an earlier questionnaire are copied: by section, or one by one."""

    def __init__(self, data: QueryDict | None = None, *, outline: Outline) -> None:
        super().__init__(data)
        self.posted = data if data is not None else QueryDict()
        self.outline = outline
        self.chosen: list[int] = []

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The sections with their questions, each with whether it is ticked."""
        sections, questions = self._ticked
        return [
            {
                "part": part,
                "ticked": part.section.pk in sections,
                "places": [(place, place.question.pk in questions) for place in part.places],
            }
            for part in self.outline.parts
            if part.places
        ]

    @property
    def _ticked(self) -> tuple[set[int], set[int]]:
        def numbers(name: str) -> set[int]:
            return {int(text) for text in self.posted.getlist(name) if text.isdigit()} if self.is_bound else set()

        return numbers("section"), numbers("question")

    def clean(self) -> dict[str, Any] | None:
        sections, questions = self._ticked
        self.chosen = [
            place.question.pk
            for part in self.outline.parts
            for place in part.places
            if part.section.pk in sections or place.question.pk in questions
        ]
        if not self.chosen:
            raise forms.ValidationError(_("Tick a section or a question."))
        return super().clean()


class NoteForm(forms.Form):
    """What goes to the delegations with a new edition."""

    note = forms.CharField(
        label=_("Note to the delegations"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField", "aria-describedby": "id_note_helptext"}),
        help_text=_("What changed, and why. It stands in the message and above the list of changes."),
    )

"""What people type into: a question bound to its answer, and the few plain forms around a response."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.numbers import number_in
from icoca_portal.lib.prepared import Prepared, given, given_keys
from icoca_portal.lib.wording import marked
from questionnaires.changes import Change
from questionnaires.checks import problems_of
from questionnaires.editions import FrozenQuestion, FrozenSection
from questionnaires.files import MOST_FILES, files_of, takes_files
from questionnaires.kinds import (
    OTHER,
    SCALE,
    cell_name,
    cells_of,
    country_names,
    kind_of,
    most_rows,
    parse_day,
    show,
    shown_rows,
    stored_pairs,
    words,
)
from questionnaires.models import Answer, Response

GROUPS = ("yes_no", "single", "multiple", "scale", "ranking", "matrix", "table", "confirmation")
MERGEABLE = QUOTABLE = ("short_text", "long_text")


@dataclass
class BoundQuestion:
    """A question with what stands in its fields. `answer` is the stored row; `value` what the fields show."""

    question: FrozenQuestion
    section: int
    answer: Answer | None = None
    value: Any = None
    base_version: int = 0
    writable: bool = False
    conflict: Answer | None = None
    refused: str = ""
    least_rows: int = 1
    """How many rows a table shows, empty ones if it holds fewer."""
    asked: bool = True
    """Whether its condition holds. One that is not asked is kept on the page unseen, with what was typed."""
    file_errors: list[str] = field(default_factory=list)
    """Why files that were sent with the section are not attached."""

    @property
    def name(self) -> str:
        """The base of the posted names."""
        return f"q{self.question.id}"

    @property
    def template(self) -> str:
        return f"questionnaires/kinds/_{self.question.kind}.html"

    @property
    def is_group(self) -> bool:
        """Whether several controls make up the answer, so that they stand in a fieldset."""
        return self.question.kind in GROUPS

    @property
    def names(self) -> str:
        """All names that this question posts, for htmx to send no others."""
        kind = kind_of(self.question)
        # A table may hold more rows than it takes: an edition before this one took more.
        own = [*kind.names(self.question, self.name), *self.posted]
        return ",".join(
            [
                *dict.fromkeys(own),
                f"{self.name}-version",
                f"{self.name}-theirs",
                f"{self.name}-pick",
                f"{self.name}-merged",
            ]
        )

    @cached_property
    def posted(self) -> Mapping[str, set[str]]:
        """What the fields hold, by posted name."""
        held: dict[str, set[str]] = defaultdict(set)
        for name, value in kind_of(self.question).pairs(self.question, self.value, self.name):
            held[name].add(value)
        return held

    @property
    def text(self) -> str:
        """The text of a field that holds a single one."""
        return next(iter(self.posted.get(self.name, ())), "")

    @property
    def other_text(self) -> str:
        return next(iter(self.posted.get(f"{self.name}-other", ())), "")

    @property
    def options(self) -> list[dict[str, Any]]:
        """The choices with whether each is chosen; “other” is not among them."""
        held = self.posted.get(self.name, set())
        return [{"key": c.key, "label": c.label, "chosen": c.key in held} for c in self.question.choices]

    @property
    def other_chosen(self) -> bool:
        return OTHER in self.posted.get(self.name, set())

    @property
    def steps(self) -> list[dict[str, Any]]:
        return [{"key": str(step), "chosen": step == self.value} for step in SCALE]

    @property
    def ranks(self) -> list[dict[str, Any]]:
        """What is ranked, each with the ranks to choose from."""
        count = len(self.question.choices)
        held = self.value or {}
        return [
            {
                "name": f"{self.name}-rank-{choice.key}",
                "label": choice.label,
                "ranks": [{"key": str(n), "chosen": held.get(choice.key) == n} for n in range(1, count + 1)],
            }
            for choice in self.question.choices
        ]

    @property
    def grid(self) -> list[dict[str, Any]]:
        """The rows of a matrix, each with its cells."""
        held = self.value or {}
        return [
            {
                "name": f"{self.name}-row-{row.key}",
                "label": row.label,
                "cells": [
                    {"key": c.key, "label": c.label, "chosen": held.get(row.key) == c.key}
                    for c in self.question.choices
                ],
            }
            for row in self.question.rows
        ]

    @property
    def hint(self) -> str:
        """What stands below the question: its help, and its limits."""
        return " ".join(filter(None, [self.question.help, kind_of(self.question).limits(self.question)]))

    @property
    def countries(self) -> SafeString:
        """The options of a field that holds a country."""
        return country_options(self.value or "")

    @property
    def table(self) -> list[dict[str, Any]]:
        """The rows of a table as its fields show them."""
        held = list(self.value or [])
        empty = min(self.least_rows, self.most_rows) - len(held)
        rows = [*held, *({} for _row in range(empty))]
        return [self._row(number, row) for number, row in enumerate(rows)]

    @property
    def table_row(self) -> dict[str, Any]:
        """An empty row whose number is yet to be put in, for the page to add at once."""
        return self._row("__row__", {})

    def _row(self, number: int | str, row: Mapping[str, str]) -> dict[str, Any]:
        return {
            "number": number,
            "cells": [
                {
                    "name": cell_name(self.name, number, column),
                    "label": column.label,
                    "type": column.type,
                    "value": row.get(column.key, ""),
                    "countries": country_options(row.get(column.key, "")) if column.type == "country" else "",
                    "is_day": column.type == "date" and is_day(row.get(column.key, "")),
                }
                for column, _asked, _kind in cells_of(self.question)
            ],
        }

    @property
    def shown_rows(self) -> list[list[str]]:
        """The rows of a table as a reader sees them."""
        return shown_rows(self.question, self.value)

    @property
    def most_rows(self) -> int:
        return most_rows(self.question)

    # Files beside the answer, or as the answer
    @property
    def takes_files(self) -> bool:
        return takes_files(self.question)

    @property
    def files(self) -> list[Any]:
        return files_of(self.question, self.answer)

    @property
    def files_version(self) -> int:
        """Of the list of files: an older list never replaces a newer one on the page."""
        return self.answer.version if self.answer else 0

    @property
    def may_add_files(self) -> bool:
        return len(self.files) < MOST_FILES

    # Whether results may quote the text
    @property
    def may_be_quoted(self) -> bool:
        return self.question.kind in QUOTABLE

    @property
    def quote(self) -> str:
        return self.answer.quote if self.answer else Answer.Quote.NONE

    @property
    def quotations(self) -> list[dict[str, Any]]:
        return [{"key": key, "label": label, "chosen": key == self.quote} for key, label in Answer.Quote.choices]

    @property
    def is_answered(self) -> bool:
        return self.answer is not None and self.answer.value is not None

    @property
    def counted(self) -> str:
        """How much of a limited text is used, counted here: browsers count the words of many scripts wrongly."""
        text = self.answer.value if self.answer else None
        if not self.question.words or self.question.kind not in QUOTABLE or text is None:
            return ""
        used = words(text)
        return gettext("%(used)d of %(words)d words") % {"used": used, "words": self.question.words}

    @property
    def shown(self) -> str:
        """The value as a reader sees it."""
        return show(self.question, self.value)

    @property
    def is_day(self) -> bool:
        """Whether the text is one that a date field can show."""
        return is_day(self.text)

    @property
    def saved_text(self) -> str:
        """When the answer was saved, in the reader's own zone: the hour today, with the day before."""
        return saved_text(self.answer)

    @property
    def conflict_text(self) -> str:
        """When the colleague's text was saved."""
        return saved_text(self.conflict)

    @property
    def problems(self) -> list[str]:
        """What is wrong with the stored answer; a missing one is said on the check page, not while writing."""
        if self.answer is None or self.answer.value is None:
            return []
        return problems_of(self.question, self.answer.value)

    @property
    def stored(self) -> str:
        """What the server holds; see `stored_pairs`."""
        return stored_pairs(self.question, self.answer.value if self.answer else None)

    # The two versions of a conflict
    @property
    def can_merge(self) -> bool:
        return self.question.kind in MERGEABLE

    @cached_property
    def _versions(self) -> tuple[SafeString, SafeString]:
        theirs = show(self.question, self.conflict.value if self.conflict else None)
        return marked(theirs, self.shown)

    @property
    def theirs_marked(self) -> SafeString:
        return self._versions[0]

    @property
    def mine_marked(self) -> SafeString:
        return self._versions[1]

    @property
    def theirs_text(self) -> str:
        """The stored text, from which a merge begins."""
        return str(self.conflict.value or "") if self.conflict else ""


def is_day(text: str) -> bool:
    """Whether a date field of a browser can show the text; it drops any other."""
    return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)) and parse_day(text) is not None


def country_options(chosen: str) -> SafeString:
    """The options of a field that holds a country, by name in the active language, with one chosen or none."""
    return _country_options(chosen, country_names())


@lru_cache(maxsize=64)
def _country_options(chosen: str, names: tuple[tuple[str, str], ...]) -> SafeString:
    # 250 options a field, and many fields in a table: written once for each country that was chosen.
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((code, " selected" if code == chosen else "", name) for code, name in names),
    )


def saved_text(answer: Answer | None) -> str:
    """``Saved 14:02`` today, ``Saved 18 April, 14:02`` before; in the active zone."""
    if answer is None:
        return ""
    local = timezone.localtime(answer.saved_at)
    hour = date_format(local, "TIME_FORMAT")
    if local.date() == timezone.localdate():
        return gettext("Saved %(hour)s") % {"hour": hour}
    return gettext("Saved %(day)s, %(hour)s") % {"day": date_format(local, "MONTH_DAY_FORMAT"), "hour": hour}


def bind_section(
    section: FrozenSection, response: Response, *, writable: bool, asked: Collection[int] | None = None
) -> list[BoundQuestion]:
    """The questions of a section with the answers that are stored: one query. `asked` says which of them are asked;
    None: all."""
    rows = answers_of(response, [question.id for question in section.questions])
    items = [bind(question, section.number, rows.get(question.id), writable=writable) for question in section.questions]
    for item in items:
        item.asked = asked is None or item.question.id in asked
    return items


_ANSWERS: Prepared[Answer] = Prepared(
    lambda count: (
        Answer.objects.filter(response=given("response"), question__in=given_keys("questions", count))
        .select_related("saved_by", "prefilled_from")
        .defer("prefilled_from__content")
    )
)


def answers_of(response: Response, question_ids: Iterable[int]) -> dict[int, Answer]:
    """Stored answers by question id; none for a response that has not begun."""
    if not response.has_begun:
        return {}
    ids = list(question_ids)
    rows = _ANSWERS.all(len(ids), response=response.pk, questions=ids)
    for answer in rows:
        answer.response = response
    return {answer.question_id: answer for answer in rows}


def bind(question: FrozenQuestion, section: int, answer: Answer | None, *, writable: bool) -> BoundQuestion:
    """One question with its stored answer."""
    return BoundQuestion(
        question=question,
        section=section,
        answer=answer,
        value=answer.value if answer else None,
        base_version=answer.version if answer else 0,
        writable=writable,
    )


def read_change(question: FrozenQuestion, data: QueryDict) -> Change | None:
    """What was posted for a question, or None if there is nothing to store. Files are attached on their own.

    After a conflict the writer picks: their colleague's text (nothing to store), their own, or a merged one; the last
    two go over the version of the colleague's that they saw.
    """
    name = f"q{question.id}"
    pick = data.get(f"{name}-pick", "")
    if question.kind == "file" or pick == "theirs" or f"{name}-version" not in data:
        return None
    base = number_in(data, f"{name}-theirs" if pick in ("mine", "merged") else f"{name}-version")
    if pick == "merged" and question.kind in MERGEABLE:
        return Change(question.id, kind_of(question).read(question, data, f"{name}-merged"), base)
    return Change(question.id, kind_of(question).read(question, data, name), base)


def posted_ids(data: QueryDict) -> list[int]:
    """The ids of the questions whose fields were posted, in their order."""
    return [int(match[1]) for name in data if (match := re.fullmatch(r"q([0-9]{1,9})-version", name))]


class SubmitForm(forms.Form):
    """The focal point's word that the response may go out."""

    confirm = forms.BooleanField(
        error_messages={"required": _("Tick the box to say that you submit for your delegation.")},
    )


class UploadedForm(forms.Form):
    """A form in Word that was filled in. What is in it is looked at by `questionnaires.word.opening`."""

    file = forms.FileField(
        label=_("Word file"),
        allow_empty_file=True,
        error_messages={"required": _("Choose the file first.")},
    )

    @property
    def first_error(self) -> str:
        return str(next(iter(self.errors["file"]), ""))

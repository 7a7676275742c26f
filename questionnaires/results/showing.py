"""Published results as their readers see them, in the active language. Reads the sealed JSON alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from icoca_portal.lib.charts import Bars
from members.models import Organisation
from questionnaires import kinds
from questionnaires.results.counting import ANSWERED, BLANK, NOT_ASKED, REST

READABLE = (1,)


def label_not_shown() -> str:
    """What stands in the place of a figure that is left out."""
    return _("not shown")


@dataclass(frozen=True)
class Row:
    """One cell of a count: what it counts, how many (None: left out), and the figure in words."""

    label: str
    count: int | None
    shown: str


@dataclass(frozen=True)
class Count:
    """One table of a question."""

    caption: str
    rows: list[Row]
    total: int

    @property
    def bars(self) -> Bars:
        return Bars(self.caption, [(row.label, row.count or 0, self._figure(row)) for row in self.rows], self.total)

    @property
    def is_hidden(self) -> bool:
        """Whether no figure of it is shown."""
        return all(row.count is None for row in self.rows)

    def _figure(self, row: Row) -> str:
        """The figure with its share of the total, which is known: a share tells no more than the figure."""
        if row.count is None or not self.total:
            return row.shown
        return f"{row.shown} ({round(100 * row.count / self.total)} %)"


@dataclass(frozen=True)
class Quotation:
    """A text that its delegation allowed to be quoted; `delegation` is empty where it allowed no name."""

    text: str
    delegation: str


class ShownQuestion:
    """One question with its published figures and quotations."""

    def __init__(self, raw: Mapping[str, Any], language: str) -> None:
        self._raw, self._language = raw, language
        own = raw["translations"].get(language, {})
        self.number: str = raw["number"]
        self.text: str = own.get("text") or raw["text"]
        self.unit: str = own.get("unit") or raw["unit"]
        self._ends = {"1": own.get("low") or raw["low"], "5": own.get("high") or raw["high"]}
        self.kind: str = raw["kind"]
        self.total: int | None = raw["total"]
        self.objective: Mapping[str, Any] | None = raw["objective"]

    @property
    def id(self) -> int:
        return int(self._raw["id"])

    @cached_property
    def about(self) -> str:
        """Of how many delegations the figures are, and why there are none."""
        if self._raw["reason"] == "condition":
            return _("Asked of some delegations only. Its figures would tell how they answered another question.")
        if self._raw["reason"] == "edition":
            return _("Asked in one of the editions only. Its figures would be those of a few delegations.")
        if self.total is None or self._raw["reason"]:
            return _("Too few delegations were asked to show a figure.")
        parts = []
        if self._raw["conditional"]:
            parts.append(_("Asked of some delegations only."))
        if self._raw["editions"]:
            parts.append(
                _("Asked in edition %(numbers)s only.") % {"numbers": ", ".join(map(str, self._raw["editions"]))}
            )
        parts.append(
            ngettext("Of %(count)d delegation.", "Of %(count)d delegations.", self.total) % {"count": self.total}
        )
        return " ".join(parts)

    @cached_property
    def all_counts(self) -> list[Count]:
        """The tables, without those that only say how many answered."""
        return [self._count(table) for table in self._raw["tables"] if not _only_answered(table)]

    @property
    def counts(self) -> list[Count]:
        """Those of them of which a figure is shown."""
        return [count for count in self.all_counts if not count.is_hidden]

    @cached_property
    def hidden(self) -> str:
        """A sentence for the tables of which nothing is shown; empty if there is none."""
        captions = [count.caption for count in self.all_counts if count.is_hidden]
        if not captions:
            return ""
        if self.kind == "matrix" and self.counts:
            return _("Not shown: %(rows)s.") % {"rows": "; ".join(captions)}
        if self.kind == "country":
            return _("No country was named by enough delegations to be shown.")
        return _("The figures are not shown: they are small, or would give small ones away.")

    @cached_property
    def answered(self) -> str:
        """How many answered, where that is all that is counted."""
        table = next((table for table in self._raw["tables"] if _only_answered(table)), None)
        if table is None:
            return ""
        found = {cell["key"]: cell["count"] for cell in table["cells"]}
        if found[ANSWERED] is None:
            return _("How many answered is not shown.")
        return ngettext("%(count)d delegation answered.", "%(count)d delegations answered.", found[ANSWERED]) % {
            "count": found[ANSWERED]
        }

    def _count(self, table: Mapping[str, Any]) -> Count:
        caption = self._label(table["row"]) if table["row"] else _("Answers")
        if table["overlap"]:
            caption = _("Answers; several choices each")
        rows = [Row(self._label(cell), cell["count"], self._shown(cell["count"])) for cell in table["cells"]]
        return Count(caption, rows, self.total or 0)

    def _shown(self, count: int | None) -> str:
        return label_not_shown() if count is None else str(count)

    def _label(self, cell: Mapping[str, Any]) -> str:
        key = cell["key"]
        words = {
            BLANK: _("No answer"),
            NOT_ASKED: _("Not asked"),
            ANSWERED: _("Answered"),
            REST: _("Other answers, or none"),
            kinds.OTHER: _("Other"),
        }
        if key in words and "label" not in cell:
            return words[key]
        if self.kind == "yes_no":
            return {"yes": _("Yes"), "no": _("No")}[key]
        if self.kind == "scale":
            return f"{key} {self._ends.get(key, '')}".strip()
        if self.kind == "country":
            return str(countries.name(key)) or str(key)
        return cell.get("labels", {}).get(self._language) or str(cell["label"])

    @cached_property
    def facts(self) -> list[tuple[str, str]]:
        """Figures beside the counts: the mean of a scale, the middle of numbers and days."""
        figures = self._raw["figures"]
        found = []
        if figures.get("mean"):
            found.append((_("Mean of those who answered"), number_format(figures["mean"])))
        middle = figures.get("middle") or {}
        for name, label in (("lower", _("Lower quarter")), ("centre", _("Middle")), ("upper", _("Upper quarter"))):
            if middle.get(name):
                found.append((label, self._value(middle[name])))
        return found

    def _value(self, text: str) -> str:
        if self.kind == "date":
            return date_format(date.fromisoformat(text), "DATE_FORMAT")
        return f"{number_format(text, force_grouping=True)} {self.unit}".strip()

    @cached_property
    def ranks(self) -> Bars | None:
        """The mean ranks, the first one first: the longest bar is ranked highest."""
        ranks = self._raw["figures"].get("ranks")
        if not ranks:
            return None
        most = len(ranks)
        rows = [(self._label(row), most + 1 - float(row["mean"]), number_format(row["mean"])) for row in ranks]
        return Bars(_("Mean rank; 1 is first"), rows, most)

    @cached_property
    def rank_rows(self) -> list[tuple[str, str]]:
        return [(self._label(row), number_format(row["mean"])) for row in self._raw["figures"].get("ranks", ())]

    @cached_property
    def quotations(self) -> list[Quotation]:
        return [Quotation(row["text"], row["delegation"] or "") for row in self._raw["quotations"]]


@dataclass(frozen=True)
class ShownSection:
    number: int
    title: str
    questions: list[ShownQuestion]


@dataclass(frozen=True)
class Rate:
    """How many of those asked have answered; `answered` is None for fewer than the threshold, and not none."""

    kind: str
    asked: int
    answered: int | None


@dataclass(frozen=True)
class Shown:
    """The results, ready to print."""

    title: str
    code: str
    threshold: int
    editions: list[int]
    rate: Rate
    kinds: list[Rate]
    sections: list[ShownSection]

    @property
    def questions(self) -> Iterator[ShownQuestion]:
        return (question for section in self.sections for question in section.questions)

    @property
    def percent(self) -> int:
        """The share of those asked that answered."""
        return round(100 * (self.rate.answered or 0) / self.rate.asked) if self.rate.asked else 0

    @property
    def fewer(self) -> str:
        """``fewer than 5``."""
        return _("fewer than %(threshold)d") % {"threshold": self.threshold}

    @property
    def bars(self) -> Bars:
        """The rate by kind of participant."""
        return Bars(
            _("By kind of participant, in per cent"),
            [(row.kind, share := round(100 * (row.answered or 0) / row.asked), f"{share} %") for row in self.kinds],
            100,
        )


def show(text: str) -> Shown:
    """Read published results. Raises ValueError on a format that this module does not know."""
    raw = json.loads(text)
    if raw.get("format") not in READABLE:
        raise ValueError(f"unknown format {raw.get('format')!r} of results")
    return show_content(raw)


def show_content(raw: Mapping[str, Any]) -> Shown:
    """The same, of results that are not sealed yet."""
    language = (translation.get_language() or "")[:2]
    rate = raw["rate"]
    labels = {
        Organisation.Kind.STATE.value: _("States"),
        Organisation.Kind.INTERNATIONAL_ORGANISATION.value: _("International organisations"),
    }
    return Shown(
        title=_own(raw, "title", language),
        code=raw["code"],
        threshold=raw["threshold"],
        editions=raw["editions"],
        rate=Rate("", rate["asked"], rate["answered"]),
        kinds=[Rate(labels[row["kind"]], row["asked"], row["answered"]) for row in rate["kinds"]],
        sections=[
            ShownSection(
                section["number"],
                _own(section, "title", language),
                [ShownQuestion(question, language) for question in section["questions"]],
            )
            for section in raw["sections"]
        ],
    )


def body_of(shown: Shown) -> str:
    """The counts, charts and quotations as HTML, for the page of the results and for the preview of it."""
    return render_to_string("questionnaires/results/_body.html", {"shown": shown})


def _own(raw: Mapping[str, Any], name: str, language: str) -> str:
    return raw["translations"].get(language, {}).get(name) or str(raw[name])


def _only_answered(table: Mapping[str, Any]) -> bool:
    return any(cell["key"] == ANSWERED for cell in table["cells"])

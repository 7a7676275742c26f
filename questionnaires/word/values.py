"""From what stands in the boxes of a question to the value of its answer, kind by kind.

What cannot be understood is no value: it is an issue, a code with the words that it is about, which
`questionnaires.word.comparing` puts into a sentence. What is understood but wrong (a number that is none yet) is a
value all the same, as on the portal, where a draft keeps what was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from django_countries import countries

from icoca_portal.lib.word.text import Box, Cell, Line
from questionnaires.editions import Choice, EditionContent, FrozenQuestion
from questionnaires.kinds import OTHER, SCALE, parse_day
from questionnaires.word import marks

#: What XML cannot hold, and what no text that is typed may hold.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: A mark that somebody typed before a choice, in place of ticking its box.
TYPED_TICK = re.compile(r"^\s*[\[(]?\s*[xX×]\s*[\])]?\s+(?=\S)|^\s*[\[(]\s*[xX×]\s*[\])]")
TYPED_BLANK = re.compile(r"^\s*[\[(]\s*[\])]\s*")
#: No answer is longer, in letters: it would be a book, and no page could show it.
LONGEST_ANSWER = 200_000
LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")


@dataclass
class Understood:
    """What was made of a question's boxes: a value, or why there is none; and words that no value holds."""

    value: Any = None
    issue: str = ""
    about: str = ""
    left_over: list[str] = field(default_factory=list)


class NotUnderstood(Exception):
    """`code` says why; `about` holds the words that it is about."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code)
        self.code, self.about = code, about


def storable(text: str) -> str:
    """A text without what Word cannot hold, its lines ended by ``\\n``."""
    return UNSTORABLE.sub("", LINE_ENDS.sub("\n", text))


def canonical(question: FrozenQuestion, value: Any) -> Any:
    """A value as it comes back from a form that nobody touched: what is compared, never what is stored."""
    if value is None:
        return None
    match question.kind:
        case "long_text":
            return tidy(storable(value)) or None
        case "short_text" | "number" | "email" | "url":
            return one_line(storable(value)) or None
        case "date":
            return _day(one_line(storable(value))) or None
        case "single" | "multiple":
            return {**value, "other": one_line(storable(value["other"]))}
        case "table":
            rows = [
                {key: _cell_value(question, key, one_line(storable(str(text)))) for key, text in row.items()}
                for row in value
            ]
            kept = [{key: text for key, text in row.items() if text} for row in rows]
            return [row for row in kept if row] or None
        case _:
            return value


def tidy(text: str) -> str:
    """The lines of a text without space at their ends, and without empty lines before and after."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def one_line(text: str) -> str:
    return " ".join(text.split())


def _day(text: str) -> str:
    """A day as a date field posts it; what is no day stays as it was typed."""
    day = parse_day(text)
    return f"{day.year:04d}-{day:%m-%d}" if day else text


def _cell_value(question: FrozenQuestion, key: str, text: str) -> str:
    column = next((column for column in question.columns if column.key == key), None)
    return _day(text) if column is not None and column.type == "date" else text


# Words in the languages that a form may be in


def folded(text: str) -> str:
    """A label for comparison: without capitals, and with one space where there are several."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=32)
def said(word: str) -> frozenset[str]:
    """A word of the portal in all its languages, folded."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(folded(gettext(word)))
    return frozenset(found)


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Codes by the names of countries in all languages, folded, and by themselves."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.update({folded(str(name)): code for code, name in countries})
    return found | {code.lower(): code for code, _name in countries}


def country_of(text: str) -> str | None:
    return _countries().get(folded(text))


class Labels:
    """The labels that choices, rows and columns of a question have in all languages and editions, by key."""

    def __init__(self, question: FrozenQuestion, contents: Iterable[EditionContent]) -> None:
        self.question = question
        self.variants = [own for content in contents if (own := content.by_id.get(question.id)) is not None]

    def keys(self, name: str) -> dict[str, str]:
        """Keys by folded label. A label that two choices share is left out: it tells nothing."""
        offered = {choice.key for choice in getattr(self.question, name)}
        found: dict[str, set[str]] = {}
        for variant in self.variants:
            for choice in getattr(variant, name):
                if choice.key in offered:
                    found.setdefault(folded(choice.label), set()).add(choice.key)
        return {label: next(iter(keys)) for label, keys in found.items() if len(keys) == 1}


def understand(question: FrozenQuestion, rows: Sequence[Sequence[Cell]], labels: Labels) -> Understood:
    """The value in the rows of a question's table (without the cells of the key). Raises nothing."""
    reader = _READERS.get(question.kind, _text)
    left_over: list[str] = []
    try:
        if sum(len(line.whole) for row in rows for cell in row for line in cell.lines) > LONGEST_ANSWER:
            raise NotUnderstood("too_long")
        return Understood(reader(question, rows, labels, left_over), left_over=left_over)
    except NotUnderstood as reason:
        return Understood(issue=reason.code, about=reason.about, left_over=left_over)


Rows = Sequence[Sequence[Cell]]


def _answer_lines(rows: Rows) -> list[Line]:
    """The lines of the answer: of the last cell of each row that has one."""
    return [line for row in rows if row for line in row[-1].lines]


def _whole(rows: Rows) -> str:
    return storable("\n".join(line.whole for line in _answer_lines(rows)))


def _text(question: FrozenQuestion, rows: Rows, labels: Labels, left_over: list[str]) -> Any:
    return tidy(_whole(rows)) or None


def _line(question: FrozenQuestion, rows: Rows, labels: Labels, left_over: list[str]) -> Any:
    return one_line(_whole(rows)) or None


def _number(question: FrozenQuestion, rows: Rows, labels: Labels, left_over: list[str]) -> Any:
    text = one_line(_whole(rows))
    if question.unit and text.endswith(question.unit):
        text = text.removesuffix(question.unit).strip()
    return text or None


def _date(question: FrozenQuestion, rows: Rows, labels: Labels, left_over: list[str]) -> Any:
    text = one_line(_whole(rows))
    return None if folded(text) in said("Day, month, year") else _day(text) or None


def _country(question: FrozenQuestion, rows: Rows, labels: Labels, left_over: list[str]) -> Any:
    text = one_line(_whole(rows))
    if not text:
        return None
    code = country_of(text)
    if code is None:
        raise NotUnderstood("no_country", text)
    return code


# Boxes


@dataclass
class Option:
    """A box with the words behind it; `ticked` None for words without a box."""

    ticked: bool | None
    tag: str
    words: str


def _options(lines: Iterable[Line]) -> list[Option]:
    found: list[Option] = []
    for line in lines:
        started = False
        for item in line.items:
            if isinstance(item, Box) and started and not item.tag and _after_other(found[-1]) is not None:
                found[-1].words += str(item)  # a sign in what somebody wrote
            elif isinstance(item, Box):
                found.append(Option(item.ticked, item.tag, ""))
                started = True
            elif started:
                found[-1].words += item
            else:
                found.append(Option(None, "", item))
                started = True
    merged: list[Option] = []
    for option in found:
        option.words = storable(option.words).strip(" \t\u00a0\u2003")
        # A mark typed before the box or the label ticks it as well.
        alone = option.ticked is None and folded(option.words) in ("x", "×", "✓")
        if alone:
            merged.append(Option(True, "", ""))
        elif merged and merged[-1].ticked and not merged[-1].words and not merged[-1].tag and option.ticked is not None:
            merged[-1] = Option(True, option.tag, option.words)
        else:
            merged.append(option)
    return [option for option in merged if option.words or option.ticked is not None]


def _typed_tick(option: Option) -> Option:
    """Words that begin with a typed mark are ticked; with an empty bracket, not."""
    if TYPED_TICK.match(option.words):
        return Option(True, option.tag, TYPED_TICK.sub("", option.words).strip())
    if TYPED_BLANK.match(option.words):
        return Option(bool(option.ticked), option.tag, TYPED_BLANK.sub("", option.words).strip())
    return option


def _tagged(option: Option, question: FrozenQuestion) -> str:
    read = marks.read_tag(option.tag)
    return read[1] if read and read[0] == question.id else ""


def _key(option: Option, keys: Mapping[str, str], question: FrozenQuestion) -> str:
    """The choice that an option stands for: by its tag, else by its label; empty if by neither."""
    allowed = set(keys.values())
    tagged = _tagged(option, question)
    if tagged in allowed:
        return tagged
    by_label = keys.get(folded(option.words), "")
    if by_label:
        return by_label
    # A tag is cut at 64 letters.
    long = [key for key in allowed if option.tag and marks.tag(question.id, key)[:64] == option.tag]
    return long[0] if len(long) == 1 else ""


def _ticked(
    question: FrozenQuestion, rows: Rows, keys: Mapping[str, str], left_over: list[str], *, in_order: Sequence[str]
) -> tuple[list[str], str]:
    """The keys that are ticked, in the order of the choices, and what “other” is."""
    options = _options(_answer_lines(rows))
    boxed = [option for option in options if option.ticked is not None]
    # The labels of a form that was translated by its reader are strange: then the place of the box counts.
    by_place = len(boxed) == len(in_order)
    chosen: set[str] = set()
    strange: list[str] = []
    other, after_other = "", False
    place = -1
    for option in options:
        if option.ticked is not None:
            place += 1
        bare = _typed_tick(option)
        if bare is not option and folded(option.words) not in keys:
            is_choice = folded(bare.words) in keys or (question.other and _after_other(bare) is not None)
            option = bare if is_choice else option
        key = _key(option, keys, question)
        if not key and question.other:
            text = _after_other(option)
            if text is not None or _tagged(option, question) == OTHER:
                other = option.words if text is None else text
                after_other = True
                if option.ticked:
                    chosen.add(OTHER)
                continue
        if not key and option.ticked is None and after_other:
            other = one_line(f"{other} {option.words}")
            continue
        after_other = False
        if not key and by_place and option.ticked is not None:
            key = in_order[place]
            if key == OTHER:
                # A foreign word for “other”, with what it is behind a colon.
                _word, _colon, other = option.words.partition(":")
                other = other.strip()
        if not key:
            (strange if option.ticked else left_over).append(option.words)
        elif option.ticked or (option.ticked is None and not boxed):
            # Where all boxes are gone, the label that still stands there is the answer.
            chosen.add(key)
    if strange:
        raise NotUnderstood("strange_choice", "; ".join(strange))
    left_over[:] = [words for words in left_over if words]
    return [key for key in in_order if key in chosen], one_line(other)


def _after_other(option: Option) -> str | None:
    """What stands behind the word “other”; None if the words do not begin with it."""
    head, colon, rest = option.words.replace("：", ":").partition(":")
    if folded(head) in said("Other"):
        return rest.strip() if colon else ""
    return None


def _choice_order(question: FrozenQuestion) -> list[str]:
    return [choice.key for choice in question.choices] + ([OTHER] if question.other else [])


def _single(question: FrozenQuestion, rows: Rows, labels: Labels, left_over: list[str]) -> Any:
    order = _choice_order(question)
    chosen, other = _ticked(question, rows, labels.keys("choices"), left_over, in_order=order)
    if len(chosen) > 1:
        raise NotUnderstood("several", "; ".join(_labels(question, chosen)))
    return {"choice": chosen[0] if chosen else "", "other": other} if chosen or other else None


def _multiple(question: FrozenQuestion, rows: Rows, labels: Labels, left_over: list[str]) -> Any:
    order = _choice_order(question)
    chosen, other = _ticked(question, rows, labels.keys("choices"), left_over, in_order=order)
    return {"choices": chosen, "other": other} if chosen or other else None


def _labels(question: FrozenQuestion, keys: Iterable[str]) -> list[str]:
    return [gettext("Other") if key == OTHER else question.label_of(key) for key in keys]


def _yes_no(question: FrozenQuestion, rows: Rows, labels: Labels, left_over: list[str]) -> Any:
    keys = dict.fromkeys(said("Yes"), "yes") | dict.fromkeys(said("No"), "no")
    chosen, _other = _ticked(question, rows, keys, left_over, in_order=["yes", "no"])
    if len(chosen) > 1:
        raise NotUnderstood("several", "; ".join([gettext("Yes"), gettext("No")]))
    return chosen[0] if chosen else None


def _scale(question: FrozenQuestion, rows: Rows, labels: Labels, left_over: list[str]) -> Any:
    keys = {str(step): str(step) for step in SCALE}
    for variant in labels.variants:
        keys |= {folded(f"{step} ({text})"): str(step) for step, text in ((1, variant.low), (5, variant.high)) if text}
    chosen, _other = _ticked(question, rows, keys, left_over, in_order=[str(step) for step in SCALE])
    if len(chosen) > 1:
        raise NotUnderstood("several", "; ".join(chosen))
    return int(chosen[0]) if chosen else None


def _confirmation(question: FrozenQuestion, rows: Rows, labels: Labels, left_over: list[str]) -> Any:
    chosen, _other = _ticked(question, rows, dict.fromkeys(said("Confirmed"), "yes"), left_over, in_order=["yes"])
    return "yes" if chosen else None


# Tables of several rows


def _ranking(question: FrozenQuestion, rows: Rows, labels: Labels, left_over: list[str]) -> Any:
    keys = labels.keys("choices")
    order = [choice.key for choice in question.choices]
    rows = [row for row in rows if len(row) > 1]
    found: dict[str, int] = {}
    for place, row in enumerate(rows):
        label, text = one_line(row[0].text), one_line(row[-1].text).strip(".)#")
        key = keys.get(folded(label)) or (order[place] if len(rows) == len(order) else "")
        if not text:
            continue
        if not key:
            raise NotUnderstood("strange_row", label)
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= len(order)):
            raise NotUnderstood("no_rank", f"{label}: {text}")
        found[key] = int(text[:4])
    return {key: found[key] for key in order if key in found} or None


def _matrix(question: FrozenQuestion, rows: Rows, labels: Labels, left_over: list[str]) -> Any:
    row_keys, column_keys = labels.keys("rows"), labels.keys("choices")
    columns = [choice.key for choice in question.choices]
    order = [row.key for row in question.rows]
    if not rows:
        return None
    head = [column_keys.get(folded(cell.one_line)) for cell in rows[0]]
    if not any(head):
        head = [None, *columns] if len(rows[0]) == len(columns) + 1 else head
    found: dict[str, str] = {}
    lines = list(rows[1:])
    for place, row in enumerate(lines):
        ticked = [(number, cell) for number, cell in enumerate(row) if number and _cell_is_ticked(cell)]
        if not ticked:
            continue
        label = one_line(row[0].text)
        key = row_keys.get(folded(label)) or (order[place] if len(lines) == len(order) else "")
        if not key:
            raise NotUnderstood("strange_row", label)
        if len(ticked) > 1:
            raise NotUnderstood("several_in_row", label)
        number = ticked[0][0]
        column = head[number] if number < len(head) else None
        if column is None:
            raise NotUnderstood("strange_column", label)
        found[key] = column
    return {key: found[key] for key in order if key in found} or None


def _cell_is_ticked(cell: Cell) -> bool:
    boxes = [box for line in cell.lines for box in line.boxes]
    words = folded("".join(line.text for line in cell.lines))
    return any(box.ticked for box in boxes) or words.strip("[]() ") in ("x", "×")


def _table(question: FrozenQuestion, rows: Rows, labels: Labels, left_over: list[str]) -> Any:
    if not rows:
        return None
    keys = labels.keys("columns")
    order = [column.key for column in question.columns]
    head = [keys.get(folded(cell.one_line), "") for cell in rows[0]]
    has_head = any(head)
    if not all(head) or len(set(head)) < len(head):
        if len(rows[0]) != len(order):
            raise NotUnderstood("strange_columns", "; ".join(cell.one_line for cell in rows[0]))
        head = order
        has_head = True  # the first row of a form is its head, whatever became of its words
    columns = {column.key: column for column in question.columns}
    found = []
    for row in rows[1 if has_head else 0 :]:
        cells = {}
        for number, cell in enumerate(row):
            text = one_line(storable(cell.text))
            if not text:
                continue
            if number >= len(head):
                left_over.append(text)
                continue
            cells[head[number]] = _typed_cell(columns[head[number]], text)
        if cells:
            found.append({key: cells[key] for key in order if key in cells})
    return found or None


def _typed_cell(column: Choice, text: str) -> str:
    match column.type:
        case "yes_no":
            if folded(text) in said("Yes") | {"x", "☒", "true", "1"}:
                return "yes"
            if folded(text) in said("No") | {"☐"}:
                return "no"
            raise NotUnderstood("no_yes_no", f"{column.label}: {text}")
        case "country":
            code = country_of(text)
            if code is None:
                raise NotUnderstood("no_country", text)
            return code
        case "date":
            return _day(text)
        case _:
            return text


_READERS: Mapping[str, Any] = {
    "long_text": _text,
    "short_text": _line,
    "email": _line,
    "url": _line,
    "number": _number,
    "date": _date,
    "country": _country,
    "single": _single,
    "multiple": _multiple,
    "yes_no": _yes_no,
    "scale": _scale,
    "confirmation": _confirmation,
    "ranking": _ranking,
    "matrix": _matrix,
    "table": _table,
}

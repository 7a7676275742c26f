"""Forms for the tests: an edition in memory with every kind of question, and files as people send them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from icoca_portal.lib.papers import Paper
from questionnaires import editions
from questionnaires.editions import EditionContent
from questionnaires.word import Form, Reading, marks, open_form, read_form, write_form
from questionnaires.word.writing import instructions

WRITTEN = datetime(2018, 4, 1, 12, 30, 15, 123456, tzinfo=UTC)
CHOICES = [{"key": "first", "label": "First"}, {"key": "second", "label": "Second"}, {"key": "third", "label": "Third"}]
ROWS = [{"key": "row-one", "label": "Row one"}, {"key": "row-two", "label": "Row two"}]
COLUMNS = [
    {"key": "what", "label": "What", "type": "text"},
    {"key": "how-many", "label": "How many", "type": "number"},
    {"key": "since", "label": "Since", "type": "date"},
    {"key": "public", "label": "Public", "type": "yes_no"},
    {"key": "where", "label": "Where", "type": "country"},
]
BLANK = {
    "help": "",
    "required": False,
    "objective": None,
    "choices": [],
    "rows": [],
    "columns": [],
    "other": False,
    "low": "",
    "high": "",
    "words": None,
    "minimum": None,
    "maximum": None,
    "unit": "",
    "min_choices": None,
    "max_choices": None,
    "max_rows": None,
    "files": False,
    "condition": None,
    "translations": {},
}
KINDS: dict[str, dict[str, Any]] = {
    "short_text": {},
    "long_text": {"words": 300},
    "yes_no": {},
    "single": {"choices": CHOICES, "other": True},
    "multiple": {"choices": CHOICES, "other": True, "max_choices": 2},
    "scale": {"low": "not important", "high": "very important"},
    "number": {"unit": "CHF"},
    "date": {},
    "ranking": {"choices": CHOICES},
    "matrix": {"choices": CHOICES, "rows": ROWS},
    "file": {},
    "table": {"columns": COLUMNS},
    "email": {},
    "url": {},
    "country": {},
    "confirmation": {},
}
VALUES: dict[str, Any] = {
    "short_text": "Sample short answer",
    "long_text": "Sample long answer\nin two lines\n\n  and an indented third, after an empty one",
    "yes_no": "no",
    "single": {"choice": "second", "other": ""},
    "multiple": {"choices": ["first", "third", "other"], "other": "something else: indeed"},
    "scale": 5,
    "number": "12.5",
    "date": "2018-11-30",
    "ranking": {"first": 2, "second": 1, "third": 3},
    "matrix": {"row-one": "first", "row-two": "third"},
    "table": [
        {"what": "Workshops", "how-many": "3", "since": "2017-01-31", "public": "yes", "where": "CH"},
        {"what": "Visits", "public": "no"},
    ],
    "email": "sample@portal.example",
    "url": "https://portal.example/?a=1&b=<2>",
    "country": "CI",
    "confirmation": "yes",
}


def question_number(kind: str) -> int:
    """The id of the question of a kind."""
    return 101 + list(KINDS).index(kind)


def content(language: str = "", **changes: Mapping[str, Any]) -> EditionContent:
    """An edition with one question of each kind; `changes` by kind alter some."""
    questions = [
        {
            **BLANK,
            "id": question_number(kind),
            "number": f"1.{place}",
            "kind": kind,
            "text": f"Sample question, {kind.replace('_', ' ')}?",
            **fields,
            **changes.get(kind, {}),
        }
        for place, (kind, fields) in enumerate(KINDS.items(), 1)
    ]
    raw = {
        "format": editions.FORMAT,
        "title": "Sample questionnaire",
        "code": "SQ",
        "edition": 1,
        "introduction": "",
        "languages": ["en", "fr"],
        "translations": {},
        "sections": [
            {
                "id": 1,
                "number": 1,
                "title": "Sample section",
                "introduction": "",
                "translations": {},
                "questions": questions,
            }
        ],
    }
    return EditionContent.read(editions.write(raw)[0], language)


def origin(**fields: Any) -> marks.Origin:
    return marks.Origin(
        **{"questionnaire": "SQ", "edition": 1, "response": "ch", "written_at": WRITTEN, "versions": {}, **fields}
    )


_WRITTEN: dict[str, bytes] = {}
"""Forms written already: many tests begin with the same one."""


def form(
    values: Mapping[str, Any] | None = None,
    *,
    language: str = "en",
    of: EditionContent | None = None,
    **fields: Any,
) -> bytes:
    """A form of `content()`, or of another edition, with values by kind."""
    paper = Paper(
        title="Sample questionnaire",
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        meta=[("Form of", "Sample State")],
        parts=[instructions("https://portal.example/upload/")],
        footer="Sample questionnaire",
    )
    by_id = {question_number(kind): value for kind, value in (values or {}).items()}
    key = repr((by_id, language, of and of.raw, fields))
    if key not in _WRITTEN:
        _WRITTEN[key] = write_form(Form(paper, of or content(), origin(**fields), by_id, {}))
    return _WRITTEN[key]


def read(data: bytes, *others: EditionContent) -> Reading:
    return read_form(open_form(data), [content(), *others])


def values_in(reading: Reading) -> dict[str, Any]:
    """What was read, by kind; questions whose box could not be read are left out."""
    return {
        kind: reading.answers[question_number(kind)].value
        for kind in KINDS
        if kind != "file" and not reading.answers[question_number(kind)].issue
    }


def rewritten(data: bytes, change: Callable[[str, bytes], bytes | None], **added: bytes) -> bytes:
    """The zip again, each part as `change` gives it (None leaves it out), and some more parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            kept = change(info.filename, old.read(info))
            if kept is not None:
                new.writestr(info.filename, kept)
        for name, part in added.items():
            new.writestr(name, part)
    return stream.getvalue()


def replaced(data: bytes, old: str, new: str, part: str = "word/document.xml") -> bytes:
    """The file with a text of one of its parts replaced, which must be there."""

    def change(name: str, body: bytes) -> bytes:
        if name != part:
            return body
        assert old.encode() in body, f"{old!r} is not in {part}"
        return body.replace(old.encode(), new.encode())

    return rewritten(data, change)


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The file with its document as `change` leaves the tree."""

    def rewrite(name: str, body: bytes) -> bytes:
        if name != "word/document.xml":
            return body
        tree = etree.fromstring(body)
        change(tree)
        return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)

    return rewritten(data, rewrite)


def table_of(tree: Any, kind: str) -> Any:
    """The table of the question of a kind."""
    key = f"[Q{question_number(kind)}]"
    return next(table for table in tree.iter(f"{W}tbl") if key in "".join(table.itertext()))

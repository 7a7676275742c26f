"""The texts of the portal in other languages, without gettext's programs: ``python -m tools.translations``.

Collects what the code and the templates give to gettext, brings each ``locale/<language>/LC_MESSAGES/django.po`` up to
date with it (a new text comes last, with an empty translation; one that is used no more goes), writes the ``.mo`` that
the portal reads, and names what is still to be translated.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
PACKAGES = ("icoca_portal", "members", "meetings", "questionnaires")
# What each function takes before its other arguments: a context, a text, the same text in the plural.
FUNCTIONS = {
    "gettext": ("text",),
    "ngettext": ("text", "plural"),
    "pgettext": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
}
LITERAL = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
CALL = re.compile(rf"(?<!\w)(_|n?p?gettext)\(({LITERAL}(?:\s*,\s*{LITERAL})*)")
LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])? )?(".*")')
FORMS = 2


@dataclass(frozen=True)
class Text:
    """What is translated: a text, with what tells it from another of the same words, and its plural if it has one."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> str:
        """The text as a compiled catalogue names it."""
        return (f"{self.context}\x04" if self.context else "") + self.text


# A translation, or one for each form of the plural.
Catalogue = dict[Text, Sequence[str]]


def used() -> list[Text]:
    """Every text that the code and the templates give to gettext, in the order of the files."""
    found: dict[Text, None] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                found.update(dict.fromkeys(_in_code(path.read_text())))
    for path in sorted((ROOT / "templates").rglob("*.*")):
        found.update(dict.fromkeys(_in_template(path.read_text())))
    return _unambiguous(found)


def _in_code(source: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            values = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            yield from _text(name, [value for value in values if isinstance(value, str)])


def _in_template(source: str) -> Iterator[Text]:
    for name, literals in CALL.findall(templatize(source)):
        yield from _text(name, ast.literal_eval(f"({literals},)"))


def _text(name: str, values: Sequence[str]) -> Iterator[Text]:
    parts = FUNCTIONS.get("gettext" if name == "_" else name.removesuffix("_lazy"))
    if parts and len(values) >= len(parts):
        yield Text(**dict(zip(parts, values, strict=False)))


def _unambiguous(texts: dict[Text, None]) -> list[Text]:
    """A text used with and without a plural is one entry of a catalogue, and would then be looked up in vain."""
    with_plural = {text.key for text in texts if text.plural}
    if twice := [text.text for text in texts if not text.plural and text.key in with_plural]:
        raise ValueError(f"With a plural and without, give one of them a context: {twice}")
    return list(texts)


def read(source: str) -> Catalogue:
    """The entries of a ``.po``, its head (the entry of the empty text) first."""
    catalogue: Catalogue = {}
    for block in re.split(r"\n\s*\n", source):
        fields: dict[str, str] = {}
        place = ""
        for line in block.splitlines():
            if match := LINE.fullmatch(line.strip()):
                place = f"{match[1]}{match[2] or ''}" if match[1] else place
                fields[place] = fields.get(place, "") + ast.literal_eval(match[3])
        if "msgid" in fields:
            text = Text(fields["msgid"], fields.get("msgid_plural", ""), fields.get("msgctxt", ""))
            catalogue[text] = [fields[f"msgstr{form}"] for form in (range(FORMS) if text.plural else [""])]
    return catalogue


def write(catalogue: Catalogue) -> str:
    """The ``.po`` of a catalogue, one line a text."""
    blocks = ["# One word for one thing: see docs/decisions/languages.md. Compiled by: python -m tools.translations"]
    for text, translations in catalogue.items():
        lines = [f"msgctxt {_quoted(text.context)}"] if text.context else []
        lines.append(f"msgid {_quoted(text.text)}")
        lines += [f"msgid_plural {_quoted(text.plural)}"] if text.plural else []
        for form, translation in enumerate(translations):
            lines.append(f"msgstr{f'[{form}]' if text.plural else ''} {_quoted(translation)}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def compiled(catalogue: Catalogue) -> bytes:
    """The ``.mo`` of a catalogue, as GNU gettext lays it out. What is not translated is left out: it shows as it is."""
    rows = sorted(
        ((text.key + (f"\0{text.plural}" if text.plural else "")).encode(), "\0".join(translations).encode())
        for text, translations in catalogue.items()
        if all(translations)
    )
    tables, data = [b"", b""], b""
    start = 28 + 16 * len(rows)
    for column in (0, 1):
        for row in rows:
            tables[column] += struct.pack("<2I", len(row[column]), start + len(data))
            data += row[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(rows), 28, 28 + 8 * len(rows), 0, 28 + 16 * len(rows))
    return head + tables[0] + tables[1] + data


def update(folder: Path) -> list[Text]:
    """Bring the files of one language up to date; gives what is still to be translated."""
    path = folder / "LC_MESSAGES" / "django.po"
    there = read(path.read_text())
    wanted = [Text(""), *used()]
    kept = [text for text in there if text in set(wanted)]
    new = [text for text in wanted if text not in there]
    catalogue = {text: there.get(text, [""] * (FORMS if text.plural else 1)) for text in [*kept, *new]}
    path.write_text(write(catalogue))
    path.with_suffix(".mo").write_bytes(compiled(catalogue))
    return [text for text, translations in catalogue.items() if not all(translations)]


def main() -> int:
    """Update every language; fails while a text has no translation."""
    settings.configure()
    missing = {folder.name: update(folder) for folder in sorted(LOCALE.iterdir())}
    for language, texts in missing.items():
        print(f"{language}: {len(texts)} to translate")
        for text in texts:
            print(f"  {text.text!r}")
    return 1 if any(missing.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

"""Reads the text of the PDFs the portal writes, as a reader would copy it, with nothing but Python.

It knows what Typst writes (compressed streams, Identity-H fonts with a ToUnicode map) and is no reader for other files.
"""

import re
import zlib
from dataclasses import dataclass

# A string: escapes, and brackets within, one deep, that need none.
LITERAL = rb"(?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*"
OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
TOKEN = re.compile(
    rb"/(?P<font>f\d+) (?P<size>[\d.]+) Tf"
    rb"|(?P<matrix>(?:-?[\d.]+ ){6})(?P<kind>cm|Tm)"
    rb"|/ActualText<(?P<actual>[0-9A-Fa-f]*)>"
    rb"|(?P<reversed>/ReversedChars BMC)"
    rb"|(?P<shown>\[(?:\(" + LITERAL + rb"\)|[^\]()])*\]|\(" + LITERAL + rb"\))\s*T[Jj]"
    rb"|(?P<end>EMC)|(?P<push>\bq )|(?P<pop>\bQ\b)",
    re.DOTALL,
)
STRING = re.compile(rb"\((" + LITERAL + rb")\)|(-?[\d.]+)", re.DOTALL)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class Piece:
    """Text in one face on one line: where it starts and ends across the page, and how far up it stands, in points."""

    text: str
    start: float
    end: float
    height: float


@dataclass(frozen=True)
class Font:
    letters: dict[int, str]
    widths: dict[int, float]


def pages(document: bytes) -> list[list[Piece]]:
    """The pieces of each page, in the order of the file, which is that of reading."""
    objects = {int(number): body for number, body in OBJECT.findall(document)}
    found = []
    for number in _references(objects[1], b"Kids"):
        page = objects[number]
        resources = objects[_references(page, b"Resources")[0]]
        fonts = {name: _font(objects, int(target)) for name, target in re.findall(rb"/(f\d+) (\d+) 0 R", resources)}
        found.append(_pieces(_stream(objects[_references(page, b"Contents")[0]]), fonts))
    return found


def page_texts(document: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    texts = []
    for page in pages(document):
        text = ""
        before: Piece | None = None
        for piece in page:
            apart = before and (piece.height != before.height or abs(piece.start - before.end) > 1)
            text += f" {piece.text}" if apart else piece.text
            before = piece
        texts.append(" ".join(text.replace("\u200b", "").split()))
    return texts


def text_of(document: bytes) -> str:
    """The text of all pages."""
    return "\n".join(page_texts(document))


def _references(body: bytes, key: bytes) -> list[int]:
    match = re.search(rb"/" + key + rb"\s*(\[[^\]]*\]|\d+ 0 R)", body)
    assert match, key
    return [int(number) for number in re.findall(rb"(\d+) 0 R", match[1])]


def _stream(body: bytes) -> bytes:
    return zlib.decompressobj().decompress(body.split(b"stream\n", 1)[1])


def _font(objects: dict[int, bytes], number: int) -> Font:
    body = objects[number]
    letters: dict[int, str] = {}
    for section in re.findall(
        rb"beginbfchar(.*?)endbfchar", _stream(objects[_references(body, b"ToUnicode")[0]]), re.DOTALL
    ):
        for code, text in re.findall(rb"<([0-9A-F]+)> <([0-9A-F]*)>", section):
            letters[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    widths: dict[int, float] = {}
    table = re.search(rb"/W\[([\d. ]*)\]", objects[_references(body, b"DescendantFonts")[0]])
    values = [float(value) for value in table[1].split()] if table else []
    for first, last, width in zip(values[::3], values[1::3], values[2::3], strict=True):
        widths.update(dict.fromkeys(range(int(first), int(last) + 1), width))
    return Font(letters, widths)


def _pieces(content: bytes, fonts: dict[bytes, Font]) -> list[Piece]:
    found = []
    font, size = Font({}, {}), 0.0
    x = y = 0.0
    saved: list[tuple[float, float]] = []
    actual: str | None = None
    backwards = False
    for token in TOKEN.finditer(content):
        if token["font"]:
            font, size = fonts[token["font"]], float(token["size"])
        elif token["kind"] == b"cm":
            *_, across, up = map(float, token["matrix"].split())
            x, y = x + across, y + up
        elif token["push"]:
            saved.append((x, y))
        elif token["pop"]:
            x, y = saved.pop()
        elif token["actual"] is not None:
            actual = bytes.fromhex(token["actual"].decode()).decode("utf-16").lstrip("\ufeff")
        elif token["reversed"]:
            backwards = True
        elif token["end"]:
            actual, backwards = None, False
        elif token["shown"] is not None:
            text, width = _shown(token["shown"], font)
            text = text[::-1] if backwards else text
            if actual is not None:
                text, actual = actual, ""
            found.append(Piece(text, x, x + width * size / 1000, y))
    return found


def _shown(array: bytes, font: Font) -> tuple[str, float]:
    text, width = "", 0.0
    for string, shift in STRING.findall(array):
        if shift:
            width -= float(shift)
        raw = ESCAPE.sub(_unescaped, string)
        for place in range(0, len(raw), 2):
            code = int.from_bytes(raw[place : place + 2], "big")
            text += font.letters.get(code, "")
            width += font.widths.get(code, 0.0)
    return text, width


def _unescaped(match: re.Match[bytes]) -> bytes:
    value = match[1]
    return bytes([int(value, 8)]) if value.isdigit() else ESCAPED.get(value, value)

"""A form in which people did all that they do: the file that other word processors are given to save again.

``python -m tests.questionnaires.word.rich`` writes the files in ``tests/questionnaires/word_files`` anew, with the
LibreOffice of the machine; they are kept so that every machine reads what LibreOffice wrote.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.questionnaires.word.forms import VALUES, form, replaced, rewritten

FILES = Path(__file__).parent.parent / "word_files"
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
WAYS = {"docx": ("docx",), "odt": ("odt", "docx")}
"""The ways to save again: at once as .docx, and as OpenDocument first."""
SECONDS = 180
DOCX_FILTER = "docx:MS Word 2007 XML"

ARABIC = "نص عربي طويل عن خطة العمل الاستراتيجية 2018، وفيه ICoCA"
CHINESE = "战略计划 2018：政府成员资格与承认，以及更多"
HEBREW = "תשובה לדוגמה"
LONG = " ".join(f"word{number}" for number in range(3000))
TEXT = f"First paragraph\n{ARABIC}\n{CHINESE}\n\n{LONG}\nHere we strongly agree"
RICH = {
    **VALUES,
    "short_text": f"{HEBREW} and 😀",
    "long_text": TEXT,
    "single": {"choice": "other", "other": f"{ARABIC}"},
    "table": [*VALUES["table"], {"what": CHINESE, "how-many": "1000"}],
}
READ = {
    **RICH,
    "long_text": f"{TEXT}\n1. one\n2. two\n  – inner\nYear | Number\n2017 | 12\nLast paragraph",
}
"""What the form holds once people have worked in it."""

COMMENTS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:comment w:id="7" w:author="Sample" w:date="2018-04-01T12:00:00Z"><w:p><w:r><w:t>Sample remark</w:t></w:r></w:p>'
    "</w:comment></w:comments>"
)
TRACKED = 'w:author="Sample" w:date="2018-04-01T12:00:00Z"'


def _run(text: str, properties: str = "") -> str:
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _item(text: str, number: int, level: int) -> str:
    numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{numbering}</w:pPr>{_run(text)}</w:p>"


def _cell(text: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr><w:p>{_run(text)}</w:p></w:tc>'


def rich_form() -> bytes:
    """The form as it left the hands of its authors."""
    tracked = (
        f'{_run("Here we ")}<w:ins w:id="901" {TRACKED}>{_run("strongly ")}</w:ins>'
        f'<w:del w:id="902" {TRACKED}><w:r><w:delText xml:space="preserve">hardly </w:delText></w:r></w:del>'
        f'<w:commentRangeStart w:id="7"/>{_run("agree")}<w:commentRangeEnd w:id="7"/>'
        f'<w:r><w:commentReference w:id="7"/></w:r>{_run("hidden aside", "<w:vanish/>")}'
    )
    cells = "".join(f"<w:tr>{''.join(map(_cell, row))}</w:tr>" for row in (("Year", "Number"), ("2017", "12")))
    table = (
        '<w:tbl><w:tblPr><w:tblW w:w="4000" w:type="dxa"/></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid>{cells}</w:tbl>'
    )
    after = f"{_item('one', 91, 0)}{_item('two', 91, 0)}{_item('inner', 91, 1)}{table}<w:p>{_run('Last paragraph')}"
    data = form(RICH, versions={101: 3, 102: 5})
    data = replaced(data, _run("Here we strongly agree"), f"{tracked}</w:p>{after}")
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        for level, kind, text in ((0, "decimal", "%1."), (1, "bullet", "•"))
    )
    number = '<w:num w:numId="91"><w:abstractNumId w:val="91"/></w:num>'

    def change(name: str, body: bytes) -> bytes:
        text = body.decode()
        if name == "word/numbering.xml":
            kind = f'<w:abstractNum w:abstractNumId="91"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
            place = text.index("<w:num ")
            return f"{text[:place]}{kind}{text[place:]}".replace("</w:numbering>", f"{number}</w:numbering>").encode()
        if name == "[Content_Types].xml":
            kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
            return text.replace(
                "</Types>", f'<Override PartName="/word/comments.xml" ContentType="{kind}"/></Types>'
            ).encode()
        if name == "word/_rels/document.xml.rels":
            kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
            link = f'<Relationship Id="rId901" Type="{kind}" Target="comments.xml"/>'
            return text.replace("</Relationships>", f"{link}</Relationships>").encode()
        return body

    def change_texts(name: str, body: bytes) -> bytes:
        return change(name, body) if name.endswith((".xml", ".rels")) else body

    return rewritten(data, change_texts, **{"word/comments.xml": COMMENTS.encode()})


def saved_again(data: bytes, way: str) -> bytes:
    """The file as this machine's LibreOffice saves it. Started with a profile of its own, since one may be running."""
    assert SOFFICE is not None
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        source = folder / "form.docx"
        source.write_bytes(data)
        for number, kind in enumerate(WAYS[way]):
            target = folder / str(number)
            subprocess.run(
                [
                    SOFFICE,
                    f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                    "--headless",
                    "--convert-to",
                    DOCX_FILTER if kind == "docx" else kind,
                    "--outdir",
                    str(target),
                    str(source),
                ],
                check=True,
                capture_output=True,
                timeout=SECONDS,
            )
            source = target / f"form.{kind}"
        return source.read_bytes()


def names() -> dict[str, Any]:
    """The files that are kept, by name, each with how it is made."""
    return {f"libreoffice-7.4-{way}.docx": way for way in WAYS}


if __name__ == "__main__":  # pragma: no cover - run by hand
    import django

    django.setup()
    for name, way in names().items():
        (FILES / name).write_bytes(saved_again(rich_form(), way))

"""The papers of a meeting as a reader finds them: by symbol, each with its languages, formats and versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation

from icoca_portal.lib.archives import Archive
from meetings.models import Document, Meeting
from meetings.symbols import in_order


@dataclass
class File:
    """A file that stands today, and the versions before it, the newest first."""

    document: Document
    earlier: list[Document] = field(default_factory=list)

    @property
    def versions(self) -> list[Document]:
        """All that the reader may open, the newest first."""
        return [self.document, *self.earlier]


@dataclass
class Paper:
    """What shares a symbol; a file without one is a paper of its own."""

    symbol: str
    files: list[File]
    headings: list[str] = field(default_factory=list)
    """``2.1 Discussion``: the items of the agenda to which it belongs, as the reader sees them."""

    @property
    def title(self) -> str:
        """In the reader's language, where there is a file in it."""
        language = translation.get_language() or settings.LANGUAGE_CODE
        documents = [file.document for file in self.files]
        return next((row.title for row in documents if row.language == language), documents[0].title)

    @property
    def first(self) -> Document:
        return self.files[0].document

    @property
    def is_revised(self) -> bool:
        """Whether a file of it has an earlier version."""
        return any(file.earlier for file in self.files)


def papers_of(meeting: Meeting, user: Any, *, headings: Mapping[int, str] | None = None) -> list[Paper]:
    """What of the meeting's documents exists for the reader. One query; one more with `headings`, which are those of
    the items that the reader sees, by key: an item that is not circulated yet is named to nobody."""
    documents = Document.objects.visible_to(user).filter(meeting=meeting)
    if headings is None:
        return shelved(meeting, documents)
    papers = shelved(meeting, documents.prefetch_related("items"))
    for paper in papers:
        items = {item.pk for file in paper.files for item in file.document.items.all()}
        paper.headings = [heading for key, heading in headings.items() if key in items]
    return papers


def shelved(meeting: Meeting, documents: Iterable[Document]) -> list[Paper]:
    """All documents that exist for a reader, replaced ones too, as papers.

    The newest version that the reader may open stands for a file. One that is not readable yet leaves no trace: until
    its moment the version before it stands there as if nothing had followed.
    """
    versions: dict[int, list[Document]] = {}
    for row in documents:
        row.meeting = meeting
        versions.setdefault(row.lineage, []).append(row)
    papers: dict[str, Paper] = {}
    for rows in versions.values():
        newest, *earlier = sorted(rows, key=lambda row: -row.version)
        key = newest.symbol or f"\uffff{newest.title}\uffff{newest.pk}"
        papers.setdefault(key, Paper(newest.symbol, [])).files.append(File(newest, earlier))
    for paper in papers.values():
        paper.files.sort(key=lambda file: _file_order(file.document))
    return [papers[key] for key in sorted(papers, key=lambda key: (key.startswith("\uffff"), in_order(key)))]


def _file_order(document: Document) -> tuple[int, str, str]:
    return document.language != settings.LANGUAGE_CODE, document.language, document.format


def fill_archive(archive: Archive, papers: list[Paper], folder: str = "") -> list[tuple[str, Document]]:
    """Put the files that stand today into an archive, named by symbol, title and language. Returns each path with its
    document; a file that the storage has lost has an empty path."""
    return [
        (
            archive.add_stored(file.document.file, file.document.size, file_name(file.document), folder),
            file.document,
        )
        for paper in papers
        for file in paper.files
    ]


def file_name(document: Document) -> str:
    """``ICoCA-WG-9-2 Draft objectives (fr).pdf``."""
    ending = document.original_name.rpartition(".")[2]
    symbol = document.symbol.replace("/", "-")
    title = document.title if len(document.title) <= 70 else f"{document.title[:69].rstrip()}…"
    return f"{symbol} {title} ({document.language}).{ending}".strip()

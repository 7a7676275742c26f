"""Papers of the tenth exchange: one in two languages, with an addendum. All of it is invented, and says so."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from icoca_portal.lib.papers import READERS, Paper, Part, RichText
from icoca_portal.lib.pdf import write_pdf
from icoca_portal.lib.richtext import to_blocks
from meetings import operations
from meetings.models import Document, Meeting, Visibility
from meetings.symbols import Placing
from members.models import User

#: Language, title, text of each file.
PAPER = (
    ("en", "Ways of working between two exchanges (sample)", "Sample: this paper is invented. It has two languages."),
    (
        "fr",
        "Méthodes de travail entre deux échanges (exemple)",
        "Exemple : ce document est inventé. Il a deux langues.",
    ),
)
ADDENDUM = (
    "en",
    "Calendar for the ways of working (sample)",
    "Sample: an addendum hangs on the paper that it adds to.",
)


def load(meeting: Meeting, *, by: User) -> None:
    """Attach the papers, unless the meeting has some."""
    if meeting.documents.exists():
        return
    paper = _attach(meeting, *PAPER[0], placing=Placing.NEW, by=by)
    _attach(meeting, *PAPER[1], placing=Placing.LANGUAGE, to=paper, by=by)
    _attach(meeting, *ADDENDUM, placing=Placing.ADDENDUM, to=paper, by=by)


def _attach(
    meeting: Meeting, language: str, title: str, text: str, *, placing: Placing, by: User, to: Document | None = None
) -> Document:
    paper = Paper(
        title=title,
        language=language,
        meta=[(READERS, str(Visibility.PUBLIC.label))],
        parts=[Part("", body=[RichText(to_blocks(f"<p>{text}</p>"))])],
        sample=True,
    )
    return operations.attach_document(
        meeting,
        upload=SimpleUploadedFile(f"paper-{language}.pdf", write_pdf(paper)),
        title=title,
        language=language,
        placing=placing,
        to=to,
        visibility=Visibility.PUBLIC,
        by=by,
    )

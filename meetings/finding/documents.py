"""Reading the words of documents, one file after the other, by the clock."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from icoca_portal.lib.words_of_files import Unreadable, words_of
from meetings.finding.indexing import index
from meetings.models import Document, DocumentWords

logger = logging.getLogger(__name__)

#: How many files are read at a time, so that mail does not wait long.
BITE = 3
Outcome = DocumentWords.Outcome


def read_documents(now: datetime) -> int:
    """A job of the clock: read the files of a few documents that nobody has read yet, the newest first, and let their
    words be found. A file that cannot be read is noted, and found by its title. Returns how many were read."""
    documents = Document.objects.filter(words=None).select_related("meeting__working_group")
    rows = list(documents.order_by("-uploaded_at", "-pk")[:BITE])
    for document in rows:
        read_document(document)
    return len(rows)


def read_document(document: Document) -> DocumentWords:
    """Read one file; the reading itself holds no transaction open."""
    text, outcome, note = "", Outcome.READ, ""
    try:
        with document.file.open("rb") as file:
            text = words_of(file, document.media_type)
    except (Unreadable, OSError) as error:
        outcome, note = Outcome.UNREADABLE, str(error)[:300]
        logger.warning("The words of document %s cannot be read: %s", document.pk, error)
    if outcome == Outcome.READ and not text:
        outcome = Outcome.NO_WORDS
    with transaction.atomic():
        words, _made = DocumentWords.objects.update_or_create(
            document=document, defaults={"text": text, "outcome": outcome, "note": note}
        )
        rows = Document.objects.select_for_update(of=("self",)).select_related("meeting__working_group", "words")
        index(rows.get(pk=document.pk))
    return words

"""Documents are attached to a meeting."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from icoca_portal.lib.uploads import check_upload
from meetings import finding
from meetings.models import (
    ChairsSummary,
    Document,
    Meeting,
    Step,
    Visibility,
)
from members.models import User

State = Meeting.State
SummaryState = ChairsSummary.State


def attach_document(
    meeting: Meeting,
    *,
    upload: UploadedFile,
    title: str,
    by: User,
    symbol: str = "",
    language: str = "en",
    visibility: str = Visibility.PARTICIPANTS,
) -> Document:
    """Store a file with a meeting, under a random name, after looking into it.

    Raises UploadRefused (empty, too large, damaged, macros, a type that is not taken).
    """
    checked = check_upload(upload)
    document = Document(
        meeting=meeting,
        symbol=symbol,
        title=title,
        language=language,
        visibility=visibility,
        original_name=checked.name,
        size=checked.size,
        media_type=checked.media_type,
        sha256=checked.sha256,
        uploaded_by=by,
    )
    document.file.save(checked.name, upload, save=False)
    try:
        with transaction.atomic():
            document.save()
            Step.objects.create(meeting=meeting, what=Step.What.DOCUMENT_ATTACHED, note=str(document)[:300], by=by)
            finding.index(document)
    except Exception:
        document.file.delete(save=False)
        raise
    return document

"""Documents are attached to a meeting, followed by new versions, and given to other readers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.uploads import CheckedUpload, check_upload
from meetings import finding
from meetings.exceptions import DocumentChangedMeanwhile, DocumentReplaced, DocumentThereAlready, SymbolMissing
from meetings.models import AgendaItem, Document, Meeting, Step, Visibility
from meetings.symbols import BESIDE, SUFFIXES, Placing, next_number, next_suffix, number_in
from members.models import User


def attach_document(
    meeting: Meeting,
    *,
    upload: UploadedFile,
    title: str,
    by: User,
    placing: Placing = Placing.NONE,
    to: Document | None = None,
    symbol: str = "",
    language: str = "en",
    visibility: str = Visibility.PARTICIPANTS,
    readable_from: datetime | None = None,
    change_note: str = "",
    items: Iterable[AgendaItem] | None = None,
) -> Document:
    """Store a file with a meeting, under a random name, after looking into it.

    `placing` gives the symbol: the next free number, or the next Add., Rev. or Corr. of the document `to`, or the very
    symbol of `to` in another language or format, or as its new version (`change_note` says what changed; the old file
    stays, and keeps its address). The number is taken while the meeting is locked, so that two people never get the
    same one. `symbol` gives one in words instead. A new version without `items` takes over those of the old one.

    Raises UploadRefused (empty, too large, damaged, macros, a type that is not taken), SymbolMissing,
    DocumentReplaced, DocumentThereAlready.
    """
    checked = check_upload(upload)
    document = Document(
        meeting=meeting,
        symbol=symbol,
        title=title or (to.title if to and placing == Placing.VERSION else ""),
        language=language,
        visibility=visibility,
        readable_from=readable_from,
        change_note=change_note,
        original_name=checked.name,
        size=checked.size,
        media_type=checked.media_type,
        sha256=checked.sha256,
        uploaded_by=by,
    )
    document.file.save(checked.name, upload, save=False)
    try:
        with transaction.atomic():
            return _store(document, placing, to, checked, items, by)
    except Exception:
        document.file.delete(save=False)
        raise


def _store(
    document: Document,
    placing: Placing,
    to: Document | None,
    checked: CheckedUpload,
    items: Iterable[AgendaItem] | None,
    by: User,
) -> Document:
    # Whoever adds a paper to this meeting waits here, so the numbers are given one after the other.
    meeting = (
        Meeting.objects.select_for_update(of=("self",)).select_related("working_group").get(pk=document.meeting_id)
    )
    there = list(Document.objects.filter(meeting=meeting))
    old = _beside(placing, to, there)
    if placing == Placing.NEW:
        document.number = next_number(row.number or number_in(row.symbol, meeting.symbol) for row in there)
        document.symbol = f"{meeting.symbol}/{document.number}"
    elif placing in SUFFIXES and old:
        document.symbol = next_suffix(old.symbol, placing, (row.symbol for row in there))
    elif placing == Placing.LANGUAGE and old:
        document.symbol = old.symbol
    elif placing == Placing.VERSION and old:
        document.symbol, document.language = old.symbol, old.language
        document.version, document.replaces, document.first_version_id = old.version + 1, old, old.lineage
    document.number = document.number or number_in(document.symbol, meeting.symbol)
    _require_free(document, there)
    what = Step.What.DOCUMENT_ATTACHED
    if document.replaces:
        what = Step.What.DOCUMENT_REPLACED
        document.replaces.replaced_at = timezone.now()
        document.replaces.save(update_fields=["replaced_at"])
        if items is None:
            items = list(document.replaces.items.all())
    document.save()
    document.items.set(items or [])
    note = f"{document} ({document.change_note})" if document.change_note else str(document)
    Step.objects.create(meeting=meeting, what=what, note=note[:300], by=by)
    finding.index(document)
    return document


def _beside(placing: Placing, to: Document | None, there: list[Document]) -> Document | None:
    """The document that another one is placed beside, as it stands now."""
    if placing not in BESIDE:
        return None
    old = next((row for row in there if to and row.pk == to.pk), None)
    if old is None:
        raise SymbolMissing(_("Choose the paper of this meeting to which the file belongs."))
    if not old.symbol and placing != Placing.VERSION:
        raise SymbolMissing(_("“%(title)s” has no symbol, so nothing can hang on it.") % {"title": old.title})
    if placing == Placing.VERSION and not old.is_current:
        raise DocumentReplaced(_("This file was replaced by a newer one meanwhile. Replace that one."))
    return old


def _require_free(document: Document, there: list[Document]) -> None:
    replaced = document.replaces.pk if document.replaces else None
    key = document.symbol, document.language, document.media_type
    for row in there:
        same = (row.symbol, row.language, row.media_type) == key
        if document.symbol and same and row.is_current and row.pk != replaced:
            raise DocumentThereAlready(
                _("%(symbol)s is there in this language and format already. Add the file as a new version of it.")
                % {"symbol": document.symbol}
            )


@transaction.atomic
def change_document(
    document: Document,
    *,
    title: str,
    language: str,
    visibility: str,
    readable_from: datetime | None,
    items: Iterable[AgendaItem],
    seen: str,
    by: User,
) -> Document:
    """Give a document another title or language, other readers, or other items of the agenda.

    Its earlier versions get the same readers: what was taken back is not to be read in an older file. Only while the
    document is held back, one that could be read before it stays readable, whatever its new moment is. A change of
    readers is a step of its own wording. `seen` is the `fingerprint` of what stood on the page.

    Raises DocumentChangedMeanwhile, DocumentReplaced, DocumentThereAlready.
    """
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=document.meeting_id)
    document = Document.objects.select_related("meeting__working_group").get(pk=document.pk)
    if document.fingerprint != seen:
        raise DocumentChangedMeanwhile(_("Somebody changed this document while the page was open. Look at it again."))
    if not document.is_current:
        raise DocumentReplaced(_("This file was replaced by a newer one meanwhile. Change that one."))
    readers, was_held_back = (document.visibility, document.readable_from), document.is_held_back
    document.title, document.language = title, language
    document.visibility, document.readable_from = visibility, readable_from
    _require_free(document, [row for row in Document.objects.filter(meeting=meeting) if row.pk != document.pk])
    document.save()
    document.items.set(items)
    finding.index(document)
    if readers == (visibility, readable_from):
        Step.objects.create(meeting=meeting, what=Step.What.DOCUMENT_CHANGED, note=str(document)[:300], by=by)
        return document
    earlier = document.replaces
    while earlier is not None:
        earlier.visibility = visibility
        if earlier.is_held_back or not was_held_back:
            earlier.readable_from = readable_from
        earlier.save(update_fields=["visibility", "readable_from"])
        earlier = earlier.replaces
    said = _("%(before)s → %(after)s") % {"before": _readers(*readers), "after": _readers(visibility, readable_from)}
    Step.objects.create(meeting=meeting, what=Step.What.DOCUMENT_READERS, note=f"{said}: {document}"[:300], by=by)
    return document


def _readers(visibility: str, readable_from: datetime | None) -> str:
    label = str(Visibility(visibility).label)
    return f"{label}, {in_geneva(readable_from)}" if readable_from else label

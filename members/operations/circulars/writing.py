"""A circular is written: begun, corrected by another one, worded, given files, tried out on oneself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib.richtext import clean, to_blocks
from icoca_portal.outbox.enclosing import check_enclosure_size
from icoca_portal.outbox.models import Message
from icoca_portal.outbox.operations import queue_message
from members.circulars.audiences import Addressee, Audience, found, put_about
from members.circulars.composing import Composer
from members.circulars.merging import problems
from members.exceptions import ChangedMeanwhile, CircularInAnotherState, CircularNotReady, CircularWrong
from members.models import Circular, CircularFile, CircularTemplate, CircularText, User
from members.operations.circulars.shared import (
    enclose_files,
    lock,
    note_written,
    one_line,
    refuse_released,
    require,
    store,
)
from members.things import Thing

Texts = Mapping[str, tuple[str, str]]


@transaction.atomic
def draft_circular(
    *,
    by: User,
    about: Thing | None = None,
    template: CircularTemplate | None = None,
    audience: Audience | None = None,
) -> Circular:
    """Begin a circular, with the words of a template where one is given. Nothing of it goes anywhere yet."""
    now = timezone.now()
    circular = Circular.objects.create(
        about_kind=about.kind if about else "",
        about_id=about.pk if about else None,
        audience=audience or {},
        created_by=by,
        created_at=now,
        written_at=now,
        written_by=by,
    )
    if template is not None:
        _store_texts(circular, {row.language: (row.subject, row.body) for row in template.texts.all()})
    return circular


@transaction.atomic
def correct_circular(circular: Circular, *, by: User) -> Circular:
    """Begin Corr.n of a circular that was sent: with its texts, about the same thing, to those who got it.

    A correction of a correction corrects the first. Raises CircularInAnotherState.
    """
    stored = lock(circular)
    if stored.released_at is None:
        raise CircularInAnotherState(_("Only a circular that was sent is corrected. This one can still be changed."))
    now = timezone.now()
    correction = Circular.objects.create(
        corrects_id=stored.corrects_id or stored.pk,
        about_kind=stored.about_kind,
        about_id=stored.about_id,
        audience={"rule": "recipients", "circular": stored.corrects_id or stored.pk},
        created_by=by,
        created_at=now,
        written_at=now,
        written_by=by,
    )
    _store_texts(correction, {row.language: (row.subject, row.body) for row in stored.texts.all()})
    return correction


@transaction.atomic
def write_circular(
    circular: Circular,
    *,
    by: User,
    texts: Texts,
    audience: Audience,
    send_at: datetime | None,
    about: Thing | None,
    seen: int | None = None,
) -> Circular:
    """Store what a draft says, to whom, and not before which hour (aware; None: at once).

    `texts` has subject and body by language; a language in which both are empty is left out, and one that is not given
    is dropped. `seen` is the version that the page was made from. Raises CircularInAnotherState (written is a draft
    alone: one that was submitted has to be returned first), ChangedMeanwhile, CircularWrong (a merge field).
    """
    stored = lock(circular)
    require(stored, Circular.State.DRAFT)
    if seen is not None and stored.version != seen:
        raise ChangedMeanwhile(
            _("Not saved. A colleague changed this circular while you were writing. Open the page again.")
        )
    kind = about.kind if about else ""
    written = _cleaned(texts)
    wrong = [problem for subject, body in written.values() for problem in problems(subject, body, kind)]
    if wrong:
        raise CircularWrong(" ".join(dict.fromkeys(wrong)))
    stored.about_kind, stored.about_id = kind, about.pk if about else None
    try:
        stored.audience = put_about(audience, about)
    except ValueError as error:
        raise CircularWrong(str(error)) from error
    stored.send_at = send_at
    note_written(stored, by)
    store(stored, "about_kind", "about_id", "audience", "send_at", "written_at", "written_by")
    _store_texts(stored, written)
    return stored


@transaction.atomic
def attach_circular_file(
    circular: Circular, *, by: User, upload: UploadedFile, title: str = "", attached: bool = False
) -> CircularFile:
    """Add a file to a draft, to be sent with the mail (`attached`) or as a link that works for those addressed.

    Raises CircularInAnotherState, UploadRefused, EnclosureTooLarge.
    """
    stored = lock(circular)
    require(stored, Circular.State.DRAFT)
    if attached:
        check_enclosure_size(_attached_size(stored) + (upload.size or 0))
    file = CircularFile.keep(upload, circular=stored, title=one_line(title)[:200], attached=attached, uploaded_by=by)
    note_written(stored, by)
    store(stored, "written_at", "written_by")
    return file


@transaction.atomic
def remove_circular_file(file: CircularFile, *, by: User) -> None:
    """Take a file out of a draft. Raises CircularInAnotherState."""
    stored = lock(file.circular)
    require(stored, Circular.State.DRAFT)
    row = stored.files.filter(pk=file.pk).first()
    if row is None:
        return
    row.delete()
    transaction.on_commit(lambda: row.file.delete(save=False))
    note_written(stored, by)
    store(stored, "written_at", "written_by")


def _attached_size(circular: Circular) -> int:
    return sum(file.size for file in circular.files.all() if file.attached)


@transaction.atomic
def present_circular_file(file: CircularFile, *, by: User, attached: bool) -> CircularFile:
    """Let a file of a draft go with the mail (`attached`), or as a link. Raises CircularInAnotherState."""
    stored = lock(file.circular)
    require(stored, Circular.State.DRAFT)
    file.attached = attached
    file.save(update_fields=["attached"])
    note_written(stored, by)
    store(stored, "written_at", "written_by")
    return file


@transaction.atomic
def send_circular_test(
    circular: Circular, *, by: User, language: str | None = None, addressee: Addressee | None = None
) -> Message:
    """Send the letter of a reader (default: the first that the audience names, else one's own) to oneself.

    Its subject says that it is a test; it has no number, and it is no copy of the circular. Raises CircularNotReady
    (there is no text), CircularInAnotherState (it was released), EnclosureTooLarge, AddressUnusable.
    """
    stored = lock(circular)
    require(stored, Circular.State.DRAFT, Circular.State.SUBMITTED, Circular.State.QUEUED)
    refuse_released(stored)
    now = timezone.now()
    if addressee is None:
        named = found(stored, now).addressees
        addressee = named[0] if named else Addressee.of_user(by)
    composer = Composer(stored, now=now, is_test=True)
    if not composer.texts:
        raise CircularNotReady(_("There is no text yet."))
    composer.enclosure = enclose_files(stored)
    letter = composer.letter(addressee, language=language or "")
    fields = {name: getattr(letter, name) for name in ("subject", "text", "language", "html", "reply_to", "thread")}
    return queue_message(
        key=f"circular.test:{stored.pk}:{uuid4().hex}", to=by.email, name=by.name, enclosure=letter.enclosure, **fields
    )


def _store_texts(circular: Circular, texts: Texts) -> None:
    circular.texts.all().delete()
    CircularText.objects.bulk_create(
        CircularText(circular=circular, language=language, subject=subject, body=body)
        for language, (subject, body) in texts.items()
    )


def _cleaned(texts: Texts) -> dict[str, tuple[str, str]]:
    """Subjects on one line and clean bodies, without the languages that say nothing. Raises CircularWrong."""
    known = dict(settings.LANGUAGES)
    written = {}
    for language, (subject, body) in texts.items():
        if language not in known:
            raise CircularWrong(_("The portal has no language “%(language)s”.") % {"language": language})
        line, html = one_line(subject), clean(body)
        if len(line) > 200:
            raise CircularWrong(_("A subject has 200 characters at most, this one %(count)d.") % {"count": len(line)})
        if line or to_blocks(html):
            written[language] = (line, html)
    return written

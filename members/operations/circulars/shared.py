"""What all steps of a circular share: its row locked, its state asked for, its version raised."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from icoca_portal.lib import richtext
from icoca_portal.outbox.enclosing import enclose
from icoca_portal.outbox.models import Enclosure
from members.exceptions import CircularInAnotherState
from members.models import Circular, User

#: So many letters are composed and queued at a time, and so many keys stand in one query at most.
AT_ONCE = 500


def lock(circular: Circular) -> Circular:
    """The stored row, locked and fresh."""
    return (
        Circular.objects.select_for_update(of=("self",))
        .select_related("corrects", "created_by", "written_by", "submitted_by", "approved_by")
        .get(pk=circular.pk)
    )


def require(circular: Circular, *states: str) -> None:
    """Raises CircularInAnotherState, with a sentence that says in which it is."""
    if circular.state in states:
        return
    said = {
        Circular.State.DRAFT: _("This circular is a draft."),
        Circular.State.SUBMITTED: _("This circular waits for approval. It has to be returned before it is changed."),
        Circular.State.QUEUED: _("This circular is approved already."),
        Circular.State.SENT: _("This circular was sent."),
        Circular.State.CANCELLED: _("This circular was given up."),
    }
    raise CircularInAnotherState(said[Circular.State(circular.state)])


def refuse_released(circular: Circular) -> None:
    """Raises CircularInAnotherState where the letters were queued already."""
    if circular.released_at is not None:
        raise CircularInAnotherState(_("This circular was released already. Correct it by another one."))


def store(circular: Circular, *fields: str) -> Circular:
    """Store these fields, under the next version."""
    circular.version += 1
    circular.save(update_fields=[*fields, "version"])
    return circular


def note_written(circular: Circular, by: User) -> None:
    """Who last wrote it; to be stored by the caller."""
    circular.written_at, circular.written_by = timezone.now(), by


def lock_released(circular: Circular) -> Circular:
    """As `lock`, one of which letters were queued. Raises CircularInAnotherState."""
    stored = lock(circular)
    if stored.released_at is None:
        raise CircularInAnotherState(_("Nothing of this circular was sent yet."))
    return stored


def enclose_files(circular: Circular) -> Enclosure | None:
    """The attached files, as they go out. Raises EnclosureTooLarge."""
    files = [file for file in circular.files.all() if file.attached]
    return enclose(files) if files else None


def one_line(text: str) -> str:
    """The text as it is kept (`richtext.printable`), on one line."""
    return richtext.one_line(richtext.printable(text))

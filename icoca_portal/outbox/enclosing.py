"""The files that go with messages."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from icoca_portal.lib.kept_files import KeptFile
from icoca_portal.lib.refusals import Refusal
from icoca_portal.outbox.models import EnclosedFile, Enclosure


class EnclosureTooLarge(Refusal):
    """The files have more bytes together than one mail takes (``MAIL_ATTACHMENTS_LIMIT``). Says both numbers."""

    def __init__(self, size: int) -> None:
        super().__init__(
            _("These files have %(size)s together, and a mail takes %(limit)s. Nothing was queued: send links instead.")
            % {"size": filesizeformat(size), "limit": filesizeformat(settings.MAIL_ATTACHMENTS_LIMIT)}
        )
        self.size = size


def check_enclosure_size(size: int) -> None:
    """Raises EnclosureTooLarge when a mail does not take so many bytes of files."""
    if size > settings.MAIL_ATTACHMENTS_LIMIT:
        raise EnclosureTooLarge(size)


@transaction.atomic
def enclose(files: Iterable[KeptFile]) -> Enclosure:
    """Keep copies of these files for the messages that they go with, once for all who get them.

    Copies, so that a message that waits, or is sent again next week, has the files that it was queued with. Call it in
    the transaction that queues the messages. Raises EnclosureTooLarge, and then keeps none.
    """
    files = list(files)
    check_enclosure_size(sum(file.size for file in files))
    enclosure = Enclosure.objects.create()
    kept: list[EnclosedFile] = []
    try:
        for file in files:
            row = EnclosedFile(
                enclosure=enclosure,
                original_name=file.original_name,
                size=file.size,
                media_type=file.media_type,
                sha256=file.sha256,
                uploaded_by_id=file.uploaded_by_id,
            )
            with file.file.open("rb") as content:
                row.file.save(file.original_name, File(content), save=False)
            kept.append(row)
        EnclosedFile.objects.bulk_create(kept)
    except BaseException:
        for row in kept:
            row.file.delete(save=False)
        raise
    return enclosure

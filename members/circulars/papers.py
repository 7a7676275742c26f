"""A circular as a paper: the text as it was merged for its reader, its files by name, its seal."""

from __future__ import annotations

from typing import Literal

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from icoca_portal.lib import richtext
from icoca_portal.lib.days import geneva
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.papers import READERS, Paper, Part, RichText, Seal, Table
from members.circulars.reading import Reading


def circular_paper(reading: Reading) -> Paper:
    """The paper, in the language of the text that is shown."""
    circular, shown, record = reading.circular, reading.shown, reading.circular.record
    language = shown.language or settings.LANGUAGE_CODE
    with translation.override(language):
        direction: Literal["ltr", "rtl"] = "rtl" if translation.get_language_bidi() else "ltr"
        day = date_format(timezone.localtime(circular.released_at, geneva()), "DATE_FORMAT")
        parts = [Part("", body=[RichText(richtext.to_blocks(shown.html))])]
        if reading.files:
            rows = [(str(file), file.original_name, file.format, filesizeformat(file.size)) for file in reading.files]
            parts.append(Part(_("Files"), body=[Table([_("Title"), _("File"), _("Format"), _("Size")], rows)]))
        sealed = _("Sealed %(moment)s. SHA-256 of texts, files and audience in canonical JSON.")
        parts.append(
            Part(
                _("Seal on record"),
                body=[Seal(circular.symbol, record.sha256, sealed % {"moment": in_geneva(record.sealed_at)})],
            )
        )
        return Paper(
            title=shown.subject,
            language=language,
            direction=direction,
            meta=[
                (_("Number"), circular.symbol),
                (_("Date"), day),
                (READERS, _("Those addressed, and the secretariat")),
            ],
            lead=_addressed(reading),
            parts=parts,
            footer=circular.symbol,
            sample=settings.SAMPLE_SITE,
        )


def _addressed(reading: Reading) -> str:
    recipient = reading.recipient
    if recipient is None:
        return ""
    name = recipient.name or recipient.email
    if recipient.organisation is None:
        return _("To %(name)s") % {"name": name}
    return _("To %(name)s, %(organisation)s") % {"name": name, "organisation": recipient.organisation.name}

"""What is sealed of a circular."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from icoca_portal.lib.sealing import canonical, digest
from members.circulars.audiences import CONTACT, Found, in_words
from members.circulars.composing import Composer
from members.models import Circular, CircularRecord, User

#: Of the record of a circular.
FORMAT = 1


def seal(circular: Circular, composer: Composer, named: Found, now: datetime) -> CircularRecord:
    content = canonical(_content(circular, composer, named, now))
    return CircularRecord.objects.create(
        circular=circular, content=content, sha256=digest(content), sealed_at=now, sealed_by=circular.approved_by
    )


def _content(circular: Circular, composer: Composer, named: Found, now: datetime) -> dict[str, Any]:
    """What is sealed: all that was said, to whom by which rule, and who said it. Letters to people are counted; their
    list (`CircularRecipient`) has a hash of its own, so that nobody's address stands where it can never be erased."""
    languages = [code for code, _name in settings.LANGUAGES]
    with translation.override(settings.LANGUAGE_CODE):
        symbol = circular.symbol
        title = composer.thing.title() if composer.thing else ""
    words = {}
    for language in languages:
        with translation.override(language):
            words[language] = in_words(circular.audience)
    recipients = [
        [each.email.lower(), each.organisation.pk if each.organisation else None, each.role]
        for each in named.addressees
    ]
    return {
        "format": FORMAT,
        "symbol": symbol,
        "year": circular.year,
        "number": circular.number,
        "correction": circular.correction,
        "sent_at": now.isoformat(),
        "about": {"thing": composer.thing.reference, "title": title} if composer.thing else None,
        "texts": {language: {"subject": text.subject, "body": text.body} for language, text in composer.texts.items()},
        "files": [
            {
                "name": file.original_name,
                "title": file.title,
                "size": file.size,
                "media_type": file.media_type,
                "sha256": file.sha256,
                "attached": file.attached,
            }
            for file in composer.files
        ],
        "audience": {"rule": circular.audience, "in_words": words},
        "recipients": {
            "count": len(named.addressees),
            "organisations": named.organisations,
            "sha256": digest(canonical(sorted(recipients, key=str))),
        },
        "duplicates": len(named.duplicates),
        "left_out": [
            {
                "organisation": str(row.addressee.organisation or ""),
                # A contact may ask to be erased, and a sealed record cannot be.
                "name": "" if row.addressee.role == CONTACT else row.addressee.name,
                "email": "" if row.addressee.role == CONTACT else row.addressee.email,
                "why": row.why,
            }
            for row in named.without_address
        ],
        "written_by": _signature(circular.written_by),
        "submitted_by": _signature(circular.submitted_by),
        "approved_by": _signature(circular.approved_by),
        "approved_at": circular.approved_at.isoformat() if circular.approved_at else None,
    }


def _signature(person: User | None) -> dict[str, Any] | None:
    return {"id": person.pk, "name": person.name} if person else None

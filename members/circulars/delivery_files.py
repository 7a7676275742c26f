"""The delivery log for the file: a line for each copy, in a table or as the delivery record, a paper with the seal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_bidi, ngettext
from django.utils.translation import gettext as _

from icoca_portal.lib.days import geneva
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.papers import READERS, Facts, Paper, Part, Seal, Table
from icoca_portal.outbox.codes import code_in_words, servers_words
from members.circulars.audiences import Addressee, LeftOut
from members.circulars.delivery import Standing, role_in_words, standing_of
from members.models import Circular, CircularCopy, CircularRecipient

#: Rows that are held at a time.
CHUNK = 500
NOBODY = Addressee(None, None, "", "", "", "")


def headers() -> list[str]:
    return [
        _("Circular"),
        _("Delegation"),
        _("Name"),
        _("As"),
        _("Address"),
        _("Language"),
        _("Copy"),
        _("Message-ID"),
        _("Queued (Geneva)"),
        _("Sent (Geneva)"),
        _("Attempts"),
        _("State"),
        _("Returned (Geneva)"),
        _("Code"),
        _("Server’s words"),
        _("Sent again by"),
        _("Left as it is by"),
        _("Opened on the portal (Geneva)"),
    ]


def rows(circular: Circular, now: datetime) -> Iterator[list[object]]:
    """A line for each copy that was ever queued, by delegation, name and number; whoever has none has a line too."""
    for copy, recipient in _copies(circular):
        message = copy.message if copy else None
        yield [
            circular.symbol,
            recipient.organisation.name if recipient.organisation else "",
            recipient.name,
            role_in_words(recipient.role),
            message.recipient if message else recipient.email,
            recipient.get_language_display(),
            copy.number if copy else 0,
            message.message_id if message else "",
            _local(message.queued_at if message else None),
            _local(message.sent_at if message else None),
            message.attempts if message else 0,
            Standing(standing_of(message, now)).label,
            _local(message.returned_at if message else None),
            message.returned_code if message else "",
            (message.returned_why or servers_words(message.last_error)) if message else "",
            str(copy.queued_by or "") if copy else "",
            message.settled_by if message else "",
            _local(recipient.opened_at),
        ]


def _copies(circular: Circular) -> Iterator[tuple[Any, Any]]:
    """Each copy with its recipient, some hundred at a time."""
    copies = CircularCopy.objects.filter(recipient__circular=circular)
    copies = copies.select_related("recipient__organisation", "message", "queued_by")
    copies = copies.defer("message__text", "message__html")
    ordered: QuerySet[Any] = copies.order_by(
        "recipient__organisation__name", "recipient__name", "recipient_id", "number"
    )
    for copy in ordered.iterator(chunk_size=CHUNK):
        yield copy, copy.recipient
    without = CircularRecipient.objects.filter(circular=circular, copies=None).select_related("organisation")
    for recipient in without.order_by("organisation__name", "name", "pk").iterator(chunk_size=CHUNK):
        yield None, recipient


def _local(moment: datetime | None) -> datetime | str:
    """For a cell whose header names the zone."""
    return timezone.localtime(moment, geneva()).replace(tzinfo=None, microsecond=0) if moment else ""


# The paper


def delivery_record(circular: Circular, now: datetime) -> Paper:
    """What was sent to whom, which version, when, and what became of it, with the seal of the record.

    In it every copy has its line: that of the address it went to.
    """
    language = get_language() or settings.LANGUAGE_CODE
    text = circular.text_in(language)
    record: Any = circular.record
    lines: list[list[object]] = []
    latest: dict[int, str] = {}
    for copy, recipient in _copies(circular):
        message = copy.message if copy else None
        standing = standing_of(message, now)
        latest[recipient.pk] = str(standing.label)
        who = [recipient.name or recipient.email, role_in_words(recipient.role), str(recipient.organisation or "")]
        lines.append(
            [
                ", ".join(part for part in who if part),
                message.recipient if message else recipient.email,
                f"{recipient.language} {copy.number}" if copy else recipient.language,
                _outcome(message, standing),
                _day_and_hour(recipient.opened_at),
            ]
        )
    counted = Counter(latest.values())
    facts: list[tuple[str, object]] = [
        (_("Subject"), text.subject if text else ""),
        (_("Sent"), in_geneva(circular.released_at) if circular.released_at else ""),
        (_("Sealed by"), str(record.sealed_by or "")),
        (_("To"), _audience(record.content, language)),
        (
            _("Recipients"),
            ngettext("%(count)d person or address", "%(count)d people or addresses", len(latest))
            % {"count": len(latest)},
        ),
        (_("Outcome"), ", ".join(f"{label}: {number}" for label, number in sorted(counted.items()))),
        (_("As of"), in_geneva(now)),
    ]
    return Paper(
        title=_("Delivery record"),
        language=language,
        direction="rtl" if get_language_bidi() else "ltr",
        meta=[(_("Circular"), circular.symbol), (_("Date"), _day(circular.released_at)), (READERS, _("Secretariat"))],
        lead=text.subject if text else "",
        parts=[
            Part(_("What was sent"), body=[Facts([fact for fact in facts if fact[1]])]),
            Part(
                _("To whom, and what became of it"),
                body=[
                    Table(
                        [
                            _("Recipient"),
                            _("Address"),
                            _("Language, copy"),
                            _("Outcome"),
                            _("Opened"),
                        ],
                        lines,
                    )
                ],
            ),
            *_left_out(record.content),
            Part(
                _("Seal on record"),
                body=[
                    Seal(
                        circular.symbol,
                        record.sha256,
                        _("Sealed %(moment)s. SHA-256 of texts, files and audience in canonical JSON.")
                        % {"moment": in_geneva(record.sealed_at)}
                        + " "
                        + (
                            _("What is stored has this seal.")
                            if record.holds
                            else _("What is stored no longer has this seal.")
                        ),
                    )
                ],
            ),
        ],
        footer=circular.symbol,
        sample=settings.SAMPLE_SITE,
    )


def _outcome(message: Any, standing: Standing) -> str:
    """``Sent 26 November 2026, 18:00``; what came back with its code and the server's words."""
    if message is None:
        return str(standing.label)
    moment = message.returned_at or message.sent_at or message.taken_at or message.queued_at
    said = [f"{standing.label} {_day_and_hour(moment)}"]
    if message.returned_code:
        said.append(code_in_words(message.returned_code))
    if why := (message.returned_why or servers_words(message.last_error)).strip():
        said.append(f"“{why[:200]}”")
    return " ".join(said)


def _day_and_hour(moment: datetime | None) -> str:
    return timezone.localtime(moment, geneva()).strftime("%Y-%m-%d %H:%M") if moment else ""


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment, geneva()), "DATE_FORMAT") if moment else ""


def _left_out(content: str) -> list[Part]:
    """Whom the audience named and no letter could reach, as it was sealed."""
    rows = [
        (row["organisation"], row["name"], row["email"], LeftOut(NOBODY, row["why"]).why_in_words)
        for row in json.loads(content).get("left_out", [])
    ]
    headers = [_("Organisation"), _("Name"), _("Address"), _("Why")]
    return [Part(_("Whom no letter reaches"), body=[Table(headers, rows)])] if rows else []


def _audience(content: str, language: str) -> str:
    """The audience in words, as it was sealed."""
    sealed = json.loads(content)
    words = sealed.get("audience", {}).get("in_words", {})
    return str(words.get(language) or next(iter(words.values()), ""))

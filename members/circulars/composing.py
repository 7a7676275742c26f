"""The letter that each reader of a circular gets: the same for the preview, the test and the mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from icoca_portal.lib.days import day_of
from icoca_portal.lib.moments import zone_named
from icoca_portal.outbox.models import Enclosure
from icoca_portal.outbox.operations import Letter
from members import things
from members.circulars.audiences import Addressee
from members.circulars.merging import Merging, Template, fields_in, merge_subject
from members.models import Circular, CircularFile, CircularText
from members.things import Thing

#: Stands in the key of a letter that is only looked at.
PREVIEW = "preview"


@dataclass(frozen=True)
class _Taken:
    """What all letters in one language have in common, taken apart at its merge fields."""

    subject: Template
    text: Template
    html: Template

    @classmethod
    def of(cls, text: CircularText, before: str, after: str) -> _Taken:
        """`before` and `after` have no fields: a brace there is a brace."""
        before, after = (part.replace("{", "{{").replace("}", "}}") for part in (before, after))
        whole = before + text.body + after
        return cls(Template.of_subject(text.subject), Template.of_text(whole), Template.of_html(whole))


@dataclass(frozen=True)
class Missing:
    """A merge field that has nothing to say to a reader."""

    field: str
    addressee: Addressee


class Composer:
    """Composes the letters of one circular. What they share (texts, thing, files) is read once: a bounded number of
    queries, however many letters there are.

    `enclosure` holds the attached files as they are sent. A test says that it is one, and has neither number nor links
    to files, which work only once the circular is sent.
    """

    def __init__(
        self, circular: Circular, *, now: datetime, enclosure: Enclosure | None = None, is_test: bool = False
    ) -> None:
        self.circular, self.enclosure, self.is_test = circular, enclosure, is_test
        self.sent_at = circular.released_at or now
        self.thing: Thing | None = things.find(circular.about_kind, circular.about_id)
        self.texts: dict[str, CircularText] = {row.language: row for row in circular.texts.all()}
        self.files: list[CircularFile] = list(circular.files.all())
        used = [field for text in self.texts.values() for field in fields_in(text.subject, text.body)]
        self.merging = Merging(self.thing, used)
        self._taken_apart: dict[tuple[str, bool], _Taken] = {}

    def language_for(self, addressee: Addressee) -> str:
        """The language in which this reader gets it: their own, else the first of the portal's that there is."""
        codes = (addressee.language, *(code for code, _name in settings.LANGUAGES))
        return next((code for code in codes if code in self.texts), settings.LANGUAGE_CODE)

    def missing(self, addressees: Iterable[Addressee]) -> list[Missing]:
        """The merge fields that would stay empty, for each reader for whom one does."""
        found = []
        for addressee in addressees:
            language = self.language_for(addressee)
            text = self.texts.get(language)
            if text is None:
                continue
            here = {field.name for field in fields_in(text.subject, text.body)} if len(self.texts) > 1 else None
            empty = self.merging.empty_for(addressee, language)
            found += [Missing(name, addressee) for name in empty if here is None or name in here]
        return found

    def in_another_language(self, addressees: Iterable[Addressee]) -> dict[str, int]:
        """How many readers, by the language that they chose, get it in another one for want of a text in theirs."""
        counted: dict[str, int] = {}
        for addressee in addressees:
            if self.language_for(addressee) != addressee.language:
                counted[addressee.language] = counted.get(addressee.language, 0) + 1
        return counted

    def letter(self, addressee: Addressee, *, key: str = PREVIEW, language: str = "") -> Letter:
        """The letter of one reader. `language` asks for another one than theirs. Raises KeyError without any text."""
        language = language if language in self.texts else self.language_for(addressee)
        reads = (language, addressee.user is not None)
        taken = self._taken_apart.get(reads)
        if taken is None:
            taken = self._taken_apart[reads] = _Taken.of(self.texts[language], *self._frame(*reads))
        values = self.merging.values_for(addressee, language)
        subject = merge_subject(taken.subject, values)
        if self.is_test:
            with translation.override(language):
                subject = _("Test: %(subject)s") % {"subject": subject}
        return Letter(
            key=key,
            to=addressee.email,
            name=addressee.name,
            subject=subject,
            text=taken.text.merge(values),
            language=language,
            html=taken.html.merge(values),
            reply_to=settings.SECRETARIAT_EMAIL,
            thread=thread_of(self.circular),
            enclosure=self.enclosure,
        )

    def words_of(self, html: str, language: str) -> str | None:
        """The text of a letter that was sent, without what stands above and below it; None where that is not found."""
        for has_account in (True, False):
            before, after = self._frame(language, has_account)
            if html.startswith(before) and html.endswith(after):
                return html[len(before) : len(html) - len(after)]
        return None

    def _frame(self, language: str, has_account: bool) -> tuple[str, str]:
        """What stands above and below the text: the same for all who read it in one language. Whoever has no account
        gets no link, for none would open."""
        with translation.override(language), timezone.override(zone_named(settings.TIME_ZONE)):
            return self._head(has_account), self._list_of_files(has_account)

    def _head(self, has_account: bool) -> str:
        day = date_format(day_of(self.sent_at), "DATE_FORMAT")
        if self.is_test or not self.circular.symbol:
            number = _("Circular, numbered when it is sent")
            return f"<p>{escape(f'{number} · {day}')}</p>"
        lines = [escape(f"{self.circular.symbol} · {day}")]
        if self.circular.corrects is not None:
            lines.append(escape(_("Corrects %(circular)s.") % {"circular": self.circular.corrects.symbol}))
        if has_account:
            address = settings.PORTAL_ADDRESS + self.circular.get_absolute_url()
            lines.append(f'{escape(_("On the portal:"))} <a href="{escape(address)}">{escape(address)}</a>')
        return f"<p>{'<br>'.join(lines)}</p>"

    def _list_of_files(self, has_account: bool) -> str:
        if not self.files:
            return ""
        items = "".join(f"<li>{self._file(file, has_account)}</li>" for file in self.files)
        return f"<h3>{escape(_('Files'))}</h3><ul>{items}</ul>"

    def _file(self, file: CircularFile, has_account: bool) -> str:
        facts = f"{file.format}, {filesizeformat(file.size)}"
        words = {"file": file, "facts": facts}
        if file.attached:
            return escape(_("%(file)s (%(facts)s), attached") % words)
        if not has_account:
            return escape(_("%(file)s (%(facts)s), on the portal, for those with an account") % words)
        if self.is_test or not self.circular.symbol:
            return escape(_("%(file)s (%(facts)s), a link once it is sent") % words)
        address = settings.PORTAL_ADDRESS + file.get_absolute_url()
        return f'<a href="{escape(address)}">{escape(str(file))}</a> ({escape(facts)})'


def letter_for(circular: Circular, addressee: Addressee, *, now: datetime, language: str = "") -> Letter:
    """The letter as this reader would get it, or got it: for a preview. Raises KeyError without any text."""
    return Composer(circular, now=now).letter(addressee, language=language)


def thread_of(circular: Circular) -> str:
    """The thread of its mails: that of the thing that it is about, else its own; a correction stays in its thread."""
    if circular.about_kind and circular.about_id is not None:
        return things.reference_of(circular.about_kind, circular.about_id)
    return f"circular-{circular.corrects_id or circular.pk}"

"""A circular as it would be sent now: to whom, with what pointed out, and the letter of each. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icoca_portal.lib.fulltext import fold
from icoca_portal.lib.numbers import number_in
from icoca_portal.outbox.emails import compose_message
from icoca_portal.outbox.models import Message
from members.circulars.audiences import Addressee, Found, found
from members.circulars.composing import Composer
from members.models import Circular, CircularText

#: So many names are given where more could be.
NAMED = 5


@dataclass(frozen=True)
class Mail:
    """A letter as a mail program shows it."""

    subject: str
    text: str
    html: str


class Looked:
    """A circular with whom it goes to and what its letters say, at one moment: as many queries for five recipients as
    for five thousand."""

    def __init__(self, circular: Circular, now: datetime) -> None:
        self.circular, self.now = circular, now
        self.found: Found = found(circular, now)
        self.composer = Composer(circular, now=now)

    @classmethod
    def at(cls, circular: Circular, now: datetime | None = None) -> Looked:
        return cls(circular, now or timezone.now())

    # To whom

    def language_of(self, addressee: Addressee) -> str:
        """The name of the language in which they get it."""
        return str(dict(settings.LANGUAGES).get(self.composer.language_for(addressee), ""))

    @cached_property
    def by_language(self) -> list[tuple[str, int]]:
        """How many letters there are in each language."""
        counted: dict[str, int] = {}
        for each in self.found.addressees:
            code = self.composer.language_for(each)
            counted[code] = counted.get(code, 0) + 1
        return [(str(name), counted[code]) for code, name in settings.LANGUAGES if code in counted]

    @cached_property
    def fingerprint(self) -> str:
        """Names the text and the addresses that a page showed: another one says that either has changed."""
        people = "\n".join(sorted(each.email.lower() for each in self.found.addressees))
        return f"{self.circular.version}-{sha256(people.encode()).hexdigest()[:16]}"

    @staticmethod
    def matches(addressee: Addressee, words: str) -> bool:
        """Whether each word is somewhere in their name, address, capacity or organisation."""
        there = fold(f"{addressee} {addressee.role_in_words} {addressee.organisation or ''}")
        return all(fold(word) in there for word in words.split())

    def number_of(self, data: Mapping[str, str]) -> int:
        """Which letter an address asks for, from 1: by its place (`to`), or the next one that words find (`q`); 0 if
        there is none at all."""
        people = self.found.addressees
        number = min(max(number_in(data, "to"), 1), len(people))
        words = " ".join(data.get("q", "").split())
        if words and people:
            order = [*range(number + 1, len(people) + 1), *range(1, number + 1)]
            number = next((place for place in order if self.matches(people[place - 1], words)), number)
        return number

    def rows(self) -> Iterator[tuple[str, ...]]:
        """All of it for a file: who gets a letter, who is named twice, whom none reaches."""
        for each in self.found.addressees:
            yield *_cells(each), self.language_of(each), _("One letter")
        for duplicate in self.found.duplicates:
            for each in duplicate.others:
                yield *_cells(each), "", _("Named twice: the letter goes to %(kept)s") % {"kept": duplicate.kept}
        for left_out in self.found.without_address:
            yield *_cells(left_out.addressee), "", left_out.why_in_words

    # What they get

    def mail(self, addressee: Addressee) -> Mail:
        """The letter, written as the worker will write it. Raises KeyError without any text."""
        message = Message(key="preview", **self.composer.letter(addressee).fields(self.now))
        mail: Any = compose_message(message)
        forms = [part for part, kind in getattr(mail, "alternatives", ()) if kind == "text/html"]
        return Mail(mail.subject, mail.body, forms[0] if forms else message.html)

    @property
    def texts(self) -> list[tuple[str, CircularText, str]]:
        """The texts with the names of their languages, and the subject as the first who gets it reads it, if that is
        another one."""
        return [
            (str(name), text, self._first_subject(code, text.subject))
            for code, name in settings.LANGUAGES
            if (text := self.composer.texts.get(code))
        ]

    def _first_subject(self, code: str, written: str) -> str:
        first = next((each for each in self.found.addressees if self.composer.language_for(each) == code), None)
        read = self.composer.letter(first).subject if first is not None else ""
        return read if read != written else ""

    @property
    def is_to_come(self) -> bool:
        """Whether it waits for its hour."""
        return self.circular.send_at is not None and self.circular.send_at > self.now

    # What to know before it is sent

    @cached_property
    def stops(self) -> list[str]:
        """What it cannot be sent with."""
        said = []
        if not self.composer.texts:
            said.append(_("There is no text yet."))
        if not self.circular.audience:
            said.append(_("Nobody is chosen yet."))
        elif self.circular.about_kind and self.composer.thing is None:
            said.append(_("What the circular is about is not there any more."))
        elif not self.found.addressees:
            said.append(_("Nobody is found who would get it."))
        if self.attached_size > settings.MAIL_ATTACHMENTS_LIMIT:
            said.append(
                _("The files sent with the mail have %(size)s together; the limit is %(limit)s. Let some be links.")
                % {
                    "size": filesizeformat(self.attached_size),
                    "limit": filesizeformat(settings.MAIL_ATTACHMENTS_LIMIT),
                }
            )
        return said + self._without_value()

    def _without_value(self) -> list[str]:
        """Merge fields that hold nothing for somebody."""
        empty: dict[str, list[Addressee]] = {}
        for missing in self.composer.missing(self.found.addressees):
            empty.setdefault(missing.field, []).append(missing.addressee)
        return [
            ngettext(
                "The field {%(field)s} holds nothing for %(count)d person: %(names)s",
                "The field {%(field)s} holds nothing for %(count)d people: %(names)s",
                len(people),
            )
            % {"field": field, "count": len(people), "names": some_of(people)}
            for field, people in empty.items()
        ]

    @cached_property
    def attached_size(self) -> int:
        return sum(file.size for file in self.composer.files if file.attached)

    @cached_property
    def pointed_out(self) -> list[str]:
        """What whoever sends it should know, and may leave as it is."""
        languages = dict(settings.LANGUAGES)
        said = [
            ngettext(
                "There is no text in %(language)s: %(count)d person who reads it gets another one.",
                "There is no text in %(language)s: %(count)d people who read it get another one.",
                count,
            )
            % {"language": languages.get(code, code), "count": count}
            for code, count in self.composer.in_another_language(self.found.addressees).items()
        ]
        thing = self.composer.thing
        if thing is not None and not thing.is_out:
            said.append(
                _("Those addressed do not know yet of what it is about: “%(thing)s”. Until they do, it is held back.")
                % {"thing": thing.title()}
            )
        named_twice = self.found.duplicates
        if named_twice:
            said.append(
                ngettext(
                    "%(count)d person is named twice and gets one letter: %(names)s",
                    "%(count)d people are named twice and get one letter each: %(names)s",
                    len(named_twice),
                )
                % {"count": len(named_twice), "names": some_of([each.kept for each in named_twice])}
            )
        strangers = [each for each in self.found.addressees if each.user is None]
        if strangers and any(not file.attached for file in self.composer.files):
            said.append(
                ngettext(
                    "%(count)d person has no account and cannot open the files that are links: %(names)s",
                    "%(count)d people have no account and cannot open the files that are links: %(names)s",
                    len(strangers),
                )
                % {"count": len(strangers), "names": some_of(strangers)}
            )
        for why in ("nobody", "closed", "unusable"):
            those = [each for each in self.found.without_address if each.why == why]
            if those:
                words = {"why": those[0].why_in_words, "names": some_of([each.addressee for each in those])}
                said.append(_("No letter: %(names)s. %(why)s") % words)
        return said


def some_of(people: list[Addressee]) -> str:
    """The first names, and how many more there are."""
    names = ", ".join(each.name or each.email or str(each.organisation) for each in people[:NAMED])
    more = len(people) - NAMED
    return names if more <= 0 else _("%(names)s and %(count)d more") % {"names": names, "count": more}


def _cells(addressee: Addressee) -> tuple[str, str, str, str]:
    return str(addressee.organisation or ""), addressee.name, addressee.role_in_words, addressee.email

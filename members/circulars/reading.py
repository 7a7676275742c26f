"""Circulars as those addressed read them on the portal: the list, and one as it was merged for them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.http import Http404
from django.utils import timezone, translation

from icoca_portal.lib import richtext
from icoca_portal.lib.numbers import number_in
from icoca_portal.lib.paging import page_number, page_within
from members import things
from members.circulars.audiences import Addressee
from members.circulars.composing import Composer
from members.circulars.merging import merge_html, merge_subject
from members.models import Circular, CircularCopy, CircularFile, CircularRecipient, CircularText, User

#: ``2026-3``, ``2026-3-corr1``: as `Circular.reference` writes it, and nothing else.
_REFERENCE = re.compile(r"([1-9]\d{3})-([1-9]\d{0,8})(?:-corr([1-9]\d{0,3}))?", re.ASCII)
_NUMBER = re.compile(r"(\d{1,9})(?:/(\d{4}))?", re.ASCII)
MAX_WORDS = 8


def find_circular(user: Any, reference: str) -> Circular:
    """The circular of an address, for somebody for whom it exists. Raises Http404."""
    named = _REFERENCE.fullmatch(reference)
    if named is None:
        raise Http404
    year, number, correction = (int(part or 0) for part in named.groups())
    rows = Circular.objects.visible_to(user).select_related("record").prefetch_related("texts")
    circular: Circular | None = rows.filter(year=year, number=number, correction=correction).first()
    if circular is None:
        raise Http404
    return circular


def find_file(user: Any, reference: str, pk: int) -> CircularFile:
    """A file of a circular that exists for this reader. Raises Http404."""
    circular = find_circular(user, reference)
    file = CircularFile.objects.filter(circular=circular, pk=pk).first()
    if file is None:
        raise Http404
    return file


# The list


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list; what makes no sense in it asks nothing."""

    words: str = ""
    year: int = 0
    page: int = 1

    @classmethod
    def read(cls, data: Mapping[str, str]) -> Asked:
        words = " ".join(data.get("q", "").replace("\x00", "").split())[:200]
        return cls(words, number_in(data, "year", figures=4), page_number(data))

    @property
    def narrows(self) -> bool:
        """Whether it asks for less than all."""
        return bool(self.words or self.year)


@dataclass(frozen=True)
class Entry:
    """A line of the list, with the subject as it was merged for the reader. `is_new`: it was addressed to them, and was
    not opened here yet."""

    circular: Any

    @property
    def subject(self) -> str:
        return self.circular.said_subject or (self._text.subject if self._text else str(self.circular))

    @property
    def language(self) -> str:
        if self.circular.said_subject:
            return str(self.circular.said_language)
        return self._text.language if self._text else ""

    @property
    def _text(self) -> CircularText | None:
        row: Circular = self.circular
        return row.text_in(translation.get_language() or settings.LANGUAGE_CODE)

    @property
    def is_new(self) -> bool:
        return bool(self.circular.is_mine) and self.circular.mine_opened_at is None


class Found:
    """The circulars that exist for a person, the newest first: as many queries for one as for many."""

    def __init__(self, user: User, asked: Asked) -> None:
        self.asked = asked
        visible = Circular.objects.visible_to(user)
        #: The years in which there is one, the last first.
        self.years = list(visible.order_by("-year").values_list("year", flat=True).distinct())
        chosen = _chosen(visible, asked)
        self.total = chosen.count()
        self.pages = page_within(asked.page, self.total)
        begins = (self.pages.number - 1) * self.pages.size
        mine = CircularRecipient.objects.filter(circular=OuterRef("pk"), user=user)
        said = (
            CircularCopy.objects.filter(_addressed(user, "recipient__"), recipient__circular=OuterRef("pk"), number=1)
            .annotate(is_own=Case(When(recipient__user=user, then=1), default=0))
            .order_by("-is_own", "recipient")
        )
        rows = chosen.annotate(
            is_mine=Exists(mine),
            mine_opened_at=Subquery(mine.values("opened_at")[:1], output_field=DateTimeField()),
            said_subject=Subquery(said.values("message__subject")[:1], output_field=CharField()),
            said_language=Subquery(said.values("message__language")[:1], output_field=CharField()),
        )
        rows = rows.order_by("-released_at", "-pk").prefetch_related("texts")
        self.entries = [Entry(row) for row in rows[begins : begins + self.pages.size]] if self.total else []


def _chosen(visible: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    """Every word must stand in one of its texts, or be its number: ``3``, ``3/2026``."""
    rows = visible.filter(year=asked.year) if asked.year else visible
    for word in asked.words.split()[:MAX_WORDS]:
        texts = CircularText.objects.filter(circular=OuterRef("pk"))
        there = Q(Exists(texts.filter(Q(subject__icontains=word) | Q(body__icontains=word))))
        if named := _NUMBER.fullmatch(word):
            number = {"number": int(named[1])}
            there |= Q(**number, year=int(named[2])) if named[2] else Q(**number)
        rows = rows.filter(there)
    return rows


# One circular


@dataclass(frozen=True)
class Shown:
    """The text on the page, in one language."""

    language: str
    subject: str
    html: str


class Reading:
    """A circular as one person reads it.

    `recipient` is under whose name: their own, else that of whoever was addressed in the role that they have today in
    the same delegation; None for the secretariat, who reads it as it was written, with its merge fields.
    """

    def __init__(self, circular: Circular, user: User, language: str = "") -> None:
        self.circular, self.user = circular, user
        self.recipient = _recipient_of(circular, user)
        self._composer = Composer(circular, now=circular.released_at or timezone.now())
        self.shown = self._text(language)

    @property
    def is_own(self) -> bool:
        """Whether the reader was addressed in person."""
        return self.recipient is not None and self.recipient.user_id == self.user.pk

    @property
    def languages(self) -> list[tuple[str, str]]:
        """The languages that there is a text in: code and name, as that language writes it."""
        there = self._composer.texts
        return [
            (code, translation.get_language_info(code)["name_local"])
            for code, _name in settings.LANGUAGES
            if code in there
        ]

    @property
    def files(self) -> list[CircularFile]:
        for file in self._composer.files:
            file.circular = self.circular
        return self._composer.files

    @property
    def holds(self) -> bool:
        """Whether the record has its seal still, and the texts that are shown are those that were sealed."""
        record = self.circular.record
        if not record.holds:
            return False
        sealed = json.loads(record.content).get("texts")
        return bool(
            sealed
            == {code: {"subject": text.subject, "body": text.body} for code, text in self._composer.texts.items()}
        )

    @cached_property
    def others(self) -> list[Circular]:
        """The other versions of the circular that exist for the reader, the first one first."""
        row = self.circular
        family = Circular.objects.visible_to(self.user).filter(year=row.year, number=row.number).exclude(pk=row.pk)
        return list(family.order_by("correction"))

    @cached_property
    def about(self) -> things.Thing | None:
        """What it is about, if that exists for the reader."""
        thing = self._composer.thing
        return thing if thing and things.visible(self.user, [thing.reference]) else None

    def _text(self, language: str) -> Shown:
        """What the mail said, where it was sent in this language; else the text in it, merged as for the mail."""
        composer = self._composer
        wanted = language if language in composer.texts else ""
        if self.recipient is None:
            text = self.circular.text_in(wanted or translation.get_language() or "")
            return Shown(text.language, text.subject, text.body) if text else Shown("", str(self.circular), "")
        addressee = _addressee(self.recipient)
        wanted = wanted or composer.language_for(addressee)
        text = composer.texts.get(wanted)
        if text is None:
            return Shown("", str(self.circular), "")
        copy = self.recipient.first_copy
        if copy is not None and copy.message.language == wanted:
            said = composer.words_of(copy.message.html, wanted)
            if said is not None:
                return Shown(wanted, copy.message.subject, richtext.clean(said))
        values = composer.merging.values_for(addressee, wanted)
        return Shown(wanted, merge_subject(text.subject, values), richtext.clean(merge_html(text.body, values)))

    @property
    def corrected_by(self) -> list[Circular]:
        return [row for row in self.others if row.correction > self.circular.correction]

    @property
    def corrects(self) -> list[Circular]:
        return [row for row in self.others if row.correction < self.circular.correction]


def _addressee(recipient: Any) -> Addressee:
    """Whom the letter was for."""
    person = recipient.user
    return Addressee(
        person,
        recipient.organisation,
        recipient.role,
        recipient.name,
        recipient.email,
        recipient.language,
        person.time_zone if person else "",
    )


def _addressed(user: User, prefix: str = "") -> Q:
    """Whom the reader reads for: themselves, and whoever was addressed in their role of today in their delegation."""
    addressed = Q((f"{prefix}user", user))
    if delegate := user.standing.delegate:
        organisation = delegate.delegation.organisation_id
        addressed |= Q((f"{prefix}organisation", organisation), (f"{prefix}role", delegate.role))
    return addressed


def _recipient_of(circular: Circular, user: User) -> Any:
    """Under whose name the person reads the circular, with the first copy that went there (`first_copy`)."""
    rows = CircularRecipient.objects.filter(_addressed(user), circular=circular)
    rows = rows.select_related("organisation", "user")
    found = sorted(rows, key=lambda row: (row.user_id != user.pk, row.pk))
    if not found:
        return None
    recipient: Any = found[0]
    recipient.first_copy = recipient.copies.select_related("message").order_by("number").first()
    return recipient

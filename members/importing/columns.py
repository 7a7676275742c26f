"""What a file of the registry holds: one sheet a kind of record, and the columns of each, defined here once.

The import reads by them, the export and the template write by them, the page and the sheet that explains them say them.
The words of a file are the same in every language of the portal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from members.importing.values import Choice, countries_of, country_of, day_of, text_of, web_address_of
from members.models import (
    Certificate,
    CompanyProfile,
    Membership,
    Organisation,
    OtherName,
    Participation,
    Pillar,
    Size,
)

Text = str | Promise

#: The column that says which stored row a line is about.
ROW = "row"


@dataclass(frozen=True)
class Column:
    """A column: its word in the file, the field of the record it stands for, and how a cell of it is read.

    `needed` columns cannot be empty in a new record. `refers` columns name another record. `other_words` are taken for
    its word as well.
    """

    word: str
    field: str
    read: Callable[[Any], Any]
    text: Text
    needed: bool = False
    refers: bool = False
    other_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A kind of record: the name of its sheet, what it is called, its model and its columns.

    `found_by` are the columns that say which record a line is about: the words of one of these groups.
    """

    name: str
    label: Text
    text: Text
    model: type[Model]
    found_by: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]

    @cached_property
    def by_word(self) -> dict[str, Column]:
        """The columns by what may stand at their head, folded as `head` folds it."""
        return {head(word): column for column in self.columns for word in (column.word, *column.other_words)}

    @cached_property
    def by_field(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns}

    @property
    def words(self) -> list[str]:
        return [column.word for column in self.columns]

    @property
    def needed(self) -> list[Column]:
        """The columns without which nothing new can be recorded."""
        return [column for column in self.columns if column.needed]

    @property
    def is_dated(self) -> bool:
        return "source" in self.by_field


def head(text: Any) -> str:
    """The word at the head of a column, without regard to capitals, blanks and underlines."""
    return "".join(text_of(text).casefold().replace("_", " ").split())


_ROW = Column(
    ROW, "pk", text_of, _("The number that an export gives a stored record. Empty: new, or found by the other columns.")
)
_ORGANISATION = Column(
    "organisation",
    "organisation",
    text_of,
    _("Its address, code, name or another name. An organisation of the same file will do."),
    needed=True,
    refers=True,
    other_words=("company",),
)
_FROM = Column("valid from", "valid_from", day_of, _("The first day on which it holds."), needed=True)
_UNTIL = Column(
    "valid until",
    "valid_to",
    day_of,
    _("The first day on which it no longer holds; empty: still."),
    other_words=("valid to",),
)
_SOURCE = Column(
    "source", "source", text_of, _("Where this is known from. Empty in a new record: the source given with the file.")
)


def _choice(word: str, field: str, choices: Any, text: Text, *, needed: bool = False) -> Column:
    read = Choice(choices)
    return Column(word, field, read, format_lazy("{} {}.", text, read.keys), needed=needed)


_BY_DAY = (("organisation", "valid from"), (ROW,))

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "organisations",
        _("Organisations"),
        _("Found by row, address, code or name. Whatever differs is changed; its history is kept."),
        Organisation,
        (("name",), ("address",), ("code",), (ROW,)),
        (
            _ROW,
            Column("name", "name", text_of, _("As it stands in the register."), needed=True),
            Column(
                "address", "slug", text_of, _("Stands in the page’s address. Empty: made of the name."),
                other_words=("slug",),
            ),
            Column("code", "code", text_of, _("ISO code of a State, short name of an organisation.")),
            _choice("kind", "kind", Organisation.Kind.choices, _("One of:"), needed=True),
            Column("country", "country", country_of, _("Code of two letters, as CH.")),
            Column("website", "website", web_address_of, _("Address on the web, with https://.")),
        ),
    ),
    Sheet(
        "other names",
        _("Other names"),
        _("Former, short and other names of organisations. Found by row, or by organisation and name."),
        OtherName,
        (("organisation", "name"), (ROW,)),
        (
            _ROW,
            _ORGANISATION,
            Column("name", "name", text_of, _("The other name."), needed=True),
            _choice("kind", "kind", OtherName.Kind.choices, _("One of:"), needed=True),
            Column("until", "until", day_of, _("The first day without this name.")),
        ),
    ),
    Sheet(
        "participations",
        _("Participations"),
        _("Who supports the Montreux Document. Found by row, or by organisation and first day."),
        Participation,
        _BY_DAY,
        (_ROW, _ORGANISATION, _FROM, _UNTIL, _SOURCE),
    ),
    Sheet(
        "memberships",
        _("Memberships"),
        _("Who belongs to the Association. Found by row, or by organisation and first day."),
        Membership,
        _BY_DAY,
        (
            _ROW,
            _ORGANISATION,
            _choice("pillar", "pillar", Pillar.choices, _("One of:"), needed=True),
            _choice("category", "category", Membership.Category.choices, _("Empty: member. One of:")),
            _FROM,
            _UNTIL,
            _SOURCE,
        ),
    ),
    Sheet(
        "profiles",
        _("Company profiles"),
        _(
            "What a company is and does. Found by row, or by organisation and first day. A profile without an end that "
            "the file does not mention ends when a new one begins."
        ),
        CompanyProfile,
        _BY_DAY,
        (
            _ROW,
            _ORGANISATION,
            Column("headquarters", "headquarters", country_of, _("Code of two letters, as CH."), needed=True),
            _choice("works", "environment", CompanyProfile.Environment.choices, _("One of:"), needed=True),
            _choice("size", "size", Size.choices, _("By revenue; read by the secretariat only. Empty, or one of:")),
            Column(
                "countries of operation", "works_in", countries_of, _("Codes of two letters, with blanks between them.")
            ),
            _FROM,
            _UNTIL,
            _SOURCE,
        ),
    ),
    Sheet(
        "certificates",
        _("Certificates"),
        _(
            "Periods in the life of certificates of members. Found by row, or by organisation, standard and first day."
        ),
        Certificate,
        (("organisation", "standard", "valid from"), ("organisation", "standard", "issued"), (ROW,)),
        (
            _ROW,
            _ORGANISATION,
            Column("standard", "standard", text_of, _("Its code, as PSC.1."), needed=True, refers=True),
            Column(
                "certification body", "body", text_of, _("An organisation of that kind."), needed=True, refers=True
            ),
            Column("number", "number", text_of, _("Of the certificate.")),
            Column("scope", "scope", text_of, _("What it covers.")),
            _choice("state", "state", Certificate.State.choices, _("Empty: valid. One of:")),
            Column("issued", "issued_on", day_of, _("The day of issue."), needed=True),
            Column("expires", "expires_on", day_of, _("The first day on which the certificate no longer counts.")),
            Column("valid from", "valid_from", day_of, _("The first day of this state. Empty: the day of issue.")),
            Column(
                "valid until", "valid_to", day_of,
                _("The first day after this state. Empty: the day on which the certificate expires."),
                other_words=("valid to",),
            ),
            _SOURCE,
        ),
    ),
)  # fmt: skip
BY_NAME = {sheet.name: sheet for sheet in SHEETS}
#: The sheet of a template that says what the others hold; not read back.
EXPLAINED = "how to"

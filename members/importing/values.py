"""What a cell of a file says: a day, a country, one of a few choices. Whatever can be read in two ways is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_countries import countries

from icoca_portal.lib.fulltext import fold

#: Excel counts days; a number in a column of days is one of these (1 January 1950 to 31 December 2199).
FIRST_SERIAL, LAST_SERIAL = 18264, 109574
#: Excel of Windows begins with day 1 on 1 January 1900, and believes in a 29 February of that year.
SERIAL_ZERO = date(1899, 12, 30)

#: Letters of the code of a country.
LONGEST_CODE = 3

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_SERIAL = re.compile(r"(\d{5,6})(?:\.0+)?")


class NotUnderstood(ValueError):
    """A cell that says nothing of its kind. `str()` of it is a sentence for whoever wrote it."""


def composed(text: str) -> str:
    """The text with its letters composed."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def text_of(value: Any) -> str:
    """A cell as text, as somebody reads it in the sheet: without blanks at its ends, line breaks as one sign.

    Letters are composed (NFC), as a workbook holds them: nobody sees the difference, and it is none.
    """
    match value:
        case None:
            return ""
        case str():
            return composed(value.replace("\r\n", "\n").replace("\r", "\n").strip())
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)


def web_address_of(value: Any) -> str:
    """An address on the web; one that names no scheme is taken for https, as in the administration."""
    text = text_of(value)
    return f"https://{text}" if text and "://" not in text else text


def day_of(value: Any) -> date | None:
    """The day that a cell names; None if it is empty. Raises NotUnderstood.

    A day of the sheet's own, an ISO date, `06.06.2018`, Excel's count of days, or `25/07/2018` where the larger number
    can only be the day.
    """
    if isinstance(value, datetime):
        if value.time() != time():
            raise NotUnderstood(_("“%(value)s” has an hour. Give the day alone.") % {"value": value})
        return value.date()
    if isinstance(value, date):
        return value
    text = text_of(value)
    if not text:
        return None
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DOTTED.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := _SLASHED.fullmatch(text):
        day, month, year = _slashed(text, *(int(part) for part in found.groups()))
    elif (found := _SERIAL.fullmatch(text)) and FIRST_SERIAL <= int(found[1]) <= LAST_SERIAL:
        return SERIAL_ZERO + timedelta(days=int(found[1]))
    else:
        raise NotUnderstood(_("“%(value)s” is no day. Write it as 2018-06-06.") % {"value": text[:60]})
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NotUnderstood(_("“%(value)s” is in no calendar.") % {"value": text}) from error


def _slashed(text: str, first: int, second: int, year: int) -> tuple[int, int, int]:
    """Day, month, year. Some write the month first: where both readings are days, and two of them, nobody can tell."""
    if first <= 12 and second <= 12 and first != second:
        raise NotUnderstood(
            _("“%(value)s” can be %(one)s or %(other)s. Write it as %(one)s.")
            % {"value": text, "one": f"{year:04}-{second:02}-{first:02}", "other": f"{year:04}-{first:02}-{second:02}"}
        )
    return (second, first, year) if second > 12 else (first, second, year)


class Choice:
    """Reads one of a few choices, named by its key or by its name in a language of the portal, and gives its key."""

    def __init__(self, choices: Iterable[tuple[Any, Any]]) -> None:
        self.choices = list(choices)

    @property
    def keys(self) -> str:
        """What may stand in the cell."""
        return ", ".join(str(key) for key, _label in self.choices)

    @cached_property
    def _named(self) -> Mapping[str, str]:
        named: dict[str, str] = {}
        for language, _name in settings.LANGUAGES:
            with override(language):
                named |= {fold(str(label)): str(key) for key, label in self.choices}
        return named | {fold(str(key)): str(key) for key, _label in self.choices}

    def __call__(self, value: Any) -> str:
        """Raises NotUnderstood."""
        text = text_of(value)
        if not text:
            return ""
        found = self._named.get(fold(text))
        if found is None:
            raise NotUnderstood(_("“%(value)s” is none of: %(choices)s.") % {"value": text[:60], "choices": self.keys})
        return found


def country_of(value: Any) -> str:
    """The code of a country that is named by its code of two or three letters, or by its name. Raises NotUnderstood."""
    text = text_of(value)
    if not text:
        return ""
    found = _countries().get(fold(text))
    if found is None:
        raise NotUnderstood(
            _("“%(value)s” is no country. Write its code of two letters, as CH.") % {"value": text[:60]}
        )
    return found


@cache
def _countries() -> Mapping[str, str]:
    named: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):  # in which the list of countries is made
            named |= {fold(str(name)): str(code) for code, name in countries}
    codes = {code.lower(): code for code in named.values()}
    longer = {countries.alpha3(code).lower(): code for code in codes.values()}
    return named | longer | codes


def countries_of(value: Any) -> tuple[str, ...]:
    """The codes of countries, with blanks, commas, semicolons or lines between them; in the order of the alphabet.

    Names of countries are taken if commas are not, since some hold one. Raises NotUnderstood.
    """
    text = text_of(value)
    parts = [part for part in re.split(r"[;\n]", text) if part.strip()]
    found: set[str] = set()
    for part in parts:
        try:
            found.add(country_of(part))
        except NotUnderstood:
            words = [word for word in re.split(r"[,\s]+", part.strip()) if word]
            if len(words) == 1 or any(len(word) > LONGEST_CODE for word in words):
                raise
            found |= {country_of(word) for word in words}
    return tuple(sorted(found))

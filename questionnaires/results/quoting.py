"""Which texts are quoted: those that their delegation allowed, unless one without a name tells whose it is."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django_countries import countries

from icoca_portal.lib import small_numbers
from questionnaires.results.counting import Counted
from questionnaires.results.reading import Asked, Record, Voice

QUOTED_KINDS = ("short_text", "long_text")
UNNAMED, NAMED = "unnamed", "named"
LANGUAGES = ("en", "fr", "es", "pt", "de", "it")
#: A country's name without its ending finds most of the words made of it: Swedish, portugais.
STEM = 4


@dataclass(frozen=True)
class Held:
    """A quotation that its delegation allowed and that is held back until somebody decides. `key` names it."""

    key: str
    number: str
    text: str
    delegation: str
    consent: str
    why: str


@dataclass
class Quoted:
    """What of one question is quoted, held back, and left out for good."""

    shown: list[dict[str, Any]]
    held: list[Held]
    left_out: int = 0


def quote(question: Asked, counted: Counted, record: Record, threshold: int, released: Iterable[str] = ()) -> Quoted:
    """The quotations of one question; of those held back the `released` ones (by key) are shown.

    Named ones stand in the order of the names, the others in an order that neither name nor time gives.
    """
    result = Quoted([], [])
    if question.kind not in QUOTED_KINDS:
        return result
    named, unnamed = [], []
    for voice in record.voices:
        given = voice.question(question.id)
        if given is None or given.answer is None or given.quote not in (UNNAMED, NAMED):
            continue
        text = given.answer_text.strip()
        if given.quote == UNNAMED and (counted.is_hidden or small_numbers.is_small(counted.answered, threshold)):
            result.left_out += 1
            continue
        why = _telling(text, voice) if given.quote == UNNAMED else _asked_of_few(counted)
        key = f"{question.id}-{voice.submission}"
        if why and key not in released:
            result.held.append(
                Held(key, str(question.raw["number"]), text, str(voice.delegation), str(given.quote), why)
            )
        elif given.quote == NAMED:
            named.append({"text": text, "delegation": str(voice.delegation)})
        else:
            unnamed.append({"text": text, "delegation": None})
    unnamed.sort(key=lambda row: hashlib.sha256(str(row["text"]).encode()).hexdigest())
    result.shown = [*named, *unnamed]
    return result


def _asked_of_few(counted: Counted) -> str:
    if counted.reason != "condition":
        return ""
    return _("Who was asked this tells how they answered another question, whose figures are not shown.")


def _telling(text: str, voice: Voice) -> str:
    """Why a quotation without a name may tell whose it is; empty if nothing in it does."""
    folded = _fold(text)
    for name in _names(voice):
        if re.search(rf"(?<!\w){re.escape(_fold(name))}(?!\w)", folded):
            return _("It holds “%(name)s”.") % {"name": name}
    code = voice.delegation.organisation.code
    if code and re.search(rf"(?<!\w){re.escape(code.upper())}(?!\w)", text):
        return _("It holds “%(name)s”.") % {"name": code.upper()}
    for name in _country_names(voice):
        stem = _fold(name)[:STEM]
        if len(stem) == STEM and (match := re.search(rf"(?<!\w){re.escape(stem)}\w*", folded)):
            return _("It holds “%(name)s”.") % {"name": match.group()}
    return ""


def _names(voice: Voice) -> list[str]:
    """The delegation's names in several languages, and its people: their whole names, and their last words."""
    names = [voice.delegation.organisation.name, *_country_names(voice)]
    for person in voice.people:
        names += [person, person.split()[-1] if person.split() else ""]
    return [name for name in dict.fromkeys(names) if len(name) > 2]


def _country_names(voice: Voice) -> list[str]:
    code = (voice.delegation.organisation.code or "").upper()
    if code not in countries:
        return []
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(str(countries.name(code)))
    return found


def _fold(text: str) -> str:
    """Without accents and in small letters."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()

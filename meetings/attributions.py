"""Interventions are never attributed in a summary. This finds the names by which one could be.

A participant is looked for under its name in the register, its country's name in the languages of the portal, the
adjectives and other names of `demonyms`, and an organisation's short name; a person under the full name, and under the
family name with a capital letter. How it is written hides nothing: formatting inside a word, letters of another case,
accents left off, invisible characters, hard spaces and line breaks, and letters of other scripts that look alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_countries import countries

from icoca_portal.lib.richtext import Block, to_blocks
from meetings.demonyms import ORDINARY_WORDS, OTHER_NAMES
from meetings.models import Attendance, Meeting, Note
from members.models import Organisation, Participation

if TYPE_CHECKING:
    from meetings.models import ChairsSummary

#: Letters shown on either side of a name.
AROUND = 60
#: Endings that people leave off a State's name.
TAILS = (" of America", " of Great Britain and Northern Ireland", " d’Amérique", " d'Amérique",
         " de Grande-Bretagne et d'Irlande du Nord")  # fmt: skip
#: Letters of other scripts that look like Latin ones.
LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТХУІЅЈаеорсухіѕјԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοικνρυαı", "ABEKMHOPCTXYISJaeopcyxisjdqwABEZHIKMNOPTYXoikvpuai"
)
OFFICES = frozenset({
    Attendance.Capacity.CHAIR, Attendance.Capacity.EXECUTIVE_DIRECTOR, Attendance.Capacity.CHAIR_OF_BOARD,
    Attendance.Capacity.SECRETARIAT,
})  # fmt: skip


@dataclass(frozen=True)
class Attribution:
    """A name in a part of a summary: which part, the name as it is written there, and the words around it.

    `of` is the delegation or the person; `spoke` whether an intervention of theirs stands in the notes of this meeting.
    """

    part: str
    name: str
    before: str
    after: str
    of: str
    spoke: bool

    @property
    def excerpt(self) -> str:
        """The passage as plain text."""
        return f"{self.before}{self.name}{self.after}"

    @property
    def marked(self) -> SafeString:
        """The passage with the name marked."""
        return format_html("{}<mark>{}</mark>{}", self.before, self.name, self.after)

    @property
    def logged(self) -> dict[str, Any]:
        """What `NamesAccepted` keeps of it."""
        return {"part": self.part, "name": self.name, "passage": self.excerpt, "of": self.of, "spoke": self.spoke}


def summary_attributions(summary: ChairsSummary) -> list[Attribution]:
    """The names of participants, and of the people who spoke for them, that stand in the parts of a summary.

    Those whose interventions stand in the notes of this meeting come first. The title lines are not looked at: the
    chair's country stands there. A name found need not be an attribution (a country may be where a review takes place);
    a person decides.
    """
    texts = [(str(part), text) for part in summary.parts.all() for text in (part.title, *texts_of(part.text))]
    return names_in(summary.meeting, texts)


def names_in(meeting: Meeting, texts: Iterable[tuple[str, str]]) -> list[Attribution]:
    """As `summary_attributions`, in texts given as (where it stands, plain text)."""
    names = _names_of(meeting)
    patterns = _patterns(frozenset(names))
    found = [one for where, text in texts for one in _find(where, text, patterns, names)]
    return sorted(found, key=lambda one: not one.spoke)


def texts_of(html: str) -> list[str]:
    """The texts of a rich text, one a paragraph, joined as a reader sees them whatever the tags inside a word, and the
    addresses of its links."""
    return [text for block in to_blocks(html) for text in _texts(block)]


def _texts(block: Block) -> Iterator[str]:
    runs = block.get("runs", [])
    if runs:
        words = "".join("\n" if run.get("br") else run["text"] for run in runs)
        yield words
        if "\n" in words:
            # A line break inside a name, and one inside a word.
            yield words.replace("\n", "")
        yield from dict.fromkeys(run["href"] for run in runs if run.get("href"))
    for children in (*block.get("items", []), block.get("blocks", [])):
        for child in children:
            yield from _texts(child)


# The names


@dataclass(frozen=True)
class _Name:
    """Of whom it is, and how it must be written to count: `exact` in the very case, `capital` with a capital letter."""

    text: str
    exact: bool = False
    capital: bool = False


def _names_of(meeting: Meeting) -> Mapping[_Name, tuple[str, bool]]:
    """Each name to look for, with whose it is and whether they spoke."""
    notes = list(
        Note.objects.filter(item__meeting=meeting, removed_at=None).values_list("delegation__organisation", "speaker")
    )
    spoke = {organisation for organisation, _speaker in notes if organisation}
    rows = Organisation.objects.filter(pk__in=Participation.objects.filter(superseded_at=None).values("organisation"))
    if spoke:
        rows = rows | Organisation.objects.filter(pk__in=spoke)
    names: dict[_Name, tuple[str, bool]] = {}
    for organisation in rows.distinct():
        whose = (organisation.name, organisation.pk in spoke)
        for name in _names_of_organisation(organisation):
            if name not in names or whose[1]:
                names[name] = whose
    attendance = list(meeting.attendance.values_list("capacity", "person_name", "guest_name"))
    # An officer speaks in their office, which the summary names.
    officers = {_fold(person) for capacity, *people in attendance if capacity in OFFICES for person in people if person}
    for capacity, person_name, _guest in attendance:
        if capacity == Attendance.Capacity.PARTICIPANT:
            names |= _names_of_people(person_name, officers, spoke=False)
    for _organisation, speaker in notes:
        names |= _names_of_people(speaker, officers, spoke=True)
    return names


def _names_of_organisation(organisation: Organisation) -> Iterator[_Name]:
    country: Any = organisation.country
    code = (country.code or organisation.code or "").upper()
    found = {organisation.name, *OTHER_NAMES.get(code, ())}
    if organisation.kind == Organisation.Kind.INTERNATIONAL_ORGANISATION:
        found.add(organisation.code or "")
    else:
        found |= _country_names(code)
    found |= {name.removesuffix(tail) for name in found for tail in TAILS}
    for name in sorted(found):
        if len(name) < 2:
            continue
        # "us" and "eu" are words: a short name counts in capitals alone.
        letters = name.replace(".", "")
        yield _Name(name, exact=len(letters) <= 3 and letters.isupper(), capital=name.lower() in ORDINARY_WORDS)


@lru_cache(maxsize=512)
def _country_names(code: str) -> frozenset[str]:
    names = set()
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            names.add(str(countries.name(code)))
    return frozenset(names - {""})


def _names_of_people(row: str, officers: set[str], *, spoke: bool) -> dict[_Name, tuple[str, bool]]:
    """The people of a row; several may stand in one, with commas or semicolons between."""
    names: dict[_Name, tuple[str, bool]] = {}
    for person in (name.strip() for name in re.split(r"[;,]", row)):
        if len(person) <= 3 or _fold(person) in officers or _is_an_office(person):
            continue
        names[_Name(person)] = (person, spoke)
        family = person.split()[-1]
        if family != person and len(family) > 2:
            names.setdefault(_Name(family, capital=True), (person, spoke))
    return names


def _is_an_office(person: str) -> bool:
    words = {_fold(str(label)) for label in Attendance.Capacity.labels} | {"executive director", "secretariat", "chair"}
    return _fold(person) in words


# Finding them


def _fold_letter(letter: str) -> str:
    """A letter as it is compared: without accent, in Latin script; nothing for what is invisible."""
    if letter.isspace():
        return " "
    letters = unicodedata.normalize("NFKD", letter.translate(LOOK_ALIKES))
    kept = "".join(c for c in letters if not unicodedata.combining(c) and unicodedata.category(c) not in ("Cf", "Cc"))
    if kept in ("’", "ʼ", "‘", "´", "`"):
        return "'"
    if kept and unicodedata.category(kept[0]) == "Pd":
        return "-"
    return kept.replace("ø", "o").replace("Ø", "O").replace("œ", "oe").replace("æ", "ae")


def _fold(text: str) -> str:
    return " ".join("".join(_fold_letter(letter) for letter in text).casefold().split())


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, case kept, and for each of its letters the place in the text itself."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for kept in _fold_letter(letter):
            letters.append(kept)
            places.append(place)
    return "".join(letters), places


Patterns = Sequence[tuple[re.Pattern[str], Mapping[str, _Name]]]


@lru_cache(maxsize=64)
def _patterns(names: frozenset[_Name]) -> Patterns:
    """One pattern for the names written in any case, one for those in capitals alone."""
    patterns = []
    for exact in (False, True):
        by_key: dict[str, _Name] = {}
        # In an order of their own, so that of two names written alike the same one counts every time.
        for name in sorted(names, key=lambda name: (name.capital, name.text)):
            if name.exact == exact:
                by_key.setdefault(_key(name.text), name)
        if not by_key:
            continue
        # The longest first: "United States of America" before "United States".
        ordered = sorted(by_key, key=lambda key: (-len(key), key))
        words = "|".join(re.escape(key).replace(r"\ ", r"[\s-]+") for key in ordered)
        # A name ends where its letters end: figures (a footnote's) and underscores beside it hide nothing.
        pattern = re.compile(rf"(?<![^\W\d_])(?:{words})(?:'?s)?(?![^\W\d_])", re.NOFLAG if exact else re.IGNORECASE)
        patterns.append((pattern, {key if exact else key.casefold(): name for key, name in by_key.items()}))
    return patterns


def _key(text: str) -> str:
    """A name as patterns hold it: folded, with single spaces in place of hyphens."""
    folded = "".join(_fold_letter(letter) for letter in text)
    return " ".join(folded.replace("-", " ").split())


def _find(where: str, text: str, patterns: Patterns, names: Mapping[_Name, tuple[str, bool]]) -> Iterator[Attribution]:
    folded, places = _folded(text)
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, int, _Name]] = []
    for pattern, by_key in patterns:
        for match in pattern.finditer(folded):
            name = _name_of(match[0], by_key)
            if name is None or (name.capital and not match[0][0].isupper()):
                continue
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            found.append((places[match.start()], places[match.end() - 1] + 1, name))
    for start, end, name in sorted(found, key=lambda one: one[:2]):
        of, spoke = names[name]
        first, last = max(start - AROUND, 0), min(end + AROUND, len(text))
        yield Attribution(
            part=where,
            name=_one_line(text[start:end]),
            before=("…" if first else "") + _one_line(text[first:start], keep_end=True),
            after=_one_line(text[end:last], keep_start=True) + ("…" if last < len(text) else ""),
            of=of,
            spoke=spoke,
        )


def _name_of(written: str, by_key: Mapping[str, _Name]) -> _Name | None:
    key = " ".join(written.replace("-", " ").split())
    for ending in ("", "s", "'s"):
        stem = key.removesuffix(ending)
        name = by_key.get(stem) or by_key.get(stem.casefold())
        if name is not None:
            return name
    return None


def _one_line(text: str, *, keep_start: bool = False, keep_end: bool = False) -> str:
    """The words in one line; a space at the ends stays where a name follows or went before."""
    line = " ".join(text.split())
    return f"{' ' if keep_start and text[:1].isspace() else ''}{line}{' ' if keep_end and text[-1:].isspace() else ''}"

"""Facts that the head of a summary names: number, date, place, chair, attendance; in English and French."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january janvier jan", "february fevrier feb", "march mars mar", "april avril apr", "may mai",
            "june juin jun", "july juillet jul", "august aout aug", "september septembre sept sep",
            "october octobre oct", "november novembre nov", "december decembre dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
ORDINALS = {
    name: number
    for number, names in enumerate(
        (
            "first premier premiere", "second deuxieme seconde", "third troisieme", "fourth quatrieme",
            "fifth cinquieme", "sixth sixieme", "seventh septieme", "eighth huitieme", "ninth neuvieme",
            "tenth dixieme", "eleventh onzieme", "twelfth douzieme", "thirteenth treizieme", "fourteenth quatorzieme",
            "fifteenth quinzieme", "sixteenth seizieme", "seventeenth dix-septieme", "eighteenth dix-huitieme",
            "nineteenth dix-neuvieme", "twentieth vingtieme", "twenty-first vingt-et-unieme",
            "twenty-second vingt-deuxieme", "twenty-third vingt-troisieme", "twenty-fourth vingt-quatrieme",
            "twenty-fifth vingt-cinquieme", "twenty-sixth vingt-sixieme", "twenty-seventh vingt-septieme",
            "twenty-eighth vingt-huitieme", "twenty-ninth vingt-neuvieme", "thirtieth trentieme",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATES = (
    (re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b"), "ymd"),
    (
        re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th|er|e)?\s+(?:of\s+|de\s+)?({_MONTH})\.?,?\s+(?:de\s+)?(\d{{4}})\b"),
        "dmy",
    ),
    (re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b"), "mdy"),
    (re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b"), "dmy"),
)
_EVENT = r"(?:exchange|meeting|session|seance|echange|reunion|rencontre)s?"
_ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True))
_NUMBERS = (
    re.compile(rf"\b({_ORDINAL})\s+(?:\w+\s+){{0,4}}?{_EVENT}\b"),
    re.compile(rf"\b(\d{{1,3}})(?:st|nd|rd|th|er|re|e|eme|ieme)\s+(?:\w+\s+){{0,4}}?{_EVENT}\b"),
    re.compile(rf"\b{_EVENT}\s+(?:no|n|number|numero|#)[.°o]*\s*(\d{{1,3}})\b"),
    re.compile(r"\b[a-z]+-wg/(\d{1,3})\b"),
    re.compile(rf"\b{_EVENT}\s+(\d{{1,3}})\b"),
)
_LABELS = {
    "date": ("date", "day", "held on", "jour", "date de la reunion"),
    "place": ("place", "venue", "location", "lieu", "endroit"),
    "chair": ("chair", "chairman", "chairperson", "chaired by", "presidence", "president", "presidente"),
    "attendance": ("attendance", "participants", "participation", "present", "attended by", "presents"),
    "title": ("subject", "topic", "theme", "title", "objet", "sujet", "titre"),
}
_ATTENDED = re.compile(
    r"attended by|took part|in attendance|were present|participated|ont participe|ont pris part|etaient presents|"
    r"en presence de"
)
_COUNTED = re.compile(
    r"\b(\d{1,3}|" + "|".join(("ten", "eleven", "twelve", "fifteen", "twenty", "quinze", "douze", "vingt")) + r")\s+"
    r"(?:montreux document\s+)?(?:participants?|etats|states|delegations?)\b"
)
_WORDS = {"ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "quinze": 15, "douze": 12, "vingt": 20}
_CHAIRED = re.compile(r"(?:chaired by|under the chairmanship of|sous la présidence de)\s+([^.;]{3,120})", re.IGNORECASE)
_PLACE_AND_DATE = re.compile(rf"^\s*([A-ZÉÈÎ][\w’' -]{{2,30}}),\s+(?:\w+\s+)?(?:\d{{1,2}}|{_MONTH})\b", re.IGNORECASE)
_IN_PLACE = re.compile(r"\b(?:held in|met in|in|à|at)\s+([A-ZÉÈÎ][\w’'-]+(?:\s[A-ZÉÈÎ][\w’'-]+)?)")
FRENCH = re.compile(r"\b(?:le|la|les|des|du|une|est|dans|pour|sur|été|aux|avec)\b")
ENGLISH = re.compile(r"\b(?:the|of|and|to|in|was|for|that|with|on)\b")


@dataclass
class Facts:
    """What was found; empty where nothing was. `uses` says, by its place among the lines, what a line was used for."""

    number: int | None = None
    date: str = ""
    place: str = ""
    chair: str = ""
    title: str = ""
    attendance: str = ""
    participants: int | None = None


def folded(text: str) -> str:
    """In small letters without accents, apostrophes made straight."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("\xa0", " ").replace("\u202f", " "))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()


def date_in(text: str) -> str:
    """The first date in a text, as ``2018-06-06``; empty where there is none. Figures alone are day, month, year."""
    found: list[tuple[int, str]] = []
    plain = folded(text)
    for pattern, order in _DATES:
        for match in pattern.finditer(plain):
            parts = dict(zip(order, match.groups(), strict=True))
            month = MONTHS.get(parts["m"]) or (int(parts["m"]) if parts["m"].isdecimal() else 0)
            try:
                day = date(int(parts["y"]), month, int(parts["d"]))
            except ValueError:
                continue
            if 1990 <= day.year <= 2100:
                found.append((match.start(), day.isoformat()))
    return min(found)[1] if found else ""


def number_in(text: str) -> int | None:
    """The number of a meeting in a text: ``ninth exchange``, ``9th``, ``neuvième échange``, ``ICoCA-WG/9``."""
    plain = folded(text)
    for pattern in _NUMBERS:
        if found := pattern.search(plain):
            said = found[1]
            number = ORDINALS.get(said) or (int(said) if said.isdecimal() else 0)
            if 0 < number < 1000:
                return number
    return None


def labelled(line: str) -> tuple[str, str]:
    """Which fact a line gives under its label, and its words: ``("chair", "Ian McKay")``; empty where it does not."""
    label, colon, words = line.partition(":")
    plain = folded(label).strip(" *_")
    if colon and words.strip():
        for name, labels in _LABELS.items():
            if plain in labels:
                return name, words.strip()
    return "", ""


def facts_of(lines: Iterable[str], prose: Iterable[str]) -> tuple[Facts, list[set[str]]]:
    """The facts that the lines of a head give, and for each line what it was used for. What no line gives is looked for
    in the first paragraphs (`prose`)."""
    facts = Facts()
    uses = [_take(facts, line, is_line=True) for line in lines]
    for paragraph in prose:
        _take(facts, paragraph, is_line=False)
    return facts, uses


def _take(facts: Facts, text: str, *, is_line: bool) -> set[str]:
    used: set[str] = set()

    def give(name: str, value: object) -> None:
        if value and not getattr(facts, name):
            setattr(facts, name, value)
            used.add(name)

    name, words = labelled(text) if is_line else ("", "")
    if name in ("place", "chair", "title"):
        give(name, words)
    give("number", number_in(text))
    give("date", date_in(text))
    if name == "attendance" or _ATTENDED.search(folded(text)):
        give("attendance", (words or text)[:500])
        if counted := _COUNTED.search(folded(text)):
            give("participants", _WORDS.get(counted[1]) or int(counted[1] if counted[1].isdecimal() else 0))
    if found := _CHAIRED.search(text):
        give("chair", found[1].strip())
    if "date" in used and not facts.place:
        found = _PLACE_AND_DATE.match(text) or _IN_PLACE.search(text)
        if found and folded(found[1]) not in MONTHS:
            give("place", found[1].strip())
    return used


def language_of(text: str) -> str:
    """``fr`` or ``en``, by its small words."""
    plain = text.lower()
    return "fr" if len(FRENCH.findall(plain)) > len(ENGLISH.findall(plain)) else "en"

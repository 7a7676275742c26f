"""Which characters the shipped fonts can print."""

from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent.parent / "fonts"
MISSING = "□"

#: Characters that shape or divide text and have no form of their own: no font needs them.
_INVISIBLE = frozenset("\t\n \u00a0\u00ad\u2060\ufeff").union(
    map(chr, range(0x200B, 0x2010)), map(chr, range(0x202A, 0x202F)), map(chr, range(0x2066, 0x206A))
)
#: Choose between two drawings of a character; where no font offers the choice they only harm.
_SELECTORS = dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))


@lru_cache(maxsize=1)
def printable_characters() -> frozenset[str]:
    """Every character that one of the shipped fonts holds. Read once per process."""
    characters: set[str] = set(_INVISIBLE)
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            characters.update(map(chr, font.getBestCmap()))
    return frozenset(characters)


def replace_missing(text: str) -> str:
    """The text with ``MISSING`` for each character that no font holds: PDF/UA-1 refuses a character without a form."""
    text = text.translate(_SELECTORS)
    missing = set(text) - printable_characters()
    return text.translate({ord(character): MISSING for character in missing}) if missing else text

"""The marks by which a form is known again: a key beside each question, and where the file comes from.

All of them are hints. What may be written is decided by who is signed in, never by what a file says of itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

KEY = re.compile(r"\[\s*Q\s*([0-9]{1,9})\s*\]", re.IGNORECASE)
BOOKMARK = re.compile(r"a_q([0-9]{1,9})(?:_[0-9]+)?")
TAG = re.compile(r"q([0-9]{1,9})(?::(.*))?", re.DOTALL)
STAMP = re.compile(r"\[F ([A-Z0-9]{1,12}) ([0-9]{1,5}) (\S{1,40}) ([0-9]{8}T[0-9]{12}Z)\]")
MOMENT = "%Y%m%dT%H%M%S%fZ"

QUESTIONNAIRE, EDITION, RESPONSE, WRITTEN, VERSIONS = (
    "Questionnaire",
    "Edition",
    "Response of",
    "Written",
    "Answer versions",
)
BLANK = "-"
#: As many answers as a property holds, and so many properties, are taken; a form has at most a few hundred questions.
LONGEST_VERSIONS, MOST_PROPERTIES = 240, 200


def key(question: int) -> str:
    """What stands in the first cell of a question's table."""
    return f"[Q{question}]"


def bookmark(question: int) -> str:
    return f"a_q{question}"


def tag(question: int, choice: str = "") -> str:
    """The tag of a control; `choice` is the key of what the control chooses."""
    return f"q{question}:{choice}" if choice else f"q{question}"


def read_tag(text: str) -> tuple[int, str] | None:
    match = TAG.fullmatch(text)
    return (int(match[1]), match[2] or "") if match else None


@dataclass(frozen=True)
class Origin:
    """What a form says of itself: of which questionnaire and edition, of whose response, and when it was written.

    `response` is the code of a delegation, empty for a blank form. `versions` are those of the answers that stand in
    it, by question; None where that got lost, and then the moment has to do.
    """

    questionnaire: str
    edition: int
    response: str
    written_at: datetime
    versions: Mapping[int, int] | None = None

    @property
    def stamp(self) -> str:
        """The line in the foot of each page."""
        moment = self.written_at.astimezone(UTC).strftime(MOMENT)
        return f"[F {self.questionnaire} {self.edition} {self.response or BLANK} {moment}]"

    def properties(self) -> dict[str, str]:
        """The texts that travel as properties of the file."""
        found = {
            QUESTIONNAIRE: self.questionnaire,
            EDITION: str(self.edition),
            RESPONSE: self.response or BLANK,
            WRITTEN: self.written_at.astimezone(UTC).strftime(MOMENT),
        }
        if self.versions is not None:
            for number, line in enumerate(_lines(self.versions), 1):
                found[f"{VERSIONS} {number}"] = line
        return found

    @classmethod
    def read(cls, properties: Mapping[str, str], foot: str) -> Origin | None:
        """From the properties; from the stamp in the foot where a program dropped those. None if there is neither."""
        try:
            return cls(
                questionnaire=properties[QUESTIONNAIRE],
                edition=int(properties[EDITION]),
                response=_whose(properties[RESPONSE]),
                written_at=datetime.strptime(properties[WRITTEN], MOMENT).replace(tzinfo=UTC),
                versions=_versions(properties),
            )
        except (KeyError, ValueError):
            pass
        match = STAMP.search(foot)
        if match is None:
            return None
        try:
            moment = datetime.strptime(match[4], MOMENT).replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(match[1], int(match[2]), _whose(match[3]), moment)


def _whose(text: str) -> str:
    return "" if text == BLANK else text


def _lines(versions: Mapping[int, int]) -> list[str]:
    lines = [""]
    for question, version in versions.items():
        pair = f"{question}:{version} "
        if len(lines[-1]) + len(pair) > LONGEST_VERSIONS:
            lines.append("")
        lines[-1] += pair
    return [line.strip() or BLANK for line in lines]


def _versions(properties: Mapping[str, str]) -> dict[int, int] | None:
    lines = [properties.get(f"{VERSIONS} {number}", "") for number in range(1, MOST_PROPERTIES)]
    if not lines[0]:
        return None
    pairs = re.findall(r"([0-9]{1,9}):([0-9]{1,9})(?= |$)", " ".join(line for line in lines if line))
    return {int(question): int(version) for question, version in pairs}

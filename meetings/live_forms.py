"""What a note-taker types: read leniently, so that no text is refused for what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from icoca_portal.lib.numbers import number_in
from meetings.delegations import Choices
from meetings.models import Note


@dataclass
class Typed:
    """A note as it was typed. `problem` says what of it could not be taken as it was."""

    key: UUID
    version: int
    kind: str
    delegation: Any
    delegation_text: str
    speaker: str
    text: str
    problem: str = ""

    @property
    def said(self) -> dict[str, Any]:
        """What `operations.write_note` takes of it."""
        return {"kind": self.kind, "delegation": self.delegation, "speaker": self.speaker, "text": self.text}


def key_in(data: QueryDict) -> UUID:
    """The key that the page drew; a new one if it names none."""
    try:
        return UUID(data.get("key", ""))
    except ValueError:
        return uuid4()


def read_note(data: QueryDict, choices: Choices) -> Typed:
    """The note that was typed. A delegation that is not on the list is taken for the speaker, which loses nothing."""
    kind = data.get("kind", "")
    typed, speaker = data.get("delegation", "").strip(), data.get("speaker", "").strip()
    delegation, problem = choices.find(typed), ""
    if typed and delegation is None:
        speaker = speaker if typed in speaker else ", ".join(part for part in (speaker, typed) if part)
        problem = _("“%(typed)s” is no delegation on the list. It is noted as the speaker.") % {"typed": typed}
    return Typed(
        key=key_in(data),
        version=number_in(data, "version"),
        kind=kind if kind in Note.Kind.values else Note.Kind.NOTE,
        delegation=delegation,
        delegation_text=str(delegation) if delegation else "",
        speaker=speaker,
        text=data.get("text", ""),
        problem=problem,
    )

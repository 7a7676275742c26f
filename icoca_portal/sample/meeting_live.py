"""What a note-taker has on the screen of the tenth exchange: invented, and says so.

Nothing is on record of who said what at the ninth exchange, so its notes stay empty.
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from meetings import operations
from meetings.models import AgendaItem, Meeting, Note
from members.models import Delegation, User

ITEMS = (
    ("Sample: follow-up of the ninth exchange", AgendaItem.Kind.ITEM),
    ("Sample: the Strategic Plan after the questionnaire", AgendaItem.Kind.ITEM),
    ("Any other business", AgendaItem.Kind.AOB),
)

#: Code of the delegation, kind, speaker, text.
NOTES = (
    ("", Note.Kind.NOTE, "", "Sample note: the secretariat recalls what was agreed in June."),
    ("se", Note.Kind.QUESTION, "Sample Speaker Alder", "when the sample text of the plan goes round again"),
    ("", Note.Kind.REPLY, "Sample Director Rowan", "that the sample text comes two weeks before the exchange"),
    ("pt", Note.Kind.PROPOSAL, "Sample Speaker Birch", "that sample comments be sent in writing until then"),
)


def load(meeting: Meeting, *, by: User, chair: User) -> int:
    """Give the planned exchange a sample agenda if it has none, and sample notes if nobody has noted anything; returns
    how many notes were added."""
    if meeting.state != Meeting.State.PLANNED or Note.objects.filter(item__meeting=meeting).exists():
        return 0
    if not meeting.items.exists():
        AgendaItem.objects.bulk_create(
            AgendaItem(
                meeting=meeting, position=position, title=title, kind="aob" if position == len(ITEMS) else "item"
            )
            for position, (title, kind) in enumerate(ITEMS, start=1)
        )
    meeting.has_speakers_list = True
    meeting.save(update_fields=["has_speakers_list"])
    item = meeting.items.order_by("position")[0]
    delegations = {row.code.lower(): row for row in Delegation.objects.select_related("organisation")}
    for number, (code, kind, speaker, text) in enumerate(NOTES):
        operations.write_note(
            item,
            key=uuid5(NAMESPACE_URL, f"sample-note-{number}"),
            version=0,
            kind=kind,
            delegation=delegations.get(code),
            speaker=speaker,
            text=text,
            by=by if number % 2 else chair,
        )
    return len(NOTES)

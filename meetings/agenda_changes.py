"""What changed between two texts of an agenda: items and the facts of the meeting. Pure functions.

Items are known by their keys, so one that was worded anew or got another number is the same one. That a number moved on
because an item came in before it is no change of that item.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from icoca_portal.lib.sequences import moved_between
from icoca_portal.lib.wording import Reworded
from meetings.agenda_texts import Agenda, AgendaLine, ItemRow, same_text, working_copy
from meetings.models import AgendaItem, Meeting


@dataclass(frozen=True)
class ItemChange:
    """What happened to one item. `line` is as it reads now; for one that was taken out, as it read."""

    kind: str
    """``added``, ``removed`` or ``changed``."""
    line: AgendaLine
    before: AgendaLine | None = None
    texts: list[Reworded] = field(default_factory=list)
    moved: bool = False

    @property
    def was(self) -> str:
        """The number it had, where it has another one now."""
        return self.before.number if self.before and self.before.number != self.line.number else ""

    @property
    def sentences(self) -> list[str]:
        """The change in plain text, a sentence a line."""
        words = {"heading": self.line.heading, "was": self.was}
        if self.kind == "added":
            return [_("New: %(heading)s") % words]
        if self.kind == "removed":
            return [_("Taken out: %(heading)s") % words]
        found = []
        if self.moved:
            found.append(
                (_("Moved: %(heading)s (it was %(was)s)") if self.was else _("Moved: %(heading)s")) % words,
            )
        return found + [f"{self.line.heading}. {text.sentence}" for text in self.texts]


@dataclass(frozen=True)
class AgendaComparison:
    """The changes from one text to another, in the order of the newer one; what was taken out comes last."""

    old: Agenda
    new: Agenda
    facts: list[Reworded]
    """Of the meeting."""
    items: list[ItemChange]

    def __bool__(self) -> bool:
        return bool(self.facts or self.items)

    @property
    def added(self) -> list[ItemChange]:
        return [change for change in self.items if change.kind == "added"]

    @property
    def changed(self) -> list[ItemChange]:
        return [change for change in self.items if change.kind == "changed"]

    @property
    def removed(self) -> list[ItemChange]:
        return [change for change in self.items if change.kind == "removed"]

    @property
    def sentences(self) -> list[str]:
        """All changes in plain text, for messages and the secretariat's screen."""
        return [fact.sentence for fact in self.facts] + [text for item in self.items for text in item.sentences]


def compare_agendas(old: Agenda, new: Agenda) -> AgendaComparison:
    """What differs, in the reader's language. What was left out for the reader is not compared."""
    before = {line.pk: line for line in old.lines}
    after = {line.pk for line in new.lines}
    moved = moved_between(_places(old), _places(new))
    items = []
    for line in new.lines:
        was = before.get(line.pk)
        if was is None:
            items.append(ItemChange("added", line))
            continue
        texts = _texts(was, line)
        if texts or line.pk in moved:
            items.append(ItemChange("changed", line, was, texts, line.pk in moved))
    items += [ItemChange("removed", line) for line in old.lines if line.pk not in after]
    return AgendaComparison(old, new, compare_facts(old, new), items)


def pending_changes(circulated: Agenda, meeting: Meeting, rows: Sequence[ItemRow] | None = None) -> list[str]:
    """What the working copy says otherwise than the text that was circulated, in sentences."""
    copy = working_copy(meeting, rows)
    return [] if same_text(circulated.content, copy.content) else compare_agendas(circulated, copy).sentences


def compare_facts(old: Agenda, new: Agenda) -> list[Reworded]:
    """The facts of the meeting that read differently."""
    return [
        Reworded(label, before, value)
        for (_key, label, value), (_same, _label, before) in zip(new.facts, old.facts, strict=True)
        if value != before
    ]


def _places(agenda: Agenda) -> list[tuple[int, int]]:
    """Each item with the one that it stands under; 0 for none."""
    places, top = [], 0
    for line in agenda.lines:
        if line.depth == 0:
            top = line.pk
        places.append((line.pk, top if line.depth else 0))
    return places


def _texts(old: AgendaLine, new: AgendaLine) -> list[Reworded]:
    kinds = dict(AgendaItem.Kind.choices)
    pairs = [
        (_("Title"), old.title, new.title),
        (_("Introduced by"), old.presenter, new.presenter),
        (_("Note"), old.note, new.note),
        (_("Kind"), str(kinds.get(old.kind, old.kind)), str(kinds.get(new.kind, new.kind))),
        (_("At"), _hour(old), _hour(new)),
        (_("Time planned"), old.length, new.length),
        (_("Documents"), _listed(old.papers), _listed(new.papers)),
        (_("Follow-ups taken up"), _listed(old.follow_ups), _listed(new.follow_ups)),
    ]
    return [Reworded(label, before, after) for label, before, after in pairs if before != after]


def _hour(line: AgendaLine) -> str:
    return time_format(line.given, "TIME_FORMAT") if line.given else ""


def _listed(rows: Iterable[object]) -> str:
    return "; ".join(str(row) for row in rows)

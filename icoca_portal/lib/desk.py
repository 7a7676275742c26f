"""What waits for a person: the one shape in which every app reports it to the front page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from icoca_portal.lib.days import geneva


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for a person.

    `due` is a day in Geneva or an aware moment, or None where nothing is set. `action` is the label of the link that
    does it (a verb: "Approve the summary"), empty where there is only something to read under `url`. `kind` names what
    it is (``approve_summary``, ``read_agenda``), so that a page can sort or count them.
    """

    title: str
    url: str
    kind: str
    due: date | datetime | None = None
    detail: str = ""
    action: str = ""

    @property
    def due_moment(self) -> datetime | None:
        """When it is due: a day is over at its midnight in Geneva."""
        if self.due is None or isinstance(self.due, datetime):
            return self.due
        return datetime.combine(self.due, time.max, tzinfo=geneva())


def by_due(things: Iterable[Waiting]) -> list[Waiting]:
    """The first due first, what has no date last; in the order given where they are equal."""
    far = datetime.max.replace(tzinfo=geneva())
    return sorted(things, key=lambda thing: thing.due_moment or far)

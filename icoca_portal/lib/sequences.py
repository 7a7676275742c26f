"""What moved between two orders of the same things. Pure functions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any


def moved_between(before: Sequence[tuple[int, Any]], after: Sequence[tuple[int, Any]]) -> set[int]:
    """The ids that stand under something else, or before others that they stood behind; as few of them as explain it.

    Each list holds what stands there, by its id, with what it stands under, in order.
    """
    sections = dict(before)
    common = [pk for pk, section in after if pk in sections]
    elsewhere = {pk for pk, section in after if pk in sections and sections[pk] != section}
    staying = [pk for pk in common if pk not in elsewhere]
    place = {pk: number for number, (pk, _section) in enumerate(before)}
    return elsewhere | (set(staying) - _longest_rising(staying, place))


def _longest_rising(ids: Sequence[int], place: Mapping[int, int]) -> set[int]:
    """The ids of a longest run that keeps its former order."""
    ends: list[int] = []
    last: list[int] = []
    previous: dict[int, int | None] = {}
    for pk in ids:
        at = bisect_left(ends, place[pk])
        previous[pk] = last[at - 1] if at else None
        ends[at : at + 1], last[at : at + 1] = [place[pk]], [pk]
    kept: set[int] = set()
    pk_: int | None = last[-1] if last else None
    while pk_ is not None:
        kept.add(pk_)
        pk_ = previous[pk_]
    return kept

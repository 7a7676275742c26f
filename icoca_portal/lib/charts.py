"""Charts drawn on the server: rows of bars in a real table, and the table of seats. No script, no inline style.

``templates/includes/_bars.html`` and ``templates/includes/_seats.html`` print them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import cos, pi, radians, sin

from django.utils.functional import Promise

Text = str | Promise

#: The drawing is a square of this side, its centre in the middle.
SIZE = 500
CENTRE = SIZE / 2
#: The arcs from inside to outside: their radius, and the stroke they are drawn with (in the style sheet).
RADII = (130.0, 178.0, 226.0)
#: The table is open to the right by twice this angle, where the chair faces the room.
OPENING = radians(38)
#: Between two seats, along the arc; less where the seats are smaller than that.
GAP = 5.0
#: A seat is no longer than this, so that two participants do not look like two walls.
LONGEST_SEAT = 72.0
#: The labels of the arcs stand under the last seats, in the opening.
LABEL_ANGLE = radians(32.2)
LABEL_OFFSET = 3.0


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart: ``width`` runs from 0 to 100, ``shown`` is the figure as the reader sees it."""

    label: Text
    width: str
    shown: Text


class Bars:
    """A table with a bar in its middle cell.

    ``rows`` are (label, value, shown). The longest bar is ``maximum``, or the largest value when none is given;
    percentages give 100. A value below 0 draws no bar, one above the maximum a full one.
    """

    def __init__(self, caption: Text, rows: Sequence[tuple[Text, float, Text]], maximum: float | None = None) -> None:
        self.caption = caption
        largest = max((float(value) for _, value, _ in rows), default=0.0) if maximum is None else float(maximum)
        self.rows = [Bar(label, _width(float(value), largest), shown) for label, value, shown in rows]


def _width(value: float, largest: float) -> str:
    share = 100 * min(max(value / largest, 0.0), 1.0) if largest > 0 else 0.0
    # Written by us and not by the template: a number in a French page would carry a comma, which SVG does not read.
    return f"{share:.4f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class SeatPath:
    """The seats of one colour: the class of the style sheet and the ``d`` of one path."""

    name: str
    d: str


@dataclass(frozen=True)
class SeatLabel:
    """The words at the end of an arc and where they stand."""

    text: Text
    x: str
    y: str


@dataclass(frozen=True)
class Seats:
    """The table of seats, ready to print: the total in the middle, the paths, the labels of the arcs."""

    total: int
    paths: Sequence[SeatPath]
    labels: Sequence[SeatLabel]


def seats(groups: Sequence[tuple[Text, int, Collection[int]]]) -> Seats:
    """The horseshoe table with one seat for each participant.

    Each group is (label, how many, which of them are gold) and makes one arc, from inside to outside; at most three.
    Seats are counted from 0, from the lower right around the table to the upper right. One path per colour: ``s1`` to
    ``s3`` for the arcs, ``s4`` for the gold seats of all arcs. Raises ValueError for a fourth group.
    """
    if len(groups) > len(RADII):
        raise ValueError(f"At most {len(RADII)} arcs, not {len(groups)}")
    colours: list[list[str]] = [[] for _ in range(len(RADII) + 1)]
    labels = []
    for arc, ((label, number, gold), radius) in enumerate(zip(groups, RADII, strict=False)):
        for position, seat in enumerate(_arc(radius, number)):
            colours[-1 if position in gold else arc].append(seat)
        if number:
            reach = radius + LABEL_OFFSET
            x, y = _point(reach, LABEL_ANGLE)
            labels.append(SeatLabel(label, x, y))
    paths = [SeatPath(f"s{index}", "".join(drawn)) for index, drawn in enumerate(colours, start=1) if drawn]
    return Seats(sum(number for _, number, _ in groups), paths, labels)


def _arc(radius: float, number: int) -> list[str]:
    """The seats of one arc, each a piece of the circle, with gaps of one width between them."""
    if number < 1:
        return []
    span = 2 * (pi - OPENING)
    gap = min(GAP / radius, span / number / 4)
    slot = (span + gap) / number
    length = min(slot - gap, LONGEST_SEAT / radius)
    # Short seats stand in the middle of their slots.
    first = OPENING + (slot - gap - length) / 2
    starts = accumulate([slot] * (number - 1), initial=first)
    return [_piece(radius, start, start + length) for start in starts]


def _piece(radius: float, start: float, end: float) -> str:
    x1, y1 = _point(radius, start)
    x2, y2 = _point(radius, end)
    return f"M{x1} {y1}A{radius:g} {radius:g} 0 0 1 {x2} {y2}"


def _point(radius: float, angle: float) -> tuple[str, str]:
    """Where an angle, taken clockwise from the right as the screen has it, meets a circle."""
    return f"{CENTRE + radius * cos(angle):.1f}", f"{CENTRE + radius * sin(angle):.1f}"

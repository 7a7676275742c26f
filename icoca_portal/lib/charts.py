"""Charts drawn on the server: bars in a real table, lines over time, the table of seats. No script, no inline style.

``templates/includes/_bars.html``, ``_lines.html`` and ``_seats.html`` print them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
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
    """One row of a bar chart: ``width`` runs from 0 to 100, ``shown`` is the figure as the reader sees it; ``address``
    is where its label leads, if anywhere."""

    label: Text
    width: str
    shown: Text
    address: str = ""


class Bars:
    """A table with a bar in its middle cell.

    ``rows`` are (label, value, shown). The longest bar is ``maximum``, or the largest value when none is given;
    percentages give 100. A value below 0 draws no bar, one above the maximum a full one. ``addresses`` gives each row
    its link, "" for none.
    """

    def __init__(
        self,
        caption: Text,
        rows: Sequence[tuple[Text, float, Text]],
        maximum: float | None = None,
        addresses: Sequence[str] | None = None,
    ) -> None:
        self.caption = caption
        largest = max((float(value) for _, value, _ in rows), default=0.0) if maximum is None else float(maximum)
        self.rows = [
            Bar(label, _width(float(value), largest), shown, address)
            for (label, value, shown), address in zip(rows, addresses or [""] * len(rows), strict=True)
        ]


def _width(value: float, largest: float) -> str:
    share = 100 * min(max(value / largest, 0.0), 1.0) if largest > 0 else 0.0
    # Written by us and not by the template: a number in a French page would carry a comma, which SVG does not read.
    return f"{share:.4f}".rstrip("0").rstrip(".")


#: What the lines of one chart are drawn in; the style sheet tells them apart by colour and by dash.
MOST_LINES = 4
#: The drawing of lines is stretched to its place, so that the words around it keep their size.
ACROSS, UP = 1000.0, 100.0
#: The axis has at most this many steps above 0.
MOST_STEPS = 4


@dataclass(frozen=True)
class Line:
    """One line of a chart: the class of the style sheet, the ``d`` of its path, and its figure on each day."""

    label: Text
    name: str
    d: str
    values: Sequence[int]


@dataclass(frozen=True)
class Grid:
    """A line of the grid at ``y``, and the number it stands for."""

    value: int
    y: str


class Lines:
    """Counts over time: lines between the days on which they were counted.

    ``days`` are in order; each series is (label, one figure a day), at most four. ``grid`` runs from the largest number
    down to 0, in equal steps. ``table`` is the same as rows of (day, figures, where the day leads). Raises ValueError
    for a fifth series.
    """

    def __init__(
        self,
        caption: Text,
        days: Sequence[date],
        series: Sequence[tuple[Text, Sequence[int]]],
        addresses: Sequence[str] | None = None,
    ) -> None:
        if len(series) > MOST_LINES:
            raise ValueError(f"At most {MOST_LINES} lines, not {len(series)}")
        self.caption = caption
        self.days = list(days)
        largest = max((value for _, values in series for value in values), default=0)
        step = _step(largest)
        steps = max(1, -(-largest // step))
        top = step * steps
        self.grid = [Grid(step * place, _number(UP - UP * place / steps)) for place in range(steps, -1, -1)]
        self.lines = [
            Line(label, f"s{place}", self._path(values, top), list(values))
            for place, (label, values) in enumerate(series, start=1)
        ]
        self.table = [
            (day, [line.values[place] for line in self.lines], address)
            for place, (day, address) in enumerate(zip(self.days, addresses or [""] * len(self.days), strict=True))
        ]

    def _path(self, values: Sequence[int], top: int) -> str:
        points = [
            f"{_number(across)} {_number(UP - UP * value / top)}"
            for across, value in zip(self._across(), values, strict=True)
        ]
        # One day alone makes a short dash, which can be seen.
        return f"M{points[0]}h12" if len(points) == 1 else "M" + "L".join(points) if points else ""

    def _across(self) -> list[float]:
        """Where each day stands, by the days that lie between."""
        if not self.days:
            return []
        whole = (self.days[-1] - self.days[0]).days or 1
        return [ACROSS * (day - self.days[0]).days / whole for day in self.days]


def _step(largest: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … of which at most ``MOST_STEPS`` reach the largest value."""
    step, factor = 1, 0
    while step * MOST_STEPS < largest:
        factor += 1
        step = (1, 2, 5)[factor % 3] * 10 ** (factor // 3)
    return step


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


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

"""The map of the world, drawn on the server: no tile server, no script.

`world.json` beside it holds a shape for each country, and a point with its size for those that are too small to be
seen; `tools/draw_world.py` made it from Natural Earth (docs/decisions/map.md). A page says what it has to say of which
countries (`Place`), and `templates/includes/_world.html` prints the `Drawing`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

FILE = Path(__file__).with_name("world.json")
#: A country whose largest piece, made a square, is narrower than this part of the drawing is marked with a circle.
SMALLEST_SEEN = 0.0045

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class World:
    """What the file holds. Codes are those of ISO 3166-1 with two letters; XK is Kosovo."""

    box: Box
    near: Box
    """The part that is drawn a second time, enlarged: Europe and the Mediterranean."""
    seen_near: frozenset[str]
    """Who can be seen on it."""
    shapes: Mapping[str, str]
    nobody: str
    """The shape of what has no code."""
    points: Mapping[str, tuple[int, int, int]]
    """Where each country is (x, y), and the side of a square as large as its largest piece."""

    def land(self, without: Iterable[str]) -> str:
        """One shape of all countries but some."""
        left_out = set(without)
        return self.nobody + "".join(shape for code, shape in self.shapes.items() if code not in left_out)


@cache
def world() -> World:
    """The map, read once."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return World(
        box=cast(Box, tuple(found["box"])),
        near=cast(Box, tuple(found["near"])),
        seen_near=frozenset(found["seen_near"]),
        shapes=found["shapes"],
        nobody=found["nobody"],
        points={code: (x, y, side) for code, (x, y, side) in found["points"].items()},
    )


@dataclass(frozen=True)
class Place:
    """What a page says of a country."""

    code: str
    step: str = ""
    """The class of the style sheet that fills it; "" leaves it as the others."""
    words: str = ""
    address: str = ""
    """Where a click on it leads."""
    dotted: bool = False


@dataclass(frozen=True)
class Link:
    """A country that says something under the pointer, and leads somewhere if it has an address."""

    place: Place
    has_shape: bool
    spot: str
    """The path of the circle that stands for it, if it is small."""


@dataclass(frozen=True)
class Frame:
    """A part of the world as it is drawn: its box, the circles of small countries (step, path), dots, and links."""

    name: str
    box: str
    circles: list[tuple[str, str]]
    dots: list[str]
    links: list[Link]


class Drawing:
    """The world with what is said of some countries. A code without a place on the map (Antarctica) is left out."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._world = world()
        said = [place for place in places if place.code in self._world.points]
        filled = [place for place in said if place.code in self._world.shapes]
        self.land = self._world.land([place.code for place in filled])
        self.steps = [
            (step, [(place.code, self._world.shapes[place.code]) for place in filled if place.step == step])
            for step in sorted({place.step for place in filled})
        ]
        near = self._world.seen_near
        self.whole = self._frame("whole", self._world.box, said)
        self.near = self._frame("near", self._world.near, [place for place in said if place.code in near])

    def _frame(self, name: str, box: Box, places: list[Place]) -> Frame:
        smallest = SMALLEST_SEEN * box[2]
        spots = {place.code: _spot(*self._world.points[place.code][:2]) for place in places}
        small = {place.code for place in places if self._world.points[place.code][2] < smallest}
        return Frame(
            name,
            " ".join(map(str, box)),
            [(place.step, spots[place.code]) for place in places if place.code in small],
            [spots[place.code] for place in places if place.dotted],
            [
                Link(place, place.code in self._world.shapes, spots[place.code] if place.code in small else "")
                for place in places
            ],
        )


def _spot(x: int, y: int) -> str:
    """A line of no length: with round ends it is a circle, and as large on each frame."""
    return f"M{x} {y}h0"

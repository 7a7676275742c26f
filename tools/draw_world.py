"""Draws the map of the world that the portal ships: `python -m tools.draw_world PATH/TO/world-atlas-2.0.2.tgz`.

Run by hand, when a newer Natural Earth or another look is wanted; what it writes is kept in the repository. It takes
the npm package `world-atlas` (Natural Earth, public domain, as TopoJSON), reads its countries, projects and simplifies
the borders, so that neighbours still share them, and writes `icoca_portal/lib/world.json`: a path for each country, and
a point for it with the size of its largest piece, so that a page can mark those that are too small to be seen.

The projection is Equal Earth: B. Šavrič, T. Patterson and B. Jenny, “The Equal Earth map projection”, International
Journal of Geographical Information Science, 2018 (doi:10.1080/13658816.2018.1504949). It keeps areas comparable.
"""

from __future__ import annotations

import heapq
import json
import re
import sys
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import asin, cos, hypot, radians, sin, sqrt
from pathlib import Path
from typing import Any

from django_countries.data import COUNTRIES

from tools.steps import ROOT

WORLD = ROOT / "icoca_portal" / "lib" / "world.json"
#: The width of the drawing. Everything in it is a whole number.
WIDTH = 4000
#: What lies south of it is not drawn: nobody has headquarters there.
SOUTHERNMOST = -56.5
#: The part that is drawn a second time, enlarged, in degrees: west, south, east, north; its lower corners lie there.
NEAR = (-9.0, 24.2, 53.0, 62.5)
#: A corner of a border goes if the triangle that it makes with its neighbours is smaller than this: there, elsewhere.
SMALLEST_TRIANGLE = (3.0, 14.0)
#: A piece of a country goes if it is smaller than this, unless it is the largest one: there, elsewhere.
SMALLEST_PIECE = (6.0, 24.0)

#: Where Natural Earth draws who holds an area, and the United Nations count it to a State (M49, as lib/regions does).
COUNTED_TO = {"N. Cyprus": "CY", "Somaliland": "SO", "Kosovo": "XK"}
#: A point in each piece of a country that is counted to another one: Crimea (General Assembly, resolution 68/262).
MOVED = [("RU", "UA", (34.2, 45.2))]

Point = tuple[float, float]
Ring = list[int]
"""Numbers of arcs; a negative one is the complement of an arc that is walked backwards."""
Piece = list[Ring]
"""The border of a piece of land, and those of its holes."""


def equal_earth(longitude: float, latitude: float) -> Point:
    """Where a place lies, in radii of the globe; y grows to the north."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = asin(sqrt(3) / 2 * sin(radians(latitude)))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    x = 2 * sqrt(3) * radians(longitude) * cos(t) / (3 * slope)
    return x, a4 * t**9 + a3 * t**7 + a2 * t**3 + a1 * t


EAST, NORTH = equal_earth(180, 0)[0], equal_earth(0, 83.7)[1]


def placed(longitude: float, latitude: float) -> Point:
    """Where a place lies on the drawing; y grows to the south."""
    x, y = equal_earth(longitude, latitude)
    scale = WIDTH / (2 * EAST)
    return (x + EAST) * scale, (NORTH - y) * scale


# Reading


def read(package: Path, name: str) -> dict[str, Any]:
    """A file of the package."""
    with tarfile.open(package) as archive:
        file = archive.extractfile(f"package/{name}")
        if file is None:
            raise SystemExit(f"{package} has no {name}")
        found: dict[str, Any] = json.load(file)
    return found


def arcs_of(topology: Mapping[str, Any]) -> list[list[Point]]:
    """The arcs of a topology in degrees: each is kept as its first point and the steps from there."""
    (across, up), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for step in steps:
            x, y = x + step[0], y + step[1]
            arc.append((west + x * across, south + y * up))
        arcs.append(list(_unwrapped(arc)))
    return arcs


def _unwrapped(arc: Iterable[Point]) -> Iterator[Point]:
    """An arc that goes on beyond 180 degrees, where it would jump to the other side: Russia stays in one piece."""
    before = None
    for longitude, latitude in arc:
        if before is not None:
            longitude += 360 * round((before - longitude) / 360)
        before = longitude
        yield longitude, latitude


def countries_of(topology: Mapping[str, Any]) -> dict[str, list[Piece]]:
    """The pieces of each country, by its code of two letters; "" for what has none."""
    codes = {number: code for code, number in _numbers().items()}
    found: dict[str, list[Piece]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        code = codes.get(shape.get("id", ""), "") or COUNTED_TO.get(shape["properties"]["name"], "")
        pieces = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        found.setdefault(code, []).extend(pieces)
    return found


def _numbers() -> dict[str, str]:
    """The number of each country in ISO 3166-1, with its zeros."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
    from django_countries import countries

    return {code: str(countries.numeric(code, padded=True)) for code in COUNTRIES}


def zone_points() -> dict[str, Point]:
    """A town of each country, from the list of time zones (public domain): for those that have no shape."""
    found: dict[str, Point] = {}
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, position, *_ = line.split("\t")
        latitude, longitude = (_degrees(part) for part in re.findall(r"[+-]\d+", position))
        found.setdefault(code, (longitude, latitude))
    return found


def _degrees(text: str) -> float:
    """Degrees of ±DDMM, ±DDDMM, ±DDMMSS or ±DDDMMSS."""
    sign, digits = -1 if text[0] == "-" else 1, text[1:]
    whole, rest = (digits[:3], digits[3:]) if len(digits) in (5, 7) else (digits[:2], digits[2:])
    return sign * (int(whole) + int(rest[:2]) / 60 + int(rest[2:] or 0) / 3600)


# Borders


def points_of(ring: Ring, arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """The corners of a ring, the first one not again at the end."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc if not points else arc[1:])
    return points[:-1]


def area_of(points: Sequence[Point]) -> float:
    """The area of a polygon."""
    closed = pairwise([*points, points[0]]) if points else ()
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in closed)) / 2


def joined(pieces: Iterable[Piece], arcs: Sequence[Sequence[Point]]) -> Iterator[Ring]:
    """The borders of a country's pieces, without those that lie between two of them."""
    rings = [ring for piece in pieces for ring in piece]
    numbers = {number for ring in rings for number in ring}
    inner = {number for number in numbers if ~number in numbers}
    yield from (ring for ring in rings if inner.isdisjoint(ring))
    ends = {
        number: (arcs[number][0], arcs[number][-1]) if number >= 0 else (arcs[~number][-1], arcs[~number][0])
        for number in numbers
    }
    loose = [number for ring in rings if not inner.isdisjoint(ring) for number in ring if number not in inner]
    while loose:
        ring = [loose.pop(0)]
        while ends[ring[-1]][1] != ends[ring[0]][0]:
            following = next(number for number in loose if ends[number][0] == ends[ring[-1]][1])
            loose.remove(following)
            ring.append(following)
        yield ring


def holds(points: Sequence[Point], point: Point) -> bool:
    """Whether a polygon holds a point."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in pairwise([*points, points[0]]):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def simplified(arc: Sequence[Point]) -> list[Point]:
    """An arc without its least corners (Visvalingam and Whyatt, 1993); its ends stay, for others meet it there."""
    before, after = list(range(-1, len(arc) - 1)), list(range(1, len(arc) + 1))
    gone = [False] * len(arc)

    def weight(place: int) -> float:
        # Beside the smallest that is kept there.
        size = area_of([arc[before[place]], arc[place], arc[after[place]]])
        return size / _smallest(SMALLEST_TRIANGLE, arc[place])

    waiting = [(weight(place), place) for place in range(1, len(arc) - 1)]
    weights = {place: each for each, place in waiting}
    heapq.heapify(waiting)
    while waiting:
        least, place = heapq.heappop(waiting)
        if least >= 1:
            break
        if gone[place] or weights[place] != least:
            continue
        gone[place] = True
        left, right = before[place], after[place]
        after[left], before[right] = right, left
        for each in (left, right):
            if 0 < each < len(arc) - 1:
                # What was weighed as heavier already is not taken before it.
                weights[each] = max(least, weight(each))
                heapq.heappush(waiting, (weights[each], each))
    return [point for point, is_gone in zip(arc, gone, strict=True) if not is_gone]


def whole(arc: Iterable[Point]) -> list[Point]:
    """An arc on whole numbers, without steps of no length."""
    points: list[Point] = []
    for x, y in arc:
        point = (round(x), round(y))
        if not points or points[-1] != point:
            points.append(point)
    return points


def path_of(pieces: Iterable[Sequence[Point]]) -> str:
    """The `d` of a path: the first corner of each ring, then the steps from corner to corner."""
    return "".join(_path(points) for points in pieces)


def _path(points: Sequence[Point]) -> str:
    (x, y), *_ = points
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(points)]
    text = f"M{x:g} {y:g}l" + " ".join(f"{across:g} {down:g}" for across, down in steps) + "z"
    return text.replace(" -", "-")


def inner_point(points: Sequence[Point]) -> Point:
    """A point well inside a polygon: of a grid over it, the one that lies farthest from the border."""
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    west, north, across, down = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
    grid = [(west + across * (i + 0.5) / 24, north + down * (j + 0.5) / 24) for i in range(24) for j in range(24)]
    inside = [point for point in grid if holds(points, point)] or [(west + across / 2, north + down / 2)]
    return max(inside, key=lambda point: min(_distance(point, *edge) for edge in pairwise([*points, points[0]])))


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to the nearest of a line between two others."""
    (px, py), (x1, y1), (x2, y2) = point, start, end
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    share = 0.0 if not length else min(max(((px - x1) * (x2 - x1) + (py - y1) * (y2 - y1)) / length, 0.0), 1.0)
    return hypot(px - x1 - share * (x2 - x1), py - y1 - share * (y2 - y1))


# The world


def drawn(package: Path) -> dict[str, Any]:
    """The map, as the file has it."""
    topology = read(package, "countries-50m.json")
    degrees = arcs_of(topology)
    countries = countries_of(topology)
    countries.pop("AQ", None)
    for holder, counted_to, place in MOVED:
        moved = [piece for piece in countries[holder] if holds(points_of(piece[0], degrees), place)]
        countries[holder] = [piece for piece in countries[holder] if piece not in moved]
        countries[counted_to] += moved
    exact = [[placed(*point) for point in arc] for arc in degrees]
    coarse = [whole(simplified(arc)) for arc in exact]
    paths = {}
    for code, pieces in countries.items():
        areas = [area_of(points_of(piece[0], exact)) for piece in pieces]
        kept = [
            piece
            for piece, area in zip(pieces, areas, strict=True)
            if area == max(areas) or area >= _smallest(SMALLEST_PIECE, exact[max(piece[0][0], ~piece[0][0])][0])
        ]
        rings = (points_of(ring, coarse) for ring in joined(kept, degrees))
        paths[code] = path_of(ring for ring in rings if len(ring) > 2)
    return {
        "box": [0, 0, WIDTH, round(placed(0, SOUTHERNMOST)[1])],
        "near": _near(),
        "seen_near": sorted(code for code, pieces in countries.items() if code and _is_near(pieces, exact)),
        "nobody": paths.pop(""),
        "shapes": {code: path for code, path in sorted(paths.items()) if path},
        "points": dict(sorted(_points(countries, exact))),
    }


def _smallest(there_and_elsewhere: tuple[float, float], point: Point) -> float:
    """What is kept at a point: more of what is enlarged."""
    return there_and_elsewhere[0 if _lies_near(point) else 1]


def _lies_near(point: Point) -> bool:
    left, top, width, height = _near()
    return left <= point[0] <= left + width and top <= point[1] <= top + height


def _is_near(pieces: Iterable[Piece], exact: Sequence[Sequence[Point]]) -> bool:
    """Whether something of a country is enlarged."""
    return any(_lies_near(point) for piece in pieces for point in points_of(piece[0], exact))


@cache
def _near() -> tuple[int, int, int, int]:
    """The enlarged part on the drawing: left, top, width, height."""
    west, south, east, north = NEAR
    (left, bottom), (right, _y), (_x, top) = placed(west, south), placed(east, south), placed(0, north)
    return round(left), round(top), round(right - left), round(bottom - top)


def _points(countries: Mapping[str, list[Piece]], exact: Sequence[Sequence[Point]]) -> Iterator[tuple[str, list[int]]]:
    """A point in each country (x, y), and how large its largest piece is: the side of a square of that area.

    Of those that Natural Earth draws with another country the point is a town, and the size 0.
    """
    seen = set()
    for code, pieces in countries.items():
        if code:
            ring = max((points_of(piece[0], exact) for piece in pieces), key=area_of)
            x, y = inner_point(ring)
            seen.add(code)
            yield code, [round(x), round(y), round(sqrt(area_of(ring)))]
    for code, point in zone_points().items():
        if code in COUNTRIES and code not in seen and code != "AQ":
            x, y = placed(*point)
            yield code, [round(x), round(y), 0]


def main() -> None:
    """Write the file, and say how large it is."""
    world = drawn(Path(sys.argv[1]))
    WORLD.write_text(json.dumps(world, separators=(",", ":")) + "\n", encoding="utf-8")
    missing = sorted(set(COUNTRIES) - world["points"].keys())
    print(f"{WORLD}: {WORLD.stat().st_size} bytes, {len(world['shapes'])} shapes; no place for {missing}")


if __name__ == "__main__":
    main()

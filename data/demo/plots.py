"""Convex plots and how a straight line halves them. Plan metres: the straight drawing that is bent into a city later."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeVar

Point = tuple[float, float]
Ring = list[Point]
T = TypeVar("T")


class Line(NamedTuple):
    """A straight line through `x, y` at `angle` radians from east."""

    x: float
    y: float
    angle: float

    def side(self, point: Point) -> float:
        """Signed distance in metres; positive to the left."""
        return (point[1] - self.y) * math.cos(self.angle) - (point[0] - self.x) * math.sin(self.angle)

    def beside(self, metres: float) -> Line:
        """The parallel line `metres` to the left."""
        return Line(self.x - metres * math.sin(self.angle), self.y + metres * math.cos(self.angle), self.angle)


class Cut(NamedTuple):
    """The two halves of a ring and the chord between them."""

    left: Ring
    right: Ring
    chord: tuple[Point, Point]


def area(ring: Ring) -> float:
    """Area in m² (shoelace formula)."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in _sides(ring))) / 2


def middle(ring: Ring) -> Point:
    """The mean of the corners; inside, as the ring is convex."""
    return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)


def extents(ring: Ring, angle: float) -> tuple[float, float]:
    """Length along `angle` and across it, in metres."""
    cos, sin = math.cos(angle), math.sin(angle)
    along = [x * cos + y * sin for x, y in ring]
    across = [y * cos - x * sin for x, y in ring]
    return max(along) - min(along), max(across) - min(across)


def longest_side(ring: Ring) -> float:
    """The direction of the longest side, radians in (-pi/2, pi/2]."""
    start, end = max(_sides(ring), key=lambda side: math.dist(*side))
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    return angle - math.pi if angle > math.pi / 2 else angle + math.pi if angle <= -math.pi / 2 else angle


def halve(ring: Ring, line: Line, smallest_m2: float) -> Cut | None:
    """Cut `ring` along `line`; None when they do not meet or a half would be smaller than `smallest_m2`."""
    distance = [line.side(point) for point in ring]
    if min(distance) >= 0 or max(distance) <= 0:
        return None
    left, right, crossings = _walk(ring, distance)
    if len(crossings) != 2 or min(area(left), area(right)) < smallest_m2:
        return None
    return Cut(left, right, (crossings[0], crossings[1]))


def _walk(ring: Ring, distance: list[float]) -> tuple[Ring, Ring, Ring]:
    left: Ring = []
    right: Ring = []
    crossings: Ring = []
    for (start, end), (d, after) in zip(_sides(ring), _sides(distance), strict=True):
        if d >= 0:
            left.append(start)
        if d <= 0:
            right.append(start)
        if d * after < 0 or d == 0:
            share = d / (d - after) if d else 0.0
            crossing = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
            crossings.append(crossing)
            if d:
                left.append(crossing)
                right.append(crossing)
    return left, right, crossings


def _sides(ring: list[T]) -> list[tuple[T, T]]:
    return list(zip(ring, [*ring[1:], ring[0]], strict=True))

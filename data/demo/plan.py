"""The plan of the demo city: a straight drawing in metres that `warp` bends afterwards.

Convex plots are halved again and again: first by river, railway and expressway, then by arterial roads, then, inside
the blocks, by ever smaller streets: narrow east-west lanes in old quarters, wide blocks with inner paths in new ones.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from data.demo.plots import Line, Point, area, extents, halve, longest_side, middle
from data.demo.quarters import NEW, OLD, Plot, settled, street, street_kind, without_fingers

COMMUNITY_M2 = 205_000
DISTRICT_COMMUNITIES = 148
FILL = 0.8
"""Share of the drawing's rectangle that the outline keeps."""
PRIMARY_GAP_M = 1450
SLIVER_M2 = 1500
OLD_CORE_M = 2050
SMALLEST_WITH_BARRIERS = 30
OUTLINE_M2 = 140_000
SECTION_M = 260


Wanted = Callable[[Plot], bool]


class Stroke(NamedTuple):
    """A straight piece of way or barrier; pieces of one line share `line`. Kind `wall` is no way at all."""

    start: Point
    end: Point
    kind: str
    line: int


@dataclass(frozen=True)
class Barrier:
    """A river, railway or expressway: its middle line, half its width in metres, the way beside it."""

    kind: str
    line: Line
    half_width_m: float
    bank: str


@dataclass(frozen=True)
class Plan:
    """Plots, strokes and barriers of a city within `width_m` x `height_m`, and its old cores."""

    plots: list[Plot]
    strokes: list[Stroke]
    barriers: list[Barrier]
    cores: list[Point]
    width_m: float
    height_m: float


def draw(communities: int, rng: np.random.Generator) -> Plan:
    """Draw the plan of a city for `communities` communities."""
    side = math.sqrt(communities * COMMUNITY_M2 / FILL)
    return _Draughtsman(side * 1.12, side / 1.12, communities, rng).draw()


class _Draughtsman:
    """Holds the drawing while it grows."""

    def __init__(self, width: float, height: float, communities: int, rng: np.random.Generator) -> None:
        self.width, self.height, self.rng = width, height, rng
        self.communities = communities
        self.strokes: list[Stroke] = []
        self.lines = 0
        margin = PRIMARY_GAP_M
        corners = [(-margin, -margin), (width + margin, -margin), (width + margin, height + margin)]
        self.plots = [Plot([*corners, (-margin, height + margin)])]
        self.cores = self._cores()

    def draw(self) -> Plan:
        barriers = self._barriers() if self.communities >= SMALLEST_WITH_BARRIERS else []
        for barrier in barriers:
            self._lay(barrier)
        self._arterials()
        self.plots = [piece for plot in self.plots for piece in (self._sections(plot) if plot.strip else [plot])]
        self.plots = [piece for plot in self.plots for piece in self._outlined(self._quartered(plot))]
        self.plots = without_fingers(self.plots)
        self.plots = [piece for plot in self.plots for piece in self._fill(plot)]
        return Plan(self.plots, self.strokes, barriers, self.cores, self.width, self.height)

    def _cores(self) -> list[Point]:
        """One old core per district, spread evenly."""
        count = max(1, round(self.communities / DISTRICT_COMMUNITIES))
        columns = max(1, round(math.sqrt(count * self.width / self.height)))
        rows = math.ceil(count / columns)
        spots = [(column, row) for row in range(rows) for column in range(columns)][:count]
        shift = self.rng.uniform(-0.06, 0.06, (count, 2))
        return [
            (self.width * ((column + 0.5) / columns + dx / columns), self.height * ((row + 0.5) / rows + dy / rows))
            for (column, row), (dx, dy) in zip(spots, shift, strict=True)
        ]

    def _barriers(self) -> list[Barrier]:
        rng = self.rng
        tilt = 0.35 / max(1.0, self.height / 6000)
        found = []
        for x, y in self._places(9000):
            river = Line(x, y - rng.uniform(1200, 1600), rng.uniform(0.5, 1) * tilt)
            rail = Line(x + rng.uniform(1550, 1800), y, math.pi / 2 - rng.uniform(0.3, 0.7) * tilt)
            motorway = Line(x, y + rng.uniform(2050, 2300), -rng.uniform(0.1, 0.3) * tilt)
            found += [
                Barrier("river", river, 46, "tertiary"),
                Barrier("rail", rail, 26, "residential"),
                Barrier("motorway", motorway, 34, "tertiary"),
            ]
        return found

    def _places(self, gap: float) -> list[Point]:
        count = max(1, round(min(self.width, self.height) / gap))
        return [(self.width * (k + 0.5) / count, self.height * (k + 0.5) / count) for k in range(count)]

    def _lay(self, barrier: Barrier) -> None:
        for offset in (-barrier.half_width_m, barrier.half_width_m):
            self._rule(barrier.line.beside(offset), barrier.bank, lambda plot: True, smallest=0)
        self.plots = [
            replace(plot, strip=barrier.kind)
            if abs(barrier.line.side(middle(plot.ring))) < barrier.half_width_m
            else plot
            for plot in self.plots
        ]
        self._rule(barrier.line, barrier.kind, lambda plot: plot.strip == barrier.kind, smallest=0)

    def _rule(self, line: Line, kind: str, wanted: Wanted, *, smallest: float = SLIVER_M2) -> None:
        """Draw one long line through every wanted plot."""
        self.lines += 1
        plots = []
        for plot in self.plots:
            cut = halve(plot.ring, line, smallest) if wanted(plot) else None
            if cut is None:
                plots.append(plot)
                continue
            is_drowned = bool(plot.strip) and kind in ("tertiary", "residential")
            self.strokes.append(Stroke(*cut.chord, "wall" if is_drowned else kind, self.lines))
            plots += [replace(plot, ring=cut.left), replace(plot, ring=cut.right)]
        self.plots = plots

    def _arterials(self) -> None:
        across, upright = self._grid(self.width), self._grid(self.height)
        for kind, lines in (("primary", 0), ("secondary", 1)):
            for x in across[lines]:
                self._rule(Line(x, self.height / 2, math.pi / 2 + self._tilt(self.height)), kind, self._crosses(kind))
            for y in upright[lines]:
                self._rule(Line(self.width / 2, y, self._tilt(self.width)), kind, self._crosses(kind))

    def _grid(self, length: float) -> tuple[list[float], list[float]]:
        """Primary lines, the outer ones near the ends, and secondary ones between."""
        count = max(2, round(length / PRIMARY_GAP_M) + 1)
        gap = length / (count - 1)
        primary = [gap * k + self.rng.uniform(-0.14, 0.14) * gap for k in range(count)]
        secondary = [(a + b) / 2 + self.rng.uniform(-0.08, 0.08) * gap for a, b in itertools.pairwise(primary)]
        return primary, secondary

    def _tilt(self, length: float) -> float:
        return float(self.rng.uniform(-70, 70)) / max(length, 3000)

    def _crosses(self, kind: str) -> Wanted:
        """Primary roads cross everything; secondary ones seldom a barrier, and now and then they end at a primary one."""
        bridged = self.rng.random() < 0.25
        if kind == "primary":
            return lambda plot: True
        return lambda plot: bridged if plot.strip else self.rng.random() < 0.88

    def _sections(self, plot: Plot) -> list[Plot]:
        """Cut a strip across into pieces short enough to end at the outline; no street runs there."""
        angle = longest_side(plot.ring)
        if extents(plot.ring, angle)[0] < SECTION_M:
            return [plot]
        return self._halved(plot, Line(*middle(plot.ring), angle + math.pi / 2), "wall", self._sections)

    def _outlined(self, plot: Plot) -> list[Plot]:
        """What of the plot lies inside the outline; blocks on the outline are cut smaller first."""
        inside = [self._is_inside(corner) for corner in plot.ring]
        if all(inside) or not any(inside) or plot.strip or area(plot.ring) < OUTLINE_M2:
            return [plot] if self._is_inside(middle(plot.ring)) else []
        return self._halved(plot, street(plot, self.rng), "tertiary", self._outlined)

    def _fill(self, plot: Plot) -> list[Plot]:
        """Halve a block until its pieces are as small as its quarter wants them."""
        plot = plot if plot.strip else settled(plot, self.rng)
        if plot.strip or plot.landmark:
            return [plot]
        return self._halved(plot, street(plot, self.rng), street_kind(plot, self.rng), self._fill)

    def _halved(self, plot: Plot, line: Line | None, kind: str, then: Callable[[Plot], list[Plot]]) -> list[Plot]:
        """Draw a street through the plot, if it can be, and do the same with the halves."""
        cut = halve(plot.ring, line, SLIVER_M2) if line else None
        if cut is None:
            return [plot]
        self.lines += 1
        self.strokes.append(Stroke(*cut.chord, kind, self.lines))
        return [piece for ring in (cut.left, cut.right) for piece in then(replace(plot, ring=ring))]

    def _is_inside(self, point: Point) -> bool:
        """Inside an outline that is neither round nor square."""
        u, v = 2 * point[0] / self.width - 1, 2 * point[1] / self.height - 1
        bulge = 1 + 0.12 * math.sin(3 * math.atan2(v, u) + 1) + 0.05 * math.sin(7 * math.atan2(v, u))
        return bool(abs(u) ** 2.8 + abs(v) ** 2.8 < bulge)

    def _quartered(self, plot: Plot) -> Plot:
        x, y = middle(plot.ring)
        near = min(max(abs(x - a), 0.9 * abs(y - b)) + 0.3 * min(abs(x - a), abs(y - b)) for a, b in self.cores)
        return replace(plot, quarter=OLD if near < OLD_CORE_M else NEW)

"""How blocks are filled: which streets an old and a new quarter draw through a block of the plan. Plan metres."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import shapely

from data.demo.plots import Line, Ring, area, extents, longest_side, middle

OLD, NEW = "old", "new"
SMALLEST_BLOCK_M2 = {OLD: 6500, NEW: 13_000}
LANDMARK_M2 = (40_000, 120_000)
LANDMARK_ODDS = 0.05
LANDMARKS = {OLD: {"park": 0.6, "campus": 0.4}, NEW: {"park": 0.5, "mall": 0.25, "campus": 0.25}}


@dataclass(frozen=True)
class Plot:
    """A piece of the plan: in a barrier's `strip` or not, its `quarter`, and the `landmark` that fills it, if any."""

    ring: Ring
    strip: str = ""
    quarter: str = NEW
    landmark: str = ""


def settled(plot: Plot, rng: np.random.Generator) -> Plot:
    """Now and then a piece of 4 to 12 ha becomes a park, a campus or a mall."""
    if not LANDMARK_M2[0] < area(plot.ring) < LANDMARK_M2[1] or rng.random() > LANDMARK_ODDS:
        return plot
    odds = LANDMARKS[plot.quarter]
    return replace(plot, landmark=str(rng.choice(list(odds), p=list(odds.values()))))


def street(plot: Plot, rng: np.random.Generator) -> Line | None:
    """Where the next street goes: across the longer side; in old quarters so that plots lie long from west to east."""
    old, size = plot.quarter == OLD, area(plot.ring)
    if size < SMALLEST_BLOCK_M2[plot.quarter] * rng.uniform(0.75, 1.6):
        return None
    angle = longest_side(plot.ring)
    if old and abs(angle) > math.pi / 4:
        angle -= math.copysign(math.pi / 2, angle)
    along, across = extents(plot.ring, angle)
    is_upright = along * (0.5 if old and size < 90_000 else 1) > across
    shift = rng.uniform(-0.12, 0.12) * (along if is_upright else across)
    lean = rng.normal(0, 0.045 if old else 0.02)
    level = Line(*middle(plot.ring), angle + (math.pi / 2 if is_upright else 0.0))
    moved = level.beside(-shift if is_upright else shift)
    return moved._replace(angle=moved.angle + lean)


def street_kind(plot: Plot, rng: np.random.Generator) -> str:
    """The street that halves this plot, as OSM calls it: the larger the plot, the wider."""
    old, size = plot.quarter == OLD, area(plot.ring)
    if size > 220_000:
        return "tertiary"
    if size > (60_000 if old else 90_000):
        return "residential"
    if old:
        return "living_street" if size > 14_000 or rng.random() < 0.6 else "footway"
    return "service" if size > 35_000 else "footway"


def without_fingers(plots: list[Plot]) -> list[Plot]:
    """Leave out pieces of strip that stick out of the outline: those that run along no block."""
    strips = [plot for plot in plots if plot.strip]
    land = shapely.union_all([shapely.Polygon(plot.ring) for plot in plots if not plot.strip], grid_size=0.01)
    shapes = np.array([shapely.Polygon(plot.ring) for plot in strips], dtype=object)
    beside = shapely.area(shapely.intersection(shapely.buffer(shapes, 2.0), land))
    kept = {id(plot) for plot, strip in zip(strips, beside > 0.6 * shapely.length(shapes), strict=True) if strip}
    return [plot for plot in plots if not plot.strip or id(plot) in kept]

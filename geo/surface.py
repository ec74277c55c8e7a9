"""The polygon of a reach, for the eye: the ground whose nearest street is reached in time. Metric CRS, metres.

The nearest of all streets decides, reached or not, so a river or a railway stays a border where a hull would leap over it.
Households are never counted by this polygon. The contour is marching squares (contourpy) on a grid shared by all starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import contourpy
import numpy as np
import shapely
from scipy.spatial import cKDTree

from geo.errors import GridTooLarge
from geo.network import Floats, Ints, Network, Places
from geo.reach import Reach

MAX_CELLS = 60_000_000
MAX_OFFSET_CELLS = 2.0
"""How far from the border, in grid steps, the time of a grid point still shapes it: keeps borders straight at barriers."""
SIMPLIFY_CELLS = 0.25
SAMPLE_M = 4.0
"""Streets are points so far apart when a grid point looks for its nearest one."""


@dataclass(frozen=True, eq=False)
class Surface:
    """Grid points `step_m` apart and where each joins the network; points that no window asked for join nowhere."""

    west: float
    south: float
    step_m: float
    places: Places
    shape: tuple[int, int]
    """Rows (northward) and columns (eastward) of `places`."""

    def outline(self, reach: Reach, centre: tuple[float, float]) -> shapely.MultiPolygon:
        """The ground within the limit of `reach`, whose start stands at `centre`. Valid; empty when it is under a step."""
        rows, columns = self.window(centre, reach.limit_m)
        which = (rows.start + np.arange(len(rows)))[:, None] * self.shape[1] + columns.start + np.arange(len(columns))
        spare = (reach.limit_m - reach.distances(self.places[which.ravel()])).reshape(which.shape)
        bound = MAX_OFFSET_CELLS * self.step_m
        return self._contour(np.clip(spare, -bound, bound), rows.start, columns.start)

    def window(self, centre: tuple[float, float], within_m: float) -> tuple[range, range]:
        """Rows and columns of the grid points around `centre`, one more on every side."""
        column, row = ((centre[0] - self.west) / self.step_m, (centre[1] - self.south) / self.step_m)
        width = within_m / self.step_m + 1
        return _clipped(row - width, row + width, self.shape[0]), _clipped(
            column - width, column + width, self.shape[1]
        )

    def _contour(self, spare: Floats, row: int, column: int) -> shapely.MultiPolygon:
        x = self.west + self.step_m * (column + np.arange(spare.shape[1]))
        y = self.south + self.step_m * (row + np.arange(spare.shape[0]))
        contours = contourpy.contour_generator(x, y, spare, fill_type=contourpy.FillType.OuterOffset)
        polygons = [_polygon(points, offsets) for points, offsets in zip(*contours.filled(0, np.inf), strict=True)]
        return _tidy(shapely.multipolygons(np.array(polygons, dtype=object)), SIMPLIFY_CELLS * self.step_m)


def survey(network: Network, centres: Floats, *, around_m: float, step_m: float, within_m: float) -> Surface:
    """A surface that holds the ground `around_m` metres about each of `centres` (k × 2).

    Grid points farther than `within_m` from every street join nowhere. Lines of the grid lie on multiples of `step_m`.
    Raises GridTooLarge above MAX_CELLS grid points.
    """
    margin = around_m + 2 * step_m
    west, south = np.floor((centres.min(axis=0) - margin) / step_m) * step_m
    columns, rows = (int(size) + 1 for size in np.ceil((centres.max(axis=0) + margin - (west, south)) / step_m))
    if rows * columns > MAX_CELLS:
        raise GridTooLarge(f"{rows * columns:,} grid points of {step_m} m; at most {MAX_CELLS:,}", step_m=step_m)
    nowhere = np.full(rows * columns, -1), np.full(rows * columns, np.inf), *np.zeros((2, rows * columns))
    surface = Surface(west, south, step_m, Places(*nowhere), (rows, columns))
    _join(surface, network, _asked_for(surface, centres, around_m), within_m)
    return surface


def _asked_for(surface: Surface, centres: Floats, around_m: float) -> Ints:
    is_asked = np.zeros(surface.shape, dtype=bool)
    for centre in centres:
        rows, columns = surface.window(tuple(centre), around_m)
        is_asked[rows.start : rows.stop, columns.start : columns.stop] = True
    return np.flatnonzero(is_asked)


def _join(surface: Surface, network: Network, which: Ints, within_m: float) -> None:
    """Where the grid points `which` join the network, to within half of SAMPLE_M along the street."""
    row, column = np.divmod(which, surface.shape[1])
    points = np.column_stack([surface.west + surface.step_m * column, surface.south + surface.step_m * row])
    xy, edge, share = _sampled(network, SAMPLE_M)
    off_m, nearest = cKDTree(xy).query(points, distance_upper_bound=within_m)
    which, off_m, nearest = (part[np.isfinite(off_m)] for part in (which, off_m, nearest))
    places, edge, share = surface.places, edge[nearest], share[nearest]
    places.edge[which], places.off_m[which] = edge, off_m
    places.along_m[which] = share * network.length_m[edge]
    places.rest_m[which] = (1 - share) * network.length_m[edge]


def _sampled(network: Network, step_m: float) -> tuple[Floats, Ints, Floats]:
    """Points at most `step_m` apart on every street: coordinates, edge, and share of the edge's length up to there."""
    xy, line = shapely.get_coordinates(network.lines, return_index=True)
    is_piece = line[1:] == line[:-1]
    begin, leg, line = xy[:-1][is_piece], np.diff(xy, axis=0)[is_piece], line[1:][is_piece]
    leg_m = np.hypot(*leg.T)
    total_m = np.bincount(line, leg_m, minlength=len(network.lines))
    before_m = (np.cumsum(leg_m) - leg_m) - (np.cumsum(total_m) - total_m)[line]
    counts = np.maximum(np.ceil(leg_m / step_m), 1).astype(int)
    piece = np.repeat(np.arange(len(counts)), counts)
    part = (np.arange(len(piece)) - (np.cumsum(counts) - counts)[piece] + 0.5) / counts[piece]
    share = (before_m[piece] + part * leg_m[piece]) / np.maximum(total_m[line[piece]], np.finfo(float).tiny)
    return begin[piece] + part[:, None] * leg[piece], line[piece], share


def _clipped(low: float, high: float, size: int) -> range:
    return range(max(int(np.floor(low)), 0), min(int(np.ceil(high)) + 1, size))


def _polygon(points: Floats, offsets: Ints) -> shapely.Polygon:
    shell, *holes = (points[a:b] for a, b in pairwise(offsets))
    return shapely.Polygon(shell, holes)


def _tidy(shape: shapely.MultiPolygon, tolerance_m: float) -> shapely.MultiPolygon:
    """Fewer vertices, valid, polygons only."""
    simple = shapely.simplify(shape, tolerance_m, preserve_topology=False)
    if not simple.is_valid:
        simple = shapely.make_valid(simple, method="structure", keep_collapsed=False)
    parts = shapely.get_parts(simple)
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])

"""Blocks: the faces between streets inside one area, and how they touch. Metres, in one projected CRS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import Polygon, STRtree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Shapes = NDArray[Any]

CUT_COST: dict[str, int] = {
    "river": 1,
    "rail": 1,
    "motorway": 1,
    "trunk": 1,
    "primary": 1,
    "secondary": 2,
    "tertiary": 12,
    "unclassified": 20,
    "residential": 20,
    "living_street": 30,
    "service": 30,
    "pedestrian": 40,
    "footway": 40,
    "path": 40,
}
"""What it costs per 10 m to draw a border along a way: the wider the way, the more natural the border."""
NO_ROAD_COST = 60
MAIN_COST = 2
"""Ways that cost no more than this are main roads and barriers; a cell should not lie across them."""

SAME_PLACE_M = 0.5
OVERSHOOT_M = 0.001
THIN_M = 6.0


@dataclass(frozen=True)
class Borders:
    """Pairs of touching faces `left < right`: `cost` of a border between them; `open` when no main road parts them."""

    left: Ints
    right: Ints
    cost: Ints
    length_m: Floats
    open: Bools


def totals(group: Ints, values: NDArray[Any], size: int) -> Floats:
    """The sum of `values` in each of `size` groups."""
    return np.bincount(group, weights=values, minlength=size).astype(np.float64)


def cut_costs(kinds: Shapes) -> Ints:
    """The cost per 10 m of each way by its kind (an OSM highway value); links count as what they link."""
    return np.array([CUT_COST.get(str(kind).removesuffix("_link"), NO_ROAD_COST) for kind in kinds], dtype=np.int64)


def faces(area: Polygon, lines: Shapes) -> Shapes:
    """Cut `area` along `lines` (dead ends cut nothing). The faces tile it and share their vertices exactly."""
    near = lines[shapely.intersects(lines, area)] if len(lines) else lines
    noded = shapely.union_all([area.boundary, *near])
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    shapely.prepare(area)
    return np.asarray(pieces[shapely.contains(area, shapely.point_on_surface(pieces))])


def borders(polygons: Shapes, lines: Shapes, costs: Ints) -> Borders:
    """Find which of `polygons` share a border and what it costs to part them, given ways and their costs per 10 m."""
    left, right, start, end = _shared_segments(polygons)
    length = np.hypot(*(end - start).T)
    cost = _cheapest_way((start + end) / 2, lines, costs)
    pairs, pair_of = np.unique(np.column_stack([left, right]), axis=0, return_inverse=True)
    total = totals(pair_of, length * cost / 10, len(pairs))
    is_open = totals(pair_of, cost > MAIN_COST, len(pairs)) > 0
    metres = totals(pair_of, length, len(pairs))
    return Borders(pairs[:, 0], pairs[:, 1], np.maximum(1, np.rint(total)).astype(np.int64), metres, is_open)


def _shared_segments(polygons: Shapes) -> tuple[Ints, Ints, Floats, Floats]:
    rings, owner = shapely.get_rings(polygons, return_index=True)
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    within = np.flatnonzero(ring_of[:-1] == ring_of[1:])
    start, end = xy[within], xy[within + 1]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    start, end = np.where(swap[:, None], end, start), np.where(swap[:, None], start, end)
    face = owner[ring_of[within]].astype(np.int64)
    order = np.lexsort((face, end[:, 1], end[:, 0], start[:, 1], start[:, 0]))
    start, end, face = start[order], end[order], face[order]
    twin = np.flatnonzero((start[:-1] == start[1:]).all(axis=1) & (end[:-1] == end[1:]).all(axis=1))
    twin = twin[face[twin] != face[twin + 1]]
    return face[twin], face[twin + 1], start[twin], end[twin]


def _cheapest_way(points: Floats, lines: Shapes, costs: Ints) -> Ints:
    cheapest = np.full(len(points), NO_ROAD_COST, dtype=np.int64)
    if len(lines) and len(points):
        found = STRtree(lines).query(shapely.points(points), predicate="dwithin", distance=SAME_PLACE_M)
        np.minimum.at(cheapest, found[0], costs[found[1]])
    return cheapest


def locate(polygons: Shapes, points: Shapes) -> Ints:
    """The polygon of each point: the first that covers it, else the nearest."""
    tree = STRtree(polygons)
    at = np.full(len(points), len(polygons), dtype=np.int64)
    found = tree.query(points, predicate="intersects")
    np.minimum.at(at, found[0], found[1])
    lost = np.flatnonzero(at == len(polygons))
    at[lost] = tree.nearest(points[lost])
    return at


def splits(polygons: Shapes, xy: Floats, weight: Ints, at: Ints, limit: float) -> Shapes:
    """Lines that cut every polygon heavier than `limit` between its points (Voronoi of groups of at most `limit`).

    They reach a hair beyond the polygon, so that noding finds a true crossing on its border.
    """
    heavy = np.flatnonzero(totals(at, weight, len(polygons)) > limit)
    groups = [_groups(xy[at == face], weight[at == face], limit) for face in heavy]
    apart = [number for number, spots in enumerate(groups) if len(spots) > 1]
    if not apart:
        return np.array([], dtype=object)
    cut = polygons[heavy[apart]]
    sites = [shapely.multipoints(groups[number]) for number in apart]
    ways = shapely.voronoi_polygons(sites, extend_to=shapely.box(*shapely.total_bounds(cut)), only_edges=True)
    return np.asarray(shapely.get_parts(shapely.intersection(ways, shapely.buffer(cut, OVERSHOOT_M))))


def _groups(xy: Floats, weight: Ints, limit: float) -> list[Floats]:
    """Halve the points along their longer side until no group weighs more than `limit`; return the middles."""
    axis = int(np.argmax(np.ptp(xy, axis=0)))
    if weight.sum() <= limit or np.ptp(xy[:, axis]) < 2 * SAME_PLACE_M:
        return [xy.mean(axis=0)]
    order = np.argsort(xy[:, axis], kind="stable")
    half = int(np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)) + 1
    half = min(max(half, 1), len(order) - 1)
    parts = (order[:half], order[half:])
    return [spot for part in parts for spot in _groups(xy[part], weight[part], limit)]


def join_thin(polygons: Shapes, touching: Borders) -> Ints:
    """Label faces so that a thin one (a strip beside a border or between two carriageways) goes with its neighbour."""
    thin = 2 * shapely.area(polygons) < THIN_M * shapely.length(polygons)
    return _join(thin, touching)


def join_small(size: Floats, smallest: float, touching: Borders) -> Ints:
    """Label faces so that every group is at least `smallest` in size, or has no neighbour left to go with."""
    group = np.arange(len(size))
    while True:
        held = totals(group, size, int(group.max()) + 1)
        joined = _join(held < smallest, contract(touching, group))
        if joined.max() == group.max():
            return group
        group = joined[group]


def _join(small: Bools, touching: Borders) -> Ints:
    """Label faces so that each `small` one goes with the neighbour with which it shares the longest border."""
    pair_small = np.concatenate([touching.left, touching.right])
    pair_other = np.concatenate([touching.right, touching.left])
    length = np.tile(touching.length_m, 2)
    order = np.lexsort((pair_other, -length, pair_small))
    order = order[small[pair_small[order]]]
    _, first = np.unique(pair_small[order], return_index=True)
    chosen = order[first]
    links = coo_array((np.ones(len(chosen)), (pair_small[chosen], pair_other[chosen])), shape=(len(small),) * 2)
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def contract(touching: Borders, label: Ints) -> Borders:
    """Borders between groups of faces, given each face's group."""
    ends = np.sort(np.column_stack([label[touching.left], label[touching.right]]), axis=1)
    apart = ends[:, 0] != ends[:, 1]
    pairs, pair_of = np.unique(ends[apart], axis=0, return_inverse=True)
    size = len(pairs)
    cost = totals(pair_of, touching.cost[apart], size).astype(np.int64)
    length = totals(pair_of, touching.length_m[apart], size)
    is_open = totals(pair_of, touching.open[apart], size) > 0
    return Borders(pairs[:, 0], pairs[:, 1], cost, length, is_open)

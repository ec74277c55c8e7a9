"""Cut a community into grid cells. Lengths are metres, areas square metres, in a projected CRS; degrees never enter."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from shapely import MultiPolygon, Polygon

from geo.blocks import (
    Floats,
    Ints,
    Shapes,
    borders,
    contract,
    cut_costs,
    faces,
    join_small,
    join_thin,
    locate,
    splits,
    totals,
)
from geo.crs import require_metric
from geo.errors import BadGeometry, GridTooLarge, OutsideRange
from geo.partition import BlockGraph, partition

MAX_CELLS = 10_000
SLIVER_SHARE = 0.25
"""A piece of the square grid smaller than this share of a full cell goes with its neighbour."""
FINENESS = (2.5, 6.0, 12.0, 40.0)
"""Blocks hold at most the middle of the bounds divided by this; finer only while the bounds are not met."""
STUBBORN = 8
"""How many times as many seeds are tried where blocks must not be split."""


def cut_by_households(
    community: Polygon | MultiPolygon,
    residences: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame,
    *,
    crs: CRS | str,
    households: tuple[int, int],
    seeds: int = 16,
    seed: int = 0,
    ways_only: bool = False,
) -> gpd.GeoDataFrame:
    """Cut `community` along streets into contiguous cells of `households[0]` to `households[1]` households.

    `residences` has `households` and points, `roads` has `kind` (OSM highway values, also river and rail) and lines,
    both in `crs`. Each part of a multipolygon is cut by itself; one that holds too few households is one cell. Where blocks
    are too coarse for the bounds they are split between homes, unless borders are to follow `ways_only`.
    Returns: one row per cell in the order of `number_cells`: `number`, `households`, `area_m2`, `geometry` (Polygon).
    Raises: NotMetric, BadGeometry, OutsideRange for bounds that are not 0 < low < high.
    """
    metres = require_metric(crs)
    low, high = households
    if not 0 < low < high:
        raise OutsideRange(f"households must be two numbers, the smaller first, not {low}-{high}")
    grounds = [_ground(part, residences, roads) for part in _parts(community)]
    parts = [_cut_part(ground, households, _efforts(households, seeds, ways_only), seed) for ground in grounds]
    return number_cells(gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=metres))


def cut_by_size(community: Polygon | MultiPolygon, *, crs: CRS | str, cell_m: float) -> gpd.GeoDataFrame:
    """Cut `community` into squares of `cell_m` metres; slivers at its border go with their neighbour.

    Returns: one row per cell in the order of `number_cells`: `number`, `area_m2`, `geometry` (Polygon) in `crs`.
    Raises: NotMetric, BadGeometry, OutsideRange; GridTooLarge above `MAX_CELLS`.
    """
    metres = require_metric(crs)
    if not cell_m > 0:
        raise OutsideRange(f"a cell must be longer than {cell_m} m")
    cells = np.concatenate([_squares(part, cell_m) for part in _parts(community)])
    return number_cells(gpd.GeoDataFrame({"area_m2": shapely.area(cells)}, geometry=cells, crs=metres))


def number_cells(cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Sort cells in rows from north to south, west to east in each, and number them from 1 in the column `number`."""
    xy = shapely.get_coordinates(shapely.centroid(cells.geometry.to_numpy()))
    row_m = np.sqrt(np.median(cells.geometry.area)) if len(cells) else 1.0
    order = np.lexsort((xy[:, 0], _rows(xy[:, 1], row_m)))
    sorted_cells = cells.iloc[order].reset_index(drop=True).drop(columns="number", errors="ignore")
    sorted_cells.insert(0, "number", np.arange(1, len(cells) + 1))
    return sorted_cells


def cell_codes(community_code: str, numbers: Ints, *, digits: int) -> list[str]:
    """The community's 12 digits and `digits` for the number. Raises OutsideRange when a number does not fit."""
    if len(numbers) and int(np.max(numbers)) >= 10**digits:
        raise OutsideRange(f"community {community_code} has more cells than {digits} digits can number")
    return [f"{community_code}{number:0{digits}d}" for number in numbers]


def _parts(area: Polygon | MultiPolygon) -> Shapes:
    if area.geom_type not in ("Polygon", "MultiPolygon") or area.is_empty or not area.is_valid:
        raise BadGeometry(f"a valid polygon is needed, not this {area.geom_type}")
    return np.asarray(shapely.get_parts(shapely.force_2d(area)))


def _rows(y: Floats, height: float) -> Ints:
    """The row of each y, 0 the northernmost; a gap of half a row between neighbours, or a full row, begins a new one."""
    row = np.zeros(len(y), dtype=np.int64)
    top, number = np.inf, -1
    for index in np.argsort(-y, kind="stable"):
        if top - y[index] > height / 2:
            top, number = y[index], number + 1
        row[index] = number
    return row


@dataclass(frozen=True)
class _Ground:
    """One contiguous piece of a community: who lives where in it, and the ways with their costs as borders."""

    area: Polygon
    homes: Shapes
    households: Ints
    ways: Shapes
    costs: Ints


def _ground(area: Polygon, residences: gpd.GeoDataFrame, roads: gpd.GeoDataFrame) -> _Ground:
    homes = residences.iloc[np.sort(residences.sindex.query(area, predicate="intersects"))]
    ways = roads.iloc[np.sort(roads.sindex.query(area, predicate="intersects"))]
    households = homes["households"].to_numpy().astype(np.int64)
    costs = cut_costs(ways["kind"].to_numpy())
    return _Ground(area, homes.geometry.to_numpy(), households, ways.geometry.to_numpy(), costs)


def _efforts(bounds: tuple[int, int], seeds: int, ways_only: bool) -> list[tuple[float, int]]:
    """What to try in turn while the bounds are not met: the most households in a block, and how many seeds."""
    if ways_only:
        return [(np.inf, seeds), (np.inf, STUBBORN * seeds)]
    return [(sum(bounds) / 2 / fineness, seeds) for fineness in FINENESS]


def _cut_part(ground: _Ground, bounds: tuple[int, int], efforts: list[tuple[float, int]], seed: int) -> pd.DataFrame:
    cells = _cells(ground, bounds, efforts, seed)
    held = totals(locate(cells, ground.homes), ground.households, len(cells))
    return pd.DataFrame({"households": held.astype(np.int64), "area_m2": shapely.area(cells), "geometry": cells})


def _cells(ground: _Ground, bounds: tuple[int, int], efforts: list[tuple[float, int]], seed: int) -> Shapes:
    """The best partition that the efforts find; the first within the bounds ends the search."""
    count = _cell_count(int(ground.households.sum()), bounds)
    if count == 1:
        return np.array([ground.area], dtype=object)
    tries = []
    for number, (limit, seeds) in enumerate(efforts):
        pieces, graph, group = _blocks(ground, limit)
        label, found = partition(graph, count, bounds=bounds, seeds=seeds, seed=seed)
        tries.append((found.outside_bounds, number, pieces, label[group]))
        if not found.outside_bounds and label.max() + 1 == count:
            break
    _, _, pieces, label = min(tries, key=lambda each: each[:2])
    return np.array([shapely.coverage_union_all(pieces[label == cell]) for cell in range(label.max() + 1)])


def _cell_count(total: int, bounds: tuple[int, int]) -> int:
    """The number of cells whose mean is nearest to the middle of the bounds."""
    middle = sum(bounds) / 2
    fewest = max(1, int(total // middle))
    return min((fewest, fewest + 1), key=lambda count: abs(total / count - middle))


def _blocks(ground: _Ground, limit: float) -> tuple[Shapes, BlockGraph, Ints]:
    """Faces between the ways, heavy ones split; the graph of their groups; the group of each face."""
    pieces = faces(ground.area, ground.ways)
    xy = shapely.get_coordinates(ground.homes)
    extra = splits(pieces, xy, ground.households, locate(pieces, ground.homes), limit)
    if len(extra):
        pieces = faces(ground.area, np.concatenate([ground.ways, extra]))
    touching = borders(pieces, ground.ways, ground.costs)
    group = join_thin(pieces, touching)
    at = group[locate(pieces, ground.homes)]
    held = totals(at, ground.households, int(group.max()) + 1).astype(np.int64)
    return pieces, BlockGraph(held, contract(touching, group)), group


def _squares(part: Polygon, cell_m: float) -> Shapes:
    west, south, east, north = part.bounds
    columns, rows = int(np.ceil((east - west) / cell_m)), int(np.ceil((north - south) / cell_m))
    if columns * rows > MAX_CELLS:
        raise GridTooLarge(f"{columns} x {rows} cells of {cell_m} m; at most {MAX_CELLS}", cells=columns * rows)
    upright = [shapely.LineString([(x, south - 1), (x, north + 1)]) for x in west + cell_m * np.arange(1, columns)]
    level = [shapely.LineString([(west - 1, y), (east + 1, y)]) for y in south + cell_m * np.arange(1, rows)]
    pieces = faces(part, np.array([*upright, *level], dtype=object))
    touching = borders(pieces, np.array([], dtype=object), np.array([], dtype=np.int64))
    group = join_small(shapely.area(pieces), SLIVER_SHARE * cell_m**2, touching)
    return np.array([shapely.coverage_union_all(pieces[group == cell]) for cell in range(group.max() + 1)])

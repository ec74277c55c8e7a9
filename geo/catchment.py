"""Service areas: who and what lies within a walk of each facility, along the streets or in a straight line. Metric CRS, metres.

People are counted by the distance of their door; the polygon is for the eye alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import coverage
from geo.errors import OutsideRange
from geo.network import Flags, Network, Places, Shapes, snap
from geo.reach import Reach, each, nearest
from geo.surface import Surface, survey

REVISION = 1
"""To be raised when the same input gives another result, so that what was built before is not taken for it."""
STEPS_PER_LIMIT = 8
"""The grid is at least so fine that this many of its steps fit into the walk."""
TOO_FAR = "no walkable street within {:g} m"
ON_AN_ISLAND = "its street is cut off from the network"
OUT_OF_TIME = "the way to its street already takes longer"

Step = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Walk:
    """How far people walk, and when a door counts as connected. All metres."""

    limit_m: float
    snap_m: float
    island_streets_m: float
    grid_m: float

    @property
    def step_m(self) -> float:
        return min(self.grid_m, self.limit_m / STEPS_PER_LIMIT)


@dataclass(frozen=True, eq=False)
class Catchments:
    """`areas`: `facility_id`, `households`, `residents` (null: not recorded), `area_m2`, multipolygon, in the facilities' order.

    `failed`: `code`, `name`, `reason` of facilities without one. `is_reached`: of each home, whether any facility is in reach.
    """

    areas: gpd.GeoDataFrame
    failed: pd.DataFrame
    is_reached: Flags


def require_minutes(minutes: float, *, lowest: float, highest: float) -> None:
    """Raises OutsideRange unless `minutes` lies between the two, both included."""
    if not lowest <= minutes <= highest:
        raise OutsideRange(f"{minutes:g} minutes: give {lowest:g} to {highest:g}", lowest=lowest, highest=highest)


def by_network(
    network: Network, facilities: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, walk: Walk, step: Step
) -> Catchments:
    """What is within the walk along the streets.

    facilities: `id`, `code`, `name`, point. homes: `households`, `residents` (null: unknown), point. Both in the network's CRS.
    `step` is told how many facilities are done, of how many.
    """
    starts, doors = (snap(network, frame.geometry.to_numpy(), within_m=walk.snap_m) for frame in (facilities, homes))
    reasons = _reasons(network, starts, walk)
    good = facilities[reasons == ""].reset_index(drop=True)
    starts = starts[reasons == ""]
    centres = shapely.get_coordinates(good.geometry.to_numpy())
    rows = _rows(network, centres, starts, walk, partial(_row, homes, doors)) if len(good) else iter(())
    areas = _frame(good, list(_told(rows, len(good), step)))
    found = nearest(network, starts, doors, limit_m=walk.limit_m)
    failed = facilities[["code", "name"]].assign(reason=reasons)[reasons != ""]
    return Catchments(areas, failed.reset_index(drop=True), (found["start"] >= 0).to_numpy())


def by_radius(facilities: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, *, limit_m: float, step: Step) -> Catchments:
    """What is within `limit_m` in a straight line; frames as in `by_network`."""
    points, doors = facilities.geometry.to_numpy(), homes.geometry.to_numpy()
    polygons = coverage.circles(points, limit_m)
    start, door = shapely.STRtree(doors).query(points, predicate="dwithin", distance=limit_m)
    rows = ((*coverage.counted(door[start == i], homes), polygon) for i, polygon in enumerate(polygons))
    areas = _frame(facilities.reset_index(drop=True), list(_told(rows, len(polygons), step)))
    is_reached = coverage.straight_distances(doors, points) <= limit_m
    failed = pd.DataFrame({"code": [], "name": [], "reason": []}, dtype=object)
    return Catchments(areas, failed, is_reached)


Row = tuple[int, int | None, shapely.MultiPolygon]


def _rows(network: Network, centres: Shapes, starts: Places, walk: Walk, row: Callable[..., Row]) -> Iterator[Row]:
    surface = survey(network, centres, around_m=walk.limit_m, step_m=walk.step_m, within_m=walk.snap_m)
    for reach, centre in zip(each(network, starts, limit_m=walk.limit_m), centres, strict=True):
        yield row(reach, _polygon(surface, reach, centre))


def _row(homes: gpd.GeoDataFrame, doors: Places, reach: Reach, polygon: shapely.MultiPolygon) -> Row:
    reached = np.flatnonzero(reach.distances(doors) <= reach.limit_m)
    return *coverage.counted(reached, homes), polygon


def _told(rows: Iterator[Row], total: int, step: Step) -> Iterator[Row]:
    for done, row in enumerate(rows, start=1):
        yield row
        step(done, total)


def _polygon(surface: Surface, reach: Reach, centre: Shapes) -> shapely.MultiPolygon:
    """The outline; where it is smaller than the grid's step, a narrow band along the streets reached."""
    outline = surface.outline(reach, (centre[0], centre[1]))
    if not outline.is_empty:
        return outline
    band = shapely.union_all(shapely.buffer(reach.streets().geometry.to_numpy(), surface.step_m / 2))
    around = shapely.Point(centre).buffer(surface.step_m / 2)
    return shapely.multipolygons(shapely.get_parts(shapely.union(band, around)))


def _reasons(network: Network, starts: Places, walk: Walk) -> Shapes:
    """Of each start: why nothing can be built about it; empty when it can."""
    is_joined = starts.edge >= 0
    on_island = is_joined & network.is_island(walk.island_streets_m)[starts.edge]
    texts = [TOO_FAR.format(walk.snap_m), ON_AN_ISLAND, OUT_OF_TIME]
    return np.select([~is_joined, on_island, starts.off_m > walk.limit_m], texts, "")


def _frame(facilities: gpd.GeoDataFrame, rows: list[Row]) -> gpd.GeoDataFrame:
    households, residents, polygons = zip(*rows, strict=True) if rows else ((), (), ())
    columns = {
        "facility_id": facilities["id"].to_numpy(),
        "households": np.array(households, dtype=np.int64),
        "residents": pd.array(residents, dtype="Int64"),
        "area_m2": shapely.area(np.array(polygons, dtype=object)),
    }
    return gpd.GeoDataFrame(columns, geometry=list(polygons), crs=facilities.crs)

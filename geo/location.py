"""Where a point lies: one cell for every point, by rule. Points and boundaries in EPSG:4490 degrees, distances in metres of a zone.

`covers`, judged in degrees, where neighbouring cells share their vertices exactly; on a border the lowest code wins; in a gap the
nearest cell within the tolerance. Of the cells within the tolerance a person on the spot may pick another.
data/sql/report_incident.sql holds the same rule for one point; tests keep the two equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

SRID = 4490
BOX_METRES_PER_DEGREE = 55_000
"""Half of a degree of latitude: boxes reach twice the tolerance, because an edge that is straight in degrees bends in metres."""
NOWHERE = -1

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Layer:
    """Areas of one kind, by code. `frame` has `id`, `code`, `name`, `parent_code`; `shapes` lies beside it, null if unknown."""

    frame: pd.DataFrame
    shapes: Shapes

    @classmethod
    def of(cls, areas: gpd.GeoDataFrame) -> Layer:
        """From `id`, `code`, `name`, `parent_code`, `geometry` (EPSG:4490), one version of each code."""
        ordered = areas.sort_values("code", ignore_index=True)
        shapes = ordered.geometry.to_numpy()
        shapely.prepare(shapes)
        return cls(pd.DataFrame(ordered[["id", "code", "name", "parent_code"]]), shapes)

    @cached_property
    def tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.shapes)

    def place_of(self, codes: pd.Series) -> Places:
        """Position of each code, NOWHERE when there is none."""
        return np.asarray(pd.Index(self.frame["code"]).get_indexer(pd.Index(codes)), dtype=np.int64)

    def covering(self, points: Numbers) -> Places:
        """Position of the area with the lowest code that covers each point, NOWHERE when none does."""
        point, area = self.tree.query(shapely.points(points))
        covers = shapely.intersects_xy(self.shapes[area], *points[point].T)
        found = np.full(len(points), len(self.shapes))
        np.minimum.at(found, point[covers], area[covers])
        return np.where(found == len(self.shapes), NOWHERE, found)

    @cached_property
    def columns(self) -> dict[str, Any]:
        """The columns as arrays of objects with a missing value behind the last row, which NOWHERE finds."""
        nothing = np.array([None], dtype=object)
        return {str(name): np.append(values.to_numpy(dtype=object), nothing) for name, values in self.frame.items()}


@dataclass(frozen=True)
class Ground:
    """The cells, communities and streets of one day; distances are measured in the zone `srid`."""

    cells: Layer
    communities: Layer
    streets: Layer
    tolerance_m: float
    srid: int
    planes: Shapes
    """The cells in the zone."""

    @classmethod
    def of(
        cls,
        cells: gpd.GeoDataFrame,
        communities: gpd.GeoDataFrame,
        streets: gpd.GeoDataFrame,
        *,
        tolerance_m: float,
        srid: int,
    ) -> Ground:
        """From frames in EPSG:4490 with `id`, `code`, `name`, `parent_code` (for cells: the community), `geometry`."""
        home = Layer.of(cells)
        planes = project(home.shapes, srid)
        return cls(home, Layer.of(communities), Layer.of(streets), tolerance_m, srid, planes)

    @cached_property
    def boxes(self) -> shapely.STRtree:
        """The cells' boxes in degrees, wide enough to find every cell within the tolerance."""
        west, south, east, north = shapely.bounds(self.cells.shapes).T
        up = self.tolerance_m / BOX_METRES_PER_DEGREE
        aside = up / np.cos(np.radians(np.maximum(abs(south), abs(north))))
        return shapely.STRtree(shapely.box(west - aside, south - up, east + aside, north + up))

    @cached_property
    def community_of_cell(self) -> Places:
        return self.communities.place_of(self.cells.frame["parent_code"])

    @cached_property
    def street_of_community(self) -> Places:
        return self.streets.place_of(self.communities.frame["parent_code"])

    def places(self) -> pd.DataFrame:
        """Each cell with what it lies in, in the columns of `locate`, in the order of `cells`."""
        community = self.community_of_cell
        return _columns(
            self,
            cell=np.arange(len(self.cells.shapes)),
            community=community,
            street=_step(community, self.street_of_community),
        )

    def places_without_cell(self) -> pd.DataFrame:
        """Where else something can lie, in the same columns: each community, each street, nowhere."""
        communities, streets = len(self.communities.shapes), len(self.streets.shapes)
        street = np.r_[self.street_of_community, np.arange(streets), NOWHERE]
        community = np.r_[np.arange(communities), np.full(streets + 1, NOWHERE)]
        return _columns(self, cell=np.full(len(street), NOWHERE), community=community, street=street)


def project(shapes: Shapes, srid: int) -> Shapes:
    """Shapes of EPSG:4490 in the zone, vertex by vertex, prepared for measuring."""
    flat: Shapes = shapely.transform(shapes, lambda xy: _plane(xy, srid))
    shapely.prepare(flat)
    return flat


def locate(points: Numbers, ground: Ground, picks: Mapping[int, str] | None = None) -> pd.DataFrame:
    """Locate `points` (n × 2: longitude, latitude in EPSG:4490). `picks`: by the place of a point, the code of the cell that
    somebody picked for it, which counts if it is within the tolerance.

    Returns n rows in the same order: `located` (inside, border, gap, picked, none); `id`, `code` and `name` of `cell_`,
    `community_` and `street_`, missing where none; `district_code`; `candidates`, JSON text: other cells within the tolerance,
    nearest first; `cell`, its position in `ground.cells`, NOWHERE where none.
    """
    points = np.asarray(points, dtype=float).reshape(-1, 2)
    near = _picked_first(_near(points, ground), ground, picks or {})
    home = near.drop_duplicates("point")
    cell, located = np.full(len(points), NOWHERE), np.full(len(points), "none", dtype=object)
    cell[home["point"]] = home["cell"]
    located[home["point"]] = _located(home)
    community = _step(cell, ground.community_of_cell)
    community[cell == NOWHERE] = ground.communities.covering(points[cell == NOWHERE])
    street = _step(community, ground.street_of_community)
    street[community == NOWHERE] = ground.streets.covering(points[community == NOWHERE])
    found = _columns(ground, cell=cell, community=community, street=street)
    return found.assign(cell=cell, located=located, candidates=_candidates(near, ground.cells, len(points)))


def _plane(xy: Numbers, srid: int) -> Numbers:
    return np.column_stack(Transformer.from_crs(SRID, srid, always_xy=True).transform(*xy.T))


def _near(points: Numbers, ground: Ground) -> pd.DataFrame:
    """Pairs within the tolerance, best first: `point`, `cell`, `covers`, `is_interior`, `distance_m`, `covering` (how many)."""
    point, cell = ground.boxes.query(shapely.points(points))
    x, y = points[point].T
    interior = shapely.contains_xy(ground.cells.shapes[cell], x, y)
    covers = interior.copy()
    covers[~interior] = shapely.intersects_xy(ground.cells.shapes[cell[~interior]], x[~interior], y[~interior])
    distance = np.zeros(len(point))
    distance[~covers] = _distances(points[point[~covers]], cell[~covers], ground)
    pairs = pd.DataFrame({"point": point, "cell": cell, "covers": covers, "is_interior": interior})
    pairs["covering"] = np.bincount(point[covers], minlength=len(points))[point]
    pairs["distance_m"] = distance.round(1)
    return pairs[np.isfinite(distance)].sort_values(
        ["point", "covers", "distance_m", "cell"], ascending=[True, False, True, True], kind="stable", ignore_index=True
    )


def _picked_first(near: pd.DataFrame, ground: Ground, picks: Mapping[int, str]) -> pd.DataFrame:
    """The pairs with the picked cell before those that would have won; `is_picked` where that makes a difference."""
    if not picks:
        return near.assign(is_picked=False)
    wanted = pd.Series(ground.cells.place_of(pd.Series(list(picks.values()))), index=list(picks))
    is_wanted = near["cell"] == near["point"].map(wanted)
    near = near.assign(is_picked=is_wanted & near.duplicated("point"))
    return near.sort_values(["point", "is_picked"], ascending=[True, False], kind="stable", ignore_index=True)


def _distances(points: Numbers, cell: Places, ground: Ground) -> Numbers:
    """Metres from each point to its cell, infinite above the tolerance."""
    spots = shapely.points(_plane(points, ground.srid))
    distance = np.full(len(points), np.inf)
    close = shapely.dwithin(ground.planes[cell], spots, ground.tolerance_m)
    distance[close] = shapely.distance(ground.planes[cell[close]], spots[close])
    return distance


def _located(home: pd.DataFrame) -> Any:
    is_border = (home["covering"] > 1) | ~home["is_interior"]
    return np.select([home["is_picked"], ~home["covers"], is_border], ["picked", "gap", "border"], "inside")


def _step(places: Places, to: Places) -> Places:
    """Follow positions of one layer to another's."""
    return np.where(places == NOWHERE, NOWHERE, np.append(to, NOWHERE)[places])


def _columns(ground: Ground, **places: Places) -> pd.DataFrame:
    layers = {"cell": ground.cells, "community": ground.communities, "street": ground.streets}
    found = {
        f"{kind}_{name}": layers[kind].columns[name][at]
        for kind, at in places.items()
        for name in ("id", "code", "name")
    }
    found["district_code"] = ground.streets.columns["parent_code"][places["street"]]
    return pd.DataFrame(found, dtype=object)


def _candidates(near: pd.DataFrame, cells: Layer, count: int) -> Any:
    """JSON text as PostgreSQL writes its own."""
    texts = np.full(count, "", dtype=object)
    others = near[near.duplicated("point")].sort_values(["point", "distance_m", "cell"], ignore_index=True)
    distances = np.array([f"{distance:.1f}" for distance in others["distance_m"].tolist()], dtype=object)
    written = ', {"code": "' + cells.columns["code"][others["cell"]] + '", "distance_m": ' + distances + "}"
    point = others["point"].to_numpy()
    rank = np.arange(len(point)) - np.searchsorted(point, point)
    for turn in range(rank.max(initial=-1) + 1):
        texts[point[rank == turn]] += written[rank == turn]
    return np.array([f"[{text[2:]}]" for text in texts.tolist()], dtype=object)

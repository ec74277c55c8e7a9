"""How many people and how much ground each community has within reach. Metric CRS: metres and square metres.

People are counted home by home, by the distance of their door, never by a polygon; ground by the polygons.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geo.network import Flags, Floats, Ints, Shapes

CIRCLE_SEGMENTS = 32
"""Per quarter: a circle's polygon is then within 0.04 % of its area."""


def counted(reached: Ints, homes: pd.DataFrame) -> tuple[int, int | None]:
    """Households and residents of the rows `reached` of `homes`; residents are None when no home says how many it has."""
    households, residents = (homes[name].to_numpy(dtype=float, na_value=np.nan) for name in ("households", "residents"))
    is_known = not np.isnan(residents).all()
    return int(households[reached].sum()), int(np.nansum(residents[reached])) if is_known else None


def of_communities(
    communities: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, is_reached: Flags, polygons: Shapes
) -> pd.DataFrame:
    """What is within reach of each community.

    communities: `code`, polygon. homes: `households`, `residents` (null: unknown), point. All in one metric CRS.
    Returns, in the order of `communities`: `code`, `households`, `households_covered`, `residents`, `residents_covered`
    (null where no home of the community says), `area_m2`, `area_covered_m2`. A home on a border counts for the lower code.
    """
    place = standing_in(homes.geometry.to_numpy(), communities)
    people = homes[["households", "residents"]].reset_index(drop=True)
    total, covered = (
        _sums(people[which], place[which], len(communities)) for which in (place >= 0, is_reached & (place >= 0))
    )
    covered.loc[total["residents"].notna() & covered["residents"].isna(), "residents"] = 0
    return pd.DataFrame(
        {
            "code": communities["code"].to_numpy(),
            "households": total["households"].astype(int),
            "households_covered": covered["households"].astype(int),
            "residents": total["residents"].astype("Int64"),
            "residents_covered": covered["residents"].astype("Int64"),
            "area_m2": communities.area.to_numpy(),
            "area_covered_m2": covered_area(communities.geometry.to_numpy(), polygons),
        }
    )


def standing_in(points: Shapes, areas: gpd.GeoDataFrame) -> Ints:
    """Position in `areas` (`code`, polygon) of the area that each point stands in, -1 for none; the lowest code on a border."""
    by_code = np.argsort(areas["code"].to_numpy(), kind="stable")
    point, area = shapely.STRtree(areas.geometry.to_numpy()[by_code]).query(points, predicate="intersects")
    first = pd.Series(area).groupby(point).min()
    found = np.full(len(points), -1)
    found[first.index.to_numpy()] = by_code[first.to_numpy()]
    return found


def covered_area(areas: Shapes, polygons: Shapes) -> Floats:
    """Square metres of each area that lie in any of `polygons`; both may overlap among themselves."""
    union = shapely.STRtree(_quartered(shapely.union_all(polygons)))
    area, piece = union.query(areas, predicate="intersects")
    shared = shapely.area(shapely.intersection(areas[area], union.geometries[piece]))
    return np.asarray(np.bincount(area, shared, minlength=len(areas)))


def circles(points: Shapes, radius_m: float) -> Shapes:
    """The ground within `radius_m` in a straight line of each point, as multipolygons."""
    discs = shapely.buffer(points, radius_m, quad_segs=CIRCLE_SEGMENTS)
    return np.asarray(shapely.multipolygons(discs[:, None]))


def straight_distances(points: Shapes, starts: Shapes) -> Floats:
    """Distance of each point from its nearest start, in a straight line; infinite when there is no start."""
    if not len(starts) or not len(points):
        return np.full(len(points), np.inf)
    distances, _ = cKDTree(shapely.get_coordinates(starts)).query(shapely.get_coordinates(points))
    return np.asarray(distances)


def percentage(part: float, whole: float) -> float | None:
    """`part` of `whole` in percent with two decimals; None when there is no whole."""
    return round(100 * part / whole, 2) if whole else None


def _sums(people: pd.DataFrame, place: Ints, size: int) -> pd.DataFrame:
    """Households and residents by place; residents stay null where none is known."""
    groups = people.groupby(place)
    sums = pd.DataFrame({"households": groups["households"].sum(), "residents": groups["residents"].sum(min_count=1)})
    return sums.reindex(range(size)).fillna({"households": 0})


def _quartered(shape: shapely.Geometry, *, most_vertices: int = 256) -> Shapes:
    """Pieces of `shape` with few vertices each, cut along the middle again and again: fast to intersect."""
    if shapely.get_num_coordinates(shape) <= most_vertices:
        return np.array([shape])
    west, south, east, north = shape.bounds
    x, y = (west + east) / 2, (south + north) / 2
    quarters = ((west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north))
    clipped = [shapely.clip_by_rect(shape, *quarter) for quarter in quarters]
    return np.concatenate([_quartered(piece, most_vertices=most_vertices) for piece in clipped if not piece.is_empty])

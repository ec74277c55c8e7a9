"""The three-level service network: a centre per district and street, stations for the communities. Areas m², city's zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.demo import calibration
from data.demo.calibration import Communities
from data.demo.warp import ZONE
from geo.blocks import Ints, Shapes

BRANCHED = 0.06
"""Share of stations with a branch."""
BRANCH_SPLIT = (0.62, 0.38)
CENTRE_M2 = {"district": (6000, 9000), "street": (1100, 2400)}
CENTRE_TITLES = {"district": "政务服务中心", "street": "社会事务受理中心"}

Facility = dict[str, object]
Served = tuple[str, str, float]


@dataclass(frozen=True)
class Services:
    """`facilities`: code, name, level, floor_area_m2, staff, address, geometry. `serves`: facility_code, community_code,
    share."""

    facilities: gpd.GeoDataFrame
    serves: pd.DataFrame


def build(areas: pd.DataFrame, bands: Shapes, homes: pd.DataFrame, rng: np.random.Generator) -> Services:
    """Facilities of all levels and whom the stations serve.

    `areas` has all levels with households and geometry; `homes` has `community` (its number among the communities, by
    which it is sorted), `address` and `geometry`.
    """
    communities = _communities(areas, bands)
    sites = _Sites(homes, len(bands))
    facilities = list(_centres(areas, communities, sites, rng))
    serves: list[Served] = []
    for number, group in enumerate(calibration.groups(communities, rng), start=1):
        for station, served in _stations(number, group, communities, rng):
            facilities.append(station | sites.near(group, at_edge=served[0][0].endswith("B")))
            serves += served
    frame = gpd.GeoDataFrame(facilities, geometry="geometry", crs=ZONE)
    return Services(frame, pd.DataFrame(serves, columns=["facility_code", "community_code", "share"]))


def _communities(areas: pd.DataFrame, bands: Shapes) -> Communities:
    rows = areas[areas["level"] == "community"]
    code, street, name = (rows[column].to_numpy(dtype=object) for column in ("code", "parent_code", "name"))
    xy = shapely.get_coordinates(shapely.centroid(rows["geometry"].to_numpy()))
    return Communities(code, street, name, rows["households"].to_numpy(), xy, bands)


def _stations(
    number: int, group: list[int], communities: Communities, rng: np.random.Generator
) -> Iterator[tuple[Facility, list[Served]]]:
    """The station of a group, now and then with a branch, and the communities served with their shares."""
    total = calibration.floor_area(communities, group, rng)
    held = communities.households[group]
    has_branch = len(group) == 1 and rng.random() < BRANCHED
    for part, mark, title in zip(
        BRANCH_SPLIT if has_branch else (1.0,), ("", "B"), ("服务站", "服务分站"), strict=False
    ):
        code = f"{communities.code[group[0]][:9]}S{number:04d}{mark}"
        name = communities.name[group[0]] + title
        served = [(code, communities.code[each], share) for each, share in zip(group, _shares(held), strict=True)]
        yield _facility(code, name, "station", total * part, int(held.sum() * part)), served


def _shares(households: Ints) -> list[float]:
    """Shares by households, to six digits, that sum to 1."""
    shares = [round(float(each), 6) for each in households[:-1] / households.sum()]
    return [*shares, round(1 - sum(shares), 6)]


def _facility(code: str, name: str, level: str, floor_area_m2: float, households: int) -> Facility:
    """A facility; its staff follows floor area and the households served."""
    staff = round(4 + households / 400 + floor_area_m2 / 150)
    return {"code": code, "name": name, "level": level, "floor_area_m2": round(floor_area_m2, 1), "staff": staff}


def _centres(
    areas: pd.DataFrame, communities: Communities, sites: _Sites, rng: np.random.Generator
) -> Iterator[Facility]:
    """A service centre per district and an acceptance centre per street, in the community nearest to its middle."""
    codes = communities.code.astype(str)
    for level, digits in (("district", 6), ("street", 9)):
        for unit in areas[areas["level"] == level].to_dict("records"):
            members = np.flatnonzero(np.char.startswith(codes, unit["code"][:digits]))
            middle = shapely.get_coordinates(shapely.centroid(unit["geometry"]))
            nearest = members[np.argmin(np.hypot(*(communities.xy[members] - middle).T))]
            size = float(rng.uniform(*CENTRE_M2[level]))
            name = unit["name"] + CENTRE_TITLES[level]
            made = _facility(f"{unit['code'][:9]}C", name, f"{level}_centre", size, unit["households"] // 8)
            yield made | sites.near([int(nearest)], at_edge=level == "district")


class _Sites:
    """Doors beside which a facility can stand."""

    def __init__(self, homes: pd.DataFrame, communities: int) -> None:
        self.address, self.points = homes["address"].to_numpy(), homes["geometry"].to_numpy()
        self.xy = shapely.get_coordinates(self.points)
        self.first = np.searchsorted(homes["community"].to_numpy(), np.arange(communities + 1))

    def near(self, group: list[int], *, at_edge: bool) -> Facility:
        """The door nearest to the middle of the communities' homes, or one far from it."""
        rows = np.concatenate([np.arange(self.first[each], self.first[each + 1]) for each in group])
        away = np.hypot(*(self.xy[rows] - self.xy[rows].mean(axis=0)).T)
        chosen = rows[np.argsort(away, kind="stable")[int(0.8 * len(rows)) if at_edge else 0]]
        return {"address": self.address[chosen], "geometry": self.points[chosen]}

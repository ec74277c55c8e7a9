"""Stations, calibrated to the published table of the end of 2009. Floor areas are m²; points in the city's zone.

Of 148 communities 135 meet 350/230 m² by area class and 56 meet 350 m² everywhere; other counts in proportion. A station
that serves several communities is shared out among them by households.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.demo.warp import ZONE
from geo.blocks import Bools, Floats, Ints, Shapes

TABLE_COMMUNITIES, TABLE_BY_CLASS, TABLE_CITYWIDE = 148, 135, 56
OLD_SHARE_OF_LARGE = 0.2
OLD_SHARE_OF_SHORT = 0.45

LARGE, MIDDLE, SHORT_OLD, SHORT_NEW = "large", "middle", "short old", "short new"
BANDS = {LARGE: (362.0, 760.0), MIDDLE: (238.0, 341.0), SHORT_OLD: (110.0, 220.0), SHORT_NEW: (190.0, 338.0)}
"""Floor area per community, well clear of the limits."""
SHARED = 0.24
BRANCHED = 0.06
NEIGHBOUR_M = 900.0


@dataclass(frozen=True)
class Network:
    """`facilities`: code, name, level, floor_area_m2, staff, address, geometry. `serves`: facility and community, share."""

    facilities: gpd.GeoDataFrame
    serves: pd.DataFrame


def outcomes(old_share: Floats, rng: np.random.Generator) -> tuple[Bools, list[str]]:
    """Which communities are old city, and the band of each one's floor area."""
    count = len(old_share)
    citywide = round(count * TABLE_CITYWIDE / TABLE_COMMUNITIES)
    by_class = round(count * TABLE_BY_CLASS / TABLE_COMMUNITIES)
    old_large, old_short = round(OLD_SHARE_OF_LARGE * citywide), round(OLD_SHARE_OF_SHORT * (count - by_class))
    old_bands = [MIDDLE] * (by_class - citywide) + [LARGE] * old_large + [SHORT_OLD] * old_short
    new_bands = [LARGE] * (citywide - old_large) + [SHORT_NEW] * (count - by_class - old_short)
    order = np.argsort(-old_share, kind="stable")
    is_old = np.zeros(count, dtype=np.bool_)
    is_old[order[: len(old_bands)]] = True
    bands = np.empty(count, dtype=object)
    bands[is_old] = rng.permutation(np.array(old_bands, dtype=object))
    bands[~is_old] = rng.permutation(np.array(new_bands, dtype=object))
    return is_old, list(bands)


def build(areas: pd.DataFrame, bands: list[str], homes: pd.DataFrame, rng: np.random.Generator) -> Network:
    """Facilities of the three levels and whom the stations serve.

    `areas` has all levels with households and geometry, `homes` has `community` (row among the communities), `address`
    and `geometry`, sorted by community.
    """
    communities = areas[areas["level"] == "community"].reset_index(drop=True)
    doors = _doors(homes, len(communities))
    groups = _groups(communities, bands, rng)
    stations, serves = [], []
    for number, group in enumerate(groups):
        made, served = _stations(number, group, communities, bands, rng)
        stations += [station | _site(homes, doors, group, rank) for rank, station in enumerate(made)]
        serves += served
    centres = _centres(areas, communities, homes, doors, rng)
    facilities = gpd.GeoDataFrame([*centres, *stations], geometry="geometry", crs=ZONE)
    return Network(facilities, pd.DataFrame(serves, columns=["facility_code", "community_code", "share"]))


def _doors(homes: pd.DataFrame, communities: int) -> Ints:
    """Where each community's homes begin; one more at the end."""
    return np.searchsorted(homes["community"].to_numpy(), np.arange(communities + 1))


def _groups(communities: pd.DataFrame, bands: list[str], rng: np.random.Generator) -> list[list[int]]:
    """Communities that share a station: near ones of the same street and band whose shares can all lie in the band."""
    xy = shapely.get_coordinates(shapely.centroid(communities["geometry"].to_numpy()))
    families = communities.groupby("parent_code").indices
    wants = rng.random(len(communities)) < SHARED
    grouped: set[int] = set()
    found = []
    for number in range(len(communities)):
        if number in grouped:
            continue
        group = [number]
        if wants[number]:
            family = families[communities["parent_code"].iat[number]]
            near = family[np.argsort(np.hypot(*(xy[family] - xy[number]).T), kind="stable")]
            group += [
                int(other)
                for other in near[1:4]
                if other > number and other not in grouped and bands[other] == bands[number]
                and np.hypot(*(xy[other] - xy[number])) < NEIGHBOUR_M
                and _fits(communities["households"].to_numpy()[[number, other]], bands[number])
            ][:1]  # fmt: skip
        grouped.update(group)
        found.append(group)
    return found


def _fits(households: Ints, band: str) -> bool:
    low, high = BANDS[band]
    return bool(households.max() / households.min() < 0.95 * high / low)


def _stations(
    number: int, group: list[int], communities: pd.DataFrame, bands: list[str], rng: np.random.Generator
) -> tuple[list[dict[str, object]], list[tuple[str, str, float]]]:
    """The station of a group, or two when a community has a branch; and the communities served with their shares."""
    held = communities["households"].to_numpy()[group]
    low, high = BANDS[bands[group[0]]]
    wanted = rng.uniform(low, high * held.min() / held.max())
    total = wanted * held.sum() / held.min()
    parts = [0.62, 0.38] if len(group) == 1 and rng.random() < BRANCHED else [1.0]
    shares = _shares(held)
    street = str(communities["code"].iat[group[0]])[:9]
    made: list[dict[str, object]] = []
    served: list[tuple[str, str, float]] = []
    for rank, part in enumerate(parts):
        code = f"{street}S{number + 1:04d}" + ("B" if rank else "")
        name = str(communities["name"].iat[group[0]]) + ("服务分站" if rank else "服务站")
        made.append(_facility(code, name, "station", round(total * part, 1), int(held.sum() * part)))
        served += [
            (code, str(communities["code"].iat[member]), share) for member, share in zip(group, shares, strict=True)
        ]
    return made, served


def _shares(households: Ints) -> list[float]:
    """Shares by households, to six digits, that sum to 1."""
    shares = [round(float(each), 6) for each in households[:-1] / households.sum()]
    return [*shares, round(1 - sum(shares), 6)]


def _facility(code: str, name: str, level: str, floor_area_m2: float, households: int) -> dict[str, object]:
    """A facility; its staff follows floor area and the households served."""
    staff = round(4 + households / 400 + floor_area_m2 / 150)
    return {"code": code, "name": name, "level": level, "floor_area_m2": floor_area_m2, "staff": staff}


def _site(homes: pd.DataFrame, doors: Ints, group: list[int], rank: int = 0) -> dict[str, object]:
    """Beside the door nearest to the middle of the group's homes; a branch beside a door at the edge."""
    rows = np.concatenate([np.arange(doors[member], doors[member + 1]) for member in group])
    points: Shapes = homes["geometry"].to_numpy()[rows]
    xy = shapely.get_coordinates(points)
    away = np.hypot(*(xy - xy.mean(axis=0)).T)
    chosen = rows[np.argsort(away, kind="stable")[0 if rank == 0 else int(0.8 * len(rows))]]
    return {"address": homes["address"].iat[chosen], "geometry": homes["geometry"].iat[chosen]}


def _centres(
    areas: pd.DataFrame, communities: pd.DataFrame, homes: pd.DataFrame, doors: Ints, rng: np.random.Generator
) -> list[dict[str, object]]:
    """One service centre per district and one acceptance centre per street, in the community nearest to its middle."""
    upper = areas[areas["level"].isin(["district", "street"])]
    xy = shapely.get_coordinates(shapely.centroid(communities["geometry"].to_numpy()))
    found = []
    for unit in upper.itertuples():
        prefix = unit.code[:6] if unit.level == "district" else unit.code[:9]
        members = np.flatnonzero(communities["code"].str.startswith(prefix))
        middle = shapely.get_coordinates(shapely.centroid(unit.geometry))[0]
        nearest = members[np.argmin(np.hypot(*(xy[members] - middle).T))]
        is_district = unit.level == "district"
        title = "政务服务中心" if is_district else "社会事务受理中心"
        size = round(float(rng.uniform(6000, 9000) if is_district else rng.uniform(1100, 2400)), 1)
        level = f"{unit.level}_centre"
        made = _facility(f"{unit.code[:9]}C", f"{unit.name}{title}", level, size, unit.households // 8)
        found.append(made | _site(homes, doors, [int(nearest)], rank=int(is_district)))
    return found

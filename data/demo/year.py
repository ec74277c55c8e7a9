"""A year of reported incidents with daily, weekly and seasonal rhythm and hot spots. Metres in the city's zone; times UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from data import reference
from data.demo.warp import ZONE
from geo.blocks import Floats, Ints, Shapes

PER_COMMUNITY = 50_000 / 148
WAITING_PER_COMMUNITY = 500 / 148
DAYS = 365
WAITING_HOURS = 9
EAST_8 = timedelta(hours=8)

SOURCES = {"grid_worker": 0.46, "hotline": 0.27, "resident": 0.14, "video": 0.07, "superior": 0.03, "system": 0.03}
WORKING = ("grid_worker", "superior")
WORKING_HOURS = [0, 0, 0, 0, 0, 0, 1, 4, 12, 16, 15, 9, 3, 6, 13, 15, 12, 7, 3, 1, 0.4, 0.2, 0, 0]
CALLING_HOURS = [1, 0.6, 0.4, 0.3, 0.4, 1, 3, 6, 8, 9, 8, 7, 6, 6, 6, 7, 7, 8, 9, 10, 9, 7, 4, 2]
WEEKDAYS = {True: [1.08, 1.04, 1.02, 1.0, 0.98, 0.45, 0.3], False: [1.0, 0.98, 0.97, 0.97, 1.02, 1.1, 1.05]}
"""Monday to Sunday, for grid workers and for everyone else."""

FREQUENT = {
    "E0101": 9, "E0202": 8, "E0203": 7, "E0102": 6, "E0105": 5, "E0201": 5, "E0205": 4, "C0202": 4, "C0201": 3.5,
    "C0101": 3, "C0102": 3, "E0501": 4, "E0503": 3, "E0302": 3, "C0302": 2.5, "C0304": 2, "C0401": 2, "E0502": 2,
}  # fmt: skip
"""How often a category occurs beside the others, which count 1."""
RARE = {"E0404": 0.15, "E0402": 0.25, "C0403": 0.2, "E0403": 0.5}
SEASONS = {"wet": ("E0401", "C0304", "E0106", "C0401"), "hot": ("E0501", "E0302", "E0201"), "cold": ("E0502", "E0403")}
PEAK_DAY = {"wet": 205, "hot": 195, "cold": 10}
"""Day of the year around which a season's categories gather."""
STORMS = 9

ON_STREET = {
    "primary": 2.0,
    "secondary": 2.2,
    "tertiary": 2.4,
    "residential": 1.6,
    "living_street": 1.2,
}
HOT_SPOT_AREA_M2 = 1_600_000
TAILS = ("", "", "", "，已影响通行", "，请尽快处理", "，多日未处理", "，请派人查看", "，居民反映强烈", "，存在安全隐患")


@dataclass(frozen=True)
class Places:
    """Where something can happen: points in the city's zone, how likely each is, and what to call it."""

    points: Shapes
    weight: Floats
    name: list[str]


def report(
    communities: int, streets: pd.DataFrame, homes: pd.DataFrame, as_of: datetime, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Incidents in order of time: category_code, description, source, two moments (UTC, missing when not yet), geometry.

    `streets` has kind, name, length_m, geometry; `homes` has address, households, geometry.
    """
    count = round(communities * PER_COMMUNITY)
    waiting = min(count, max(1, round(communities * WAITING_PER_COMMUNITY)))
    categories = _categories(count, rng)
    sources = rng.choice(list(SOURCES), count, p=list(SOURCES.values()))
    reported = _moments(categories, sources, as_of, rng)
    reported[-waiting:] = _latest(waiting, as_of, rng)
    order = np.argsort(reported, kind="stable")
    categories, sources, reported = categories[order], sources[order], reported[order]
    place, points = _happen(streets, homes, count, rng)
    told = _told(categories, place, rng)
    frame = pd.DataFrame({"category_code": categories, "description": told, "source": sources})
    frame = frame.assign(**_progress(reported, waiting, as_of, rng))
    return gpd.GeoDataFrame(frame, geometry=points, crs=ZONE)


def _categories(count: int, rng: np.random.Generator) -> Shapes:
    codes = [row["code"] for row in reference.rows("categories") if row["parent_code"]]
    weight = np.array([FREQUENT.get(code, RARE.get(code, 1.0)) for code in codes])
    return np.array(codes, dtype=object)[rng.choice(len(codes), count, p=weight / weight.sum())]


def _moments(categories: Shapes, sources: Shapes, as_of: datetime, rng: np.random.Generator) -> Shapes:
    """Seconds since the epoch, before the hours in which the waiting ones come in."""
    first = as_of + EAST_8 - timedelta(days=DAYS)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0) - EAST_8
    is_work = np.isin(sources, WORKING)
    seconds = np.zeros(len(categories), dtype=np.int64)
    storms = rng.choice(np.arange(DAYS), STORMS, replace=False)
    for season in (*SEASONS, ""):
        belongs = np.isin(categories, SEASONS[season]) if season else ~np.isin(categories, sum(SEASONS.values(), ()))
        for works in (True, False):
            chosen = np.flatnonzero(belongs & (is_work == works))
            day = rng.choice(DAYS, len(chosen), p=_day_weights(midnight + EAST_8, season, works, storms))
            hours = np.array(WORKING_HOURS if works else CALLING_HOURS, dtype=float)
            hour = rng.choice(24, len(chosen), p=hours / hours.sum())
            seconds[chosen] = day * 86_400 + hour * 3600 + rng.integers(0, 3600, len(chosen))
    latest = int((as_of - midnight).total_seconds()) - WAITING_HOURS * 3600
    return int(midnight.timestamp()) + np.where(seconds < latest, seconds, seconds % latest)


def _day_weights(first: datetime, season: str, works: bool, storms: Ints) -> Floats:
    """How likely each of the year's days is."""
    day = np.arange(DAYS)
    week = np.array(WEEKDAYS[works])[(first.weekday() + day) % 7]
    weight = week * (1 + 0.04 * np.sin(day * 0.9))
    if season:
        from_peak = (first.timetuple().tm_yday + day - PEAK_DAY[season] + 182) % 365 - 182
        weight = weight * (0.25 + 2.5 * np.exp(-((from_peak / 38) ** 2)))
    if season == "wet":
        weight[storms] *= 5
    return np.asarray(weight / weight.sum())


def _latest(count: int, as_of: datetime, rng: np.random.Generator) -> Ints:
    return int(as_of.timestamp()) - np.sort(rng.integers(30, WAITING_HOURS * 3600, count))[::-1]


def _happen(
    streets: pd.DataFrame, homes: pd.DataFrame, count: int, rng: np.random.Generator
) -> tuple[list[str], Shapes]:
    """Names of places and points: along streets, at junctions, at homes; most near hot spots, some again and again."""
    at = rng.choice(["street", "junction", "home"], count, p=[0.5, 0.03, 0.47])
    heat = _hot_spots(homes, rng)
    along = _along(streets)
    name = np.empty(count, dtype=object)
    xy = np.empty((count, 2))
    for kind, spots in (("street", along), ("junction", along), ("home", _doorsteps(homes))):
        chosen = np.flatnonzero(at == kind)
        weight = spots.weight * heat(shapely.get_coordinates(shapely.centroid(spots.points)))
        spot = rng.choice(len(weight), len(chosen), p=weight / weight.sum())
        name[chosen] = np.array(spots.name, dtype=object)[spot]
        xy[chosen] = _near(spots.points[spot], kind, rng)
    return list(name), np.asarray(shapely.points(np.round(xy, 3)))


def _near(shapes: Shapes, kind: str, rng: np.random.Generator) -> Floats:
    """A point along a street or beside a door; at a junction exactly the node, which may lie on a border."""
    along = rng.random(len(shapes))
    if kind == "junction":
        return np.asarray(shapely.get_coordinates(shapely.get_point(shapes, 0)))
    if kind == "street":
        shapes = shapely.line_interpolate_point(shapes, along, normalized=True)
    return np.asarray(shapely.get_coordinates(shapes) + rng.normal(0, 3.5, (len(shapes), 2)))


@dataclass(frozen=True)
class _Heat:
    """Hot spots: their middles, how far they reach (m) and how much more happens in their middle."""

    centres: Floats
    reach_m: Floats
    strength: Floats

    def __call__(self, points: Floats) -> Floats:
        """How much more happens at each point than far from every hot spot."""
        found = np.ones(len(points))
        near = cKDTree(points).query_ball_point(self.centres, 3 * self.reach_m, return_sorted=True)
        for inside, centre, reach, strength in zip(near, self.centres, self.reach_m, self.strength, strict=True):
            found[inside] += strength * np.exp(-(((points[inside] - centre) / reach) ** 2).sum(axis=1))
        return found


def _hot_spots(homes: pd.DataFrame, rng: np.random.Generator) -> _Heat:
    xy = shapely.get_coordinates(homes["geometry"].to_numpy())
    count = max(1, round(np.ptp(xy, axis=0).prod() / HOT_SPOT_AREA_M2))
    return _Heat(xy[rng.integers(0, len(xy), count)], rng.uniform(90, 260, count), rng.uniform(2, 9, count))


def _along(streets: pd.DataFrame) -> Places:
    streets = streets[streets["name"].notna()]
    weight = streets["length_m"] * streets["kind"].map(ON_STREET).fillna(0)
    return Places(streets["geometry"].to_numpy(), weight.to_numpy(), list(streets["name"]))


def _doorsteps(homes: pd.DataFrame) -> Places:
    return Places(homes["geometry"].to_numpy(), homes["households"].to_numpy().astype(float), list(homes["address"]))


def _told(categories: Shapes, place: list[str], rng: np.random.Generator) -> list[str]:
    said = {row["code"]: row["name"] for row in reference.rows("categories")}
    tail = rng.integers(0, len(TAILS), len(categories))
    return [f"{where}{said[code]}{TAILS[number]}" for where, code, number in zip(place, categories, tail, strict=True)]


def _progress(reported: Ints, waiting: int, as_of: datetime, rng: np.random.Generator) -> dict[str, pd.Series]:
    """When each was reported and dispatched; what would lie after `as_of` has not happened yet, and the newest still wait."""
    count = len(reported)
    dispatched = reported + rng.lognormal(np.log(150), 0.8, count).astype(np.int64)
    is_given = (np.arange(count) < count - waiting) & (dispatched <= int(as_of.timestamp()))
    told = {"reported_at": reported, "dispatched_at": dispatched}
    moments = {name: pd.Series(pd.to_datetime(seconds, unit="s", utc=True)) for name, seconds in told.items()}
    return moments | {"dispatched_at": moments["dispatched_at"].where(is_given)}

"""The checks of facilities: two for one, floor areas that are absent or can't be. In the city's zone; m, m²."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import psycopg
import shapely

from data.imports.checks import Found
from data.imports.editions import Edition, Gone
from data.imports.surroundings import read
from data.imports.tolerances import Tolerances
from data.imports.versions import Layer
from data.settings import settings

M_PER_DEGREE = 70_000
"""At least so many metres has a degree of longitude up to 51° N: what is near is looked for in a wider box."""


def examine(connection: psycopg.Connection[Any], layer: Layer, edition: Edition, gone: Sequence[Gone]) -> Found:
    """What is wrong with the facilities in `incoming`, beside those that stay."""
    limits, ended = edition.limits, [end.id for end in gone]
    degrees = limits.same_name_m / M_PER_DEGREE
    near = layer.statement("facilities_near", day=edition.looked_at, gone=ended, degrees=degrees)
    everyone = read(connection, near).to_crs(settings().metric_srid)
    units = everyone[everyone["line"].notna()]
    yield from floors(units, limits)
    yield "facility_twice", twice(units, everyone, limits)


def floors(units: gpd.GeoDataFrame, limits: Tolerances) -> Found:
    """Floor areas that are not recorded, and such as no building of this kind has."""
    area = units["floor_area_m2"].astype(float)
    yield "floor_area_absent", _told(units[area.isna()], "the floor area is not recorded")
    absurd = (area < limits.floor_area_min_m2) | (area > limits.floor_area_max_m2)
    text = f"a floor area of less than {limits.floor_area_min_m2:,.0f} or more than {limits.floor_area_max_m2:,.0f} m² can't be"
    yield "floor_area_absurd", _told(units[absurd], text, area[absurd])


def twice(units: gpd.GeoDataFrame, everyone: gpd.GeoDataFrame, limits: Tolerances) -> gpd.GeoDataFrame:
    """Facilities of one level in one place, or near each other under one name. The later row is told, with the other's code."""
    shapes = everyone.geometry.to_numpy()
    left, right = shapely.STRtree(shapes).query(
        units.geometry.to_numpy(), predicate="dwithin", distance=limits.same_name_m
    )
    mine, other = units.index.to_numpy()[left], everyone.index.to_numpy()[right]
    distance_m = shapely.distance(everyone.geometry[mine].to_numpy(), everyone.geometry[other].to_numpy())
    near = distance_m <= limits.same_place_m
    near |= everyone["name"][mine].to_numpy() == everyone["name"][other].to_numpy()
    near &= everyone["level"][mine].to_numpy() == everyone["level"][other].to_numpy()
    near &= (mine != other) & ~(np.isin(other, units.index) & (mine < other))
    codes = everyone["code"][other[near]].to_numpy()
    texts = [
        f"lies {metres:,.0f} m from {code}, of the same level"
        for metres, code in zip(distance_m[near], codes, strict=True)
    ]
    return _told(everyone.loc[mine[near]], texts, codes).assign(field="code", other=codes)


def _told(units: gpd.GeoDataFrame, texts: str | list[str], values: Any = None) -> gpd.GeoDataFrame:
    return units[["line", "code", "geometry"]].assign(field="floor_area_m2", value=values, text=texts)

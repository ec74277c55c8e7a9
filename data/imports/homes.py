"""The checks of residences: against the communities in which they lie. EPSG:4490."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import psycopg
from psycopg import sql as compose

from data.database import sql
from data.days import today
from data.imports.checks import Found
from data.imports.surroundings import read
from data.imports.tolerances import Tolerances


def astray(connection: psycopg.Connection[Any]) -> Found:
    """The homes in `incoming` that lie in no community."""
    found = read(connection, compose.SQL(sql("import_residences_astray")).format(day=compose.Literal(today())))
    yield "home_astray", found.assign(field="geometry", value=found["code"], text="lies in no community")


def sums(connection: psycopg.Connection[Any], limits: Tolerances) -> Found:
    """What is wrong with the communities around the homes in `brought`, which are stored."""
    day, pct = compose.Literal(today()), compose.Literal(limits.households_tolerated_pct)
    units = read(connection, compose.SQL(sql("import_residences_units")).format(day=day, pct=pct))
    is_empty = units["homes"] == 0
    yield "homes_absent", _told(units[is_empty], "no home is known in it", units["told"][is_empty])
    yield "households_sum", _sums(units[~is_empty])


def _sums(units: gpd.GeoDataFrame) -> pd.DataFrame:
    told = zip(units["told"], units["counted"], units["homes"], strict=True)
    texts = [f"has {own:,} households, the {homes:,} homes in it {int(all_):,} in all" for own, all_, homes in told]
    return _told(units, texts, units["told"]).assign(other=units["counted"].astype("str"))


def _told(units: gpd.GeoDataFrame, texts: str | list[str], values: pd.Series) -> pd.DataFrame:
    told = pd.DataFrame(units[["line", "code", "geometry"]])
    return told.assign(field="households", value=values, text=texts)

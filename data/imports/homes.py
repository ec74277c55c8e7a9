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


def examine(connection: psycopg.Connection[Any], limits: Tolerances) -> Found:
    """What is wrong with the homes in `incoming`, which are stored, and with the communities around them."""
    day = compose.Literal(today())
    astray = read(connection, compose.SQL(sql("import_residences_astray")).format(day=day))
    yield "home_astray", astray.assign(field="geometry", value=astray["code"], text="lies in no community")
    pct = compose.Literal(limits.households_tolerated_pct)
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

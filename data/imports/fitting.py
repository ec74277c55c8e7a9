"""Whether rows lie in the units they belong to, and whether they would under another datum. Degrees, EPSG:4490."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pandas as pd
import psycopg
import shapely

from data.database import sql
from data.days import today
from data.imports.columns import UNSHIFTED
from data.imports.options import Options
from data.imports.sheet import Sheet
from data.imports.tolerances import held
from geo.datum import convert
from geo.errors import BadFile

SHIFTS = ("wgs84", "gcj02", "bd09")
SWAPPED = "swapped"
SAMPLE_ROWS = 2000
"""Looked at, evenly over the file."""
Degrees = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, kw_only=True)
class Fit:
    """How much better another reading has to be: in % of the rows, and in rows."""

    fit_better_pct: float
    fit_better_rows: int


@dataclass(frozen=True)
class Reading:
    """How many rows would lie where they belong if coordinates were read in this way."""

    how: str
    inside: int


def question(connection: psycopg.Connection[Any], sheet: Sheet, datum: str, options: Options) -> None:
    """Raises: BadFile if far more rows lie in their units after another conversion, with what to say then."""
    if options.is_insisting or not sheet.frame["geometry"].notna().any():
        return
    placed = sheet.frame[sheet.frame["geometry"].notna()]
    placed = placed.iloc[:: max(1, len(placed) // SAMPLE_ROWS)]
    homes, whose = _homes(connection, placed)
    if not len(homes):
        return
    spots = shapely.centroid(placed.loc[homes.index, "geometry"].to_numpy())
    readings = list(_readings(spots, homes.to_numpy(), datum))
    told, best = readings[0], max(readings, key=lambda reading: reading.inside)
    limits = held(connection, Fit, today())
    gained = best.inside - told.inside
    if gained >= limits.fit_better_rows and gained * 100 >= limits.fit_better_pct * len(homes):
        rows = {"rows": len(homes), "inside": told.inside, "inside_then": best.inside}
        raise BadFile(_message(told, best, len(homes), whose), datum=told.how, better=best.how, **rows)


def _message(told: Reading, best: Reading, count: int, whose: str) -> str:
    say = "--swap" if best.how == SWAPPED else f"--datum {best.how}"
    how = "with longitude and latitude swapped" if best.how == SWAPPED else f"as {best.how}"
    return (
        f"read as {told.how}, {told.inside:,} of {count:,} rows lie in {whose}; {how} it would be {best.inside:,}: "
        f"say {say}, or --insist if they are right"
    )


def _readings(spots: np.ndarray[Any, Any], homes: np.ndarray[Any, Any], datum: str) -> Iterator[Reading]:
    """As told first, then every other."""
    x, y = convert(shapely.get_x(spots), shapely.get_y(spots), source="cgcs2000", target=datum)
    is_told_unshifted = datum in UNSHIFTED
    for how in (
        datum,
        *(shift for shift in SHIFTS if shift != datum and not (is_told_unshifted and shift in UNSHIFTED)),
    ):
        yield Reading(how, _inside(homes, *convert(x, y, source=how)))
    if (np.abs(x) <= 90).all():
        yield Reading(SWAPPED, _inside(homes, *convert(y, x, source=datum)))
    else:
        yield Reading(SWAPPED, _inside(homes, y, x))


def _inside(homes: np.ndarray[Any, Any], lon: Degrees, lat: Degrees) -> int:
    return int(shapely.intersects_xy(homes, lon, lat).sum())


def _homes(connection: psycopg.Connection[Any], placed: pd.DataFrame) -> tuple[pd.Series, str]:
    """The ground of each row's own unit, of rows whose unit has one; without codes, of all streets together."""
    codes = _codes(placed)
    if codes is None:
        return _anywhere(connection, placed), "a street"
    grounds = _grounds(connection, codes.dropna().unique().tolist())
    own = codes[codes.isin(grounds.index)]
    shapes = grounds.loc[own].to_numpy(dtype=object)
    shapely.prepare(shapes)
    return pd.Series(shapes, own.index, dtype=object), "their unit"


def _anywhere(connection: psycopg.Connection[Any], placed: pd.DataFrame) -> pd.Series:
    """All streets together as the ground of every row; no rows where no street has a boundary."""
    streets = _grounds(connection, None)
    rows = placed.index if len(streets) else placed.index[:0]
    whole = shapely.union_all(streets.to_numpy())
    shapely.prepare(whole)
    return pd.Series([whole] * len(rows), rows, dtype=object)


def _codes(placed: pd.DataFrame) -> pd.Series | None:
    """The unit that each row says it belongs to, by the column of its kind."""
    if "serves" in placed:
        return placed["serves"].map(lambda shares: next(iter(orjson.loads(shares)), None), na_action="ignore")
    for name in ("community_code", "parent_code", "place_code"):
        if name in placed:
            return placed[name]
    return None


def _grounds(connection: psycopg.Connection[Any], codes: list[str] | None) -> pd.Series:
    rows = connection.execute(sql("import_homes"), {"codes": codes}).fetchall()
    shapes = shapely.from_wkb([bytes(geom) for _, geom in rows])
    return pd.Series(np.asarray(shapes, dtype=object), [code for code, _ in rows], dtype=object)

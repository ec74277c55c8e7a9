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
class Homes:
    """`own`: which of the `grounds` each row's own unit has, -1 where it has none."""

    own: pd.Series
    grounds: np.ndarray[Any, Any]
    whose: str

    @property
    def known(self) -> pd.Series:
        return self.own >= 0

    @property
    def are_told_apart(self) -> bool:
        return len(self.grounds) > 1

    def reading(self, how: str, lon: Degrees, lat: Degrees) -> Reading:
        """A point on a border lies in both units."""
        rows, hit = shapely.STRtree(self.grounds).query(shapely.points(lon, lat), predicate="intersects")
        return Reading(how, int((self.own.to_numpy()[rows] == hit).sum()), len(np.unique(rows)))


@dataclass(frozen=True)
class Reading:
    """How many rows would lie where they belong, and how many in any such unit, if coordinates were read in this way."""

    how: str
    inside: int
    anywhere: int


def question(connection: psycopg.Connection[Any], sheet: Sheet, datum: str, options: Options) -> None:
    """Raises: BadFile if far more rows lie in their units after another conversion, with what to say then."""
    if options.is_insisting or not sheet.frame["geometry"].notna().any():
        return
    placed = sheet.frame[sheet.frame["geometry"].notna()]
    placed = placed.iloc[:: max(1, len(placed) // SAMPLE_ROWS)]
    homes = _homes(connection, placed)
    count = int(homes.known.sum())
    if not count:
        return
    readings = list(_readings(shapely.centroid(placed.loc[homes.own.index, "geometry"].to_numpy()), homes, datum))
    told, best = readings[0], max(readings, key=lambda reading: reading.inside)
    limits = held(connection, Fit, today())
    gained = best.inside - told.inside
    if gained >= limits.fit_better_rows and gained * 100 >= limits.fit_better_pct * count:
        rows = {"rows": len(homes.own), "inside": told.inside, "inside_then": best.inside}
        raise BadFile(_message(told, best, homes), datum=told.how, better=best.how, **rows)


def _message(told: Reading, best: Reading, homes: Homes) -> str:
    """`104 of 156 rows lie in their unit (137 in any)`: in any says how many could be told apart at all."""
    told_any, best_any = (f" ({each.anywhere:,} in any)" if homes.are_told_apart else "" for each in (told, best))
    then = f"as {best.how} it would be {best.inside:,}{best_any}: say --datum {best.how}"
    if best.how == SWAPPED:
        then = f"with longitude and latitude swapped it would be {best.inside:,}{best_any}: say --swap"
    return (
        f"read as {told.how}, {told.inside:,} of {len(homes.own):,} rows lie in {homes.whose}{told_any}; "
        f"{then}, or --insist if they are right"
    )


def _readings(spots: np.ndarray[Any, Any], homes: Homes, datum: str) -> Iterator[Reading]:
    """As told first, then every other."""
    x, y = convert(shapely.get_x(spots), shapely.get_y(spots), source="cgcs2000", target=datum)
    is_told_unshifted = datum in UNSHIFTED
    for how in (
        datum,
        *(shift for shift in SHIFTS if shift != datum and not (is_told_unshifted and shift in UNSHIFTED)),
    ):
        yield homes.reading(how, *convert(x, y, source=how))
    if (np.abs(x) <= 90).all():
        yield homes.reading(SWAPPED, *convert(y, x, source=datum))
    else:
        yield homes.reading(SWAPPED, y, x)


def _homes(connection: psycopg.Connection[Any], placed: pd.DataFrame) -> Homes:
    """The units of rows that name one; without codes, all streets together as the unit of every row."""
    codes = _codes(placed)
    if codes is None:
        streets = _grounds(connection, None).to_numpy()
        whole = np.array([shapely.union_all(streets)] if len(streets) else [], dtype=object)
        return Homes(pd.Series(0 if len(whole) else -1, placed.index), whole, "a street")
    codes = codes.dropna()
    grounds = _grounds(connection, codes.unique().tolist())
    own = grounds.index.get_indexer(pd.Index(codes)).tolist()
    return Homes(pd.Series(own, codes.index, dtype=int), grounds.to_numpy(), "their unit")


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

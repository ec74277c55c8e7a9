"""What the checks of an import found: each with its row, the value, a sentence and the place. EPSG:4490; areas are m².

What a check is and whether it refuses the row or only warns is data/reference/import_checks.csv.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import psycopg
import shapely

from data import reference
from data.imports.sheet import Sheet
from data.models import SRID
from geo.layers import blank

COLUMNS = ["check", "line", "code", "other", "field", "value", "text", "m2", "geometry"]
OF_FIELD = {
    "code": "code", "external_id": "code", "parent_code": "parent", "community_code": "parent",
    "geometry": "geometry", "wkt": "geometry", "lon": "geometry", "lat": "geometry",
}  # fmt: skip
"""Which check refuses a row for a field, where nothing more particular is told."""
PLACE_IN_REASON = r"\[(?P<x>-?[0-9.e+-]+) (?P<y>-?[0-9.e+-]+)\]"
SHOWN = 200
"""Of each check the report keeps so many findings with their places, and counts the others."""
DRAWN_VERTICES = 10_000
DECIMALS = 7


@cache
def severities() -> dict[str, str]:
    """Each check → refuse or warn."""
    return {row["check"]: row["severity"] for row in reference.rows("import_checks")}


def add(sheet: Sheet, check: str, found: pd.DataFrame, connection: psycopg.Connection[Any] | None = None) -> None:
    """Keep what `check` found (line, code, field, value, text, m2, geometry, as far as known); refuse the rows if it refuses.

    With a `connection` the rows are staged already and leave `incoming` too.
    """
    if found.empty:
        return
    told = found.assign(check=check)
    if severities()[check] == "warn":
        sheet.warnings.append(told.reindex(columns=COLUMNS))
        return
    first = told.drop_duplicates("line")
    sheet.rejects.append(first.rename(columns={"text": "reason"}))
    sheet.frame = sheet.frame[~sheet.frame["line"].isin(first["line"])]
    if connection is not None:
        connection.execute("DELETE FROM incoming WHERE line = ANY(%s)", [first["line"].tolist()])


def every(sheet: Sheet) -> gpd.GeoDataFrame:
    """Refusals and warnings with `severity`, by line; what belongs to no row comes last."""
    frames = [_refused(sheet), *sheet.warnings]
    known = [frame.dropna(axis="columns", how="all") for frame in frames if len(frame)]
    found = pd.concat(known, ignore_index=True) if known else pd.DataFrame()
    found = found.reindex(columns=COLUMNS).astype({"check": "str"})
    found = found.assign(severity=found["check"].map(severities()), code=_codes(sheet, found))
    found = found.sort_values(["severity", "line"], kind="stable", ignore_index=True)
    return gpd.GeoDataFrame(found, geometry=_places(found), crs=SRID)


def records(found: gpd.GeoDataFrame, before: Mapping[str, int]) -> list[dict[str, Any]]:
    """The first findings of each check as plain values, as far as `before` leaves room: `place` is [lon, lat], `shape` GeoJSON.

    Missing ones are left out, and shapes of more than `DRAWN_VERTICES`.
    """
    number = found.groupby("check", sort=False).cumcount() + found["check"].map(before).fillna(0).astype(int)
    kept = found[number < SHOWN]
    return [_record(row, shape) for row, shape in zip(_plain(kept), kept.geometry, strict=True)]


def counted(found: pd.DataFrame) -> dict[str, int]:
    """How often each check found something, in the order of the list of checks."""
    numbers = found["check"].value_counts()
    return {check: int(numbers[check]) for check in severities() if check in numbers}


def _refused(sheet: Sheet) -> pd.DataFrame:
    refused = sheet.refused().rename(columns={"reason": "text"})
    by_field = refused["field"].map(OF_FIELD).fillna("value")
    return refused.assign(check=refused["check"].fillna(by_field) if "check" in refused else by_field)


def _codes(sheet: Sheet, found: pd.DataFrame) -> pd.Series:
    """The code of a finding, else what its row gave as one."""
    if not len(found) or not len(sheet.told):
        return found["code"]
    own = found["line"].map(sheet.told[~sheet.told.index.duplicated()])
    return found["code"].astype(object).where(found["code"].notna(), own)


def _places(found: pd.DataFrame) -> np.ndarray[Any, Any]:
    """The shapes as found, else the place that the text names, as GEOS does where a boundary crosses itself."""
    named = found["text"].astype("str").str.extract(PLACE_IN_REASON).astype(float)
    shapes = found["geometry"].to_numpy(dtype=object, copy=True)
    known = named["x"].notna().to_numpy() & pd.isna(shapes)
    shapes[known] = shapely.points(named["x"][known], named["y"][known])
    return blank(shapes, pd.isna(shapes))


def _plain(found: pd.DataFrame) -> Iterable[Mapping[str, Any]]:
    columns = found.drop(columns="geometry").astype(object)
    for row in columns.where(columns.notna(), None).to_dict("records"):
        yield {str(name): value for name, value in row.items() if value is not None}


def _record(row: Mapping[str, Any], shape: Any) -> dict[str, Any]:
    told = dict(row) | ({"line": int(row["line"])} if "line" in row else {})
    told |= {name: round(value, 1) for name, value in told.items() if isinstance(value, float)}
    if shape is None or shape.is_empty:
        return told
    point = shape.representative_point()
    if shapely.get_num_coordinates(shape) > DRAWN_VERTICES:
        return told | {"place": [round(point.x, DECIMALS), round(point.y, DECIMALS)]}
    rounded = shapely.set_precision(shape, 10.0**-DECIMALS, mode="pointwise")
    place = [round(point.x, DECIMALS), round(point.y, DECIMALS)]
    return told | {"place": place, "shape": orjson.loads(shapely.to_geojson(rounded))}

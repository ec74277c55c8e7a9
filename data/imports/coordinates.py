"""Coordinates in columns: two of numbers, one with both, or WKT. In the file's own CRS, not judged here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from data.imports import numbers
from data.imports.columns import Columns
from data.imports.formats.tables import TOO_MANY
from data.imports.reading import Table
from data.imports.sheet import Sheet
from data.imports.units import plain
from data.imports.values import as_text
from data.settings import settings

Shapes = np.ndarray[Any, Any]
BRACKETS = r"^\W*[(\[{（【]|[)\]}）】]\W*$"
BETWEEN = r"\s*[,;，；、|]\s*|\s+(?=[-+NSEW东西南北0-9])"
POLE = 90
SHOWN = 80
"""Characters of a WKT that can't be taken."""
LATITUDE_FIRST = ("lat", "纬经")
"""How the names of columns begin that hold latitude before longitude."""


def are_told(columns: Columns) -> bool:
    return bool(columns.of.keys() & {"wkt", "lonlat"}) or {"lon", "lat"} <= columns.of.keys()


def read(sheet: Sheet, table: Table, columns: Columns) -> Shapes:
    """The shape of each row that is still good, missing where nothing is given; what can't be read is refused."""
    if "wkt" in columns.of:
        return _from_wkt(sheet, table, columns)
    if {"lon", "lat"} <= columns.of.keys():
        lon, lat = (as_text(table.frame[columns.of[name]])[sheet.frame.index] for name in ("lon", "lat"))
        return _from_texts(sheet, lon, lat)
    if "lonlat" in columns.of:
        return _from_one_column(sheet, table, columns.of["lonlat"])
    return np.full(len(sheet.frame), None, dtype=object)


def _from_wkt(sheet: Sheet, table: Table, columns: Columns) -> Shapes:
    given = as_text(table.frame[columns.of["wkt"]]).str.replace(r"^SRID=\d+;", "", regex=True)[sheet.frame.index]
    most = settings().import_shape_vertices
    count = given.str.count(",").add(1)
    reasons = count.map(lambda vertices: TOO_MANY.format(int(vertices), most), na_action="ignore")
    sheet.refuse(count > most, "wkt", reasons, given.str.slice(0, SHOWN))
    given = given[sheet.frame.index]
    with np.errstate(
        invalid="ignore", over="ignore"
    ):  # a coordinate that is no finite number is refused later, by name
        read = shapely.from_wkt(given.astype(object).where(given.notna(), None).to_numpy(), on_invalid="ignore")
    shapes = pd.Series(read, given.index)
    sheet.refuse(given.notna() & shapes.isna(), "wkt", "can't be read as WKT", given.str.slice(0, SHOWN))
    return shapes[sheet.frame.index].to_numpy(dtype=object)


def _from_texts(sheet: Sheet, lon: pd.Series, lat: pd.Series) -> Shapes:
    """Points; both numbers or none. The numbers stay in the sheet as `lon` and `lat`, as they were given."""
    for field, given in (("lon", lon), ("lat", lat)):
        told = given[sheet.frame.index]
        read = numbers.degrees(told)
        sheet.frame = sheet.frame.assign(**{field: read})
        sheet.refuse(told.notna() & read.isna(), field, "is not a number", told)
    half = sheet.frame["lon"].isna() != sheet.frame["lat"].isna()
    sheet.refuse(half, "lon", "one of the two coordinates is missing")
    x, y = sheet.frame["lon"], sheet.frame["lat"]
    shapes = np.full(len(x), None, dtype=object)
    shapes[x.notna()] = shapely.points(x[x.notna()], y[x.notna()])
    return shapes


def _from_one_column(sheet: Sheet, table: Table, column: str) -> Shapes:
    """`116.39,39.91`, also in brackets. Where one of the two is beyond the pole, it is the longitude, else the name decides."""
    given = as_text(table.frame[column])[sheet.frame.index]
    parts = given.str.normalize("NFKC").str.replace(BRACKETS, "", regex=True).str.split(BETWEEN, regex=True)
    sheet.refuse(
        given.notna() & (parts.map(len, na_action="ignore") != 2), "lonlat", "is not a pair of coordinates", given
    )
    first, second = (parts.str[n].astype("str")[sheet.frame.index] for n in (0, 1))
    is_lat_first = _is_latitude_first(first, second, column)
    if is_lat_first:
        sheet.remarks.append(f"{column} holds latitude before longitude")
    return _from_texts(sheet, *((second, first) if is_lat_first else (first, second)))


def _is_latitude_first(first: pd.Series, second: pd.Series, column: str) -> bool:
    beyond = [int((numbers.degrees(part).abs() > POLE).sum()) for part in (first, second)]
    return beyond[1] > beyond[0] if any(beyond) else plain(column).startswith(LATITUDE_FIRST)

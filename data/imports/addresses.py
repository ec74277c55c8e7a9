"""Rows without coordinates that name a unit by its code: they are placed by that unit's point, and it is said."""

from __future__ import annotations

from typing import Any

import pandas as pd
import psycopg
import shapely

from data.database import sql
from data.imports.columns import Columns
from data.imports.options import Options
from data.imports.reading import Table
from data.imports.sheet import Sheet
from data.imports.values import as_text, code

FIELD = "place_code"
STORED = "cgcs2000"


def place(connection: psycopg.Connection[Any], sheet: Sheet, table: Table, columns: Columns) -> None:
    """Give rows without a geometry that of the unit whose code is in `place_code`; a code that nobody knows is refused."""
    if FIELD not in columns.of:
        return
    told = code(as_text(table.frame[columns.of[FIELD]]), Options())[sheet.frame.index]
    told = told.where(sheet.frame["geometry"].isna())
    if not told.notna().any():
        return
    found = _found(connection, told.dropna().unique().tolist())
    sheet.refuse(
        told.notna() & ~told.isin(found.index), FIELD, "has no coordinates, and no unit of this code is known", told
    )
    told = told[sheet.frame.index].dropna()
    if len(told):
        _put(sheet, found.loc[told].set_index(told.index), columns.of[FIELD])


def _found(connection: psycopg.Connection[Any], codes: list[str]) -> pd.DataFrame:
    """`lon`, `lat`, `what` by code."""
    rows = connection.execute(sql("import_addresses"), {"codes": codes}).fetchall()
    return pd.DataFrame(rows, columns=["code", "lon", "lat", "what"]).set_index("code")


def _put(sheet: Sheet, spots: pd.DataFrame, column: str) -> None:
    frame = sheet.frame.copy()
    shapes = frame["geometry"].to_numpy(dtype=object, copy=True)
    shapes[frame.index.isin(spots.index)] = shapely.points(spots["lon"], spots["lat"])
    frame["geometry"] = pd.Series(shapes, index=frame.index, dtype=object)
    frame.loc[spots.index, ["lon", "lat"]] = spots[["lon", "lat"]].to_numpy()
    frame.loc[spots.index, "datum"] = STORED
    sheet.frame = frame.assign(placed_by=pd.Series(spots["what"], index=frame.index))
    told = ", ".join(f"{count:,} by their {what}" for what, count in spots["what"].value_counts().items())
    sheet.remarks.append(f"rows without coordinates were placed by the code in {column}: {told}")

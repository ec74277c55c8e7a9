"""What only files say that were exported here: their coordinates row by row, attributes as one object, places as once told.

`crs` in every row is what the format could not say; `attributes` is the whole of them, and nothing is added to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson
import pandas as pd

from data.imports.options import Options
from data.imports.reading import Table
from data.imports.sheet import Sheet
from data.imports.values import as_text
from geo.datum import DATUMS

CRS = "crs"
ATTRIBUTES = "attributes"
NUL = r"\u0000"
TOLD = ("lon", "lat", "datum")
DIGEST = "[0-9a-f]{64}"


def choose(table: Table, options: Options) -> Options:
    """The options with the datum or CRS that every row of the file names alike; what a person said goes before."""
    if CRS not in table.frame.columns or options.crs or options.datum:
        return options
    named = as_text(table.frame[CRS]).unique().tolist()
    if len(named) != 1 or not isinstance(named[0], str):
        return options
    if named[0] in DATUMS:
        return _said(table, replace(options, datum=named[0]), named[0])
    is_alone = table.crs is None and named[0].upper().startswith("EPSG:")
    return _said(table, replace(options, crs=named[0]), named[0]) if is_alone else options


def _said(table: Table, options: Options, name: str) -> Options:
    table.frame = table.frame.drop(columns=CRS)
    table.remarks.append(f"the rows say in their column {CRS} that they are in {name}")
    return options


def take_attributes(kept: dict[str, pd.Series], said_otherwise: Iterable[str]) -> pd.Series | None:
    """Take the objects in JSON out of the column `attributes`: the inside of each, missing where it is anything else.

    None where the file has no such column; what is no object stays what it is, a column like any other. Of rows that bring
    theirs, columns that are `said_otherwise`, by a field, are not kept besides.
    """
    if ATTRIBUTES not in kept:
        return None
    given = kept[ATTRIBUTES]
    texts = as_text(given)
    whole = pd.Series([_inside(text) for text in texts.where(texts.notna(), None)], given.index, dtype=object)
    for name in (ATTRIBUTES, *said_otherwise):
        kept[name] = kept[name].where(whole.isna())
    return whole


def _inside(text: Any) -> str | None:
    if not isinstance(text, str) or not text.startswith("{") or NUL in text:
        return None
    try:
        return text.strip()[1:-1].strip() if isinstance(orjson.loads(text), dict) else None
    except orjson.JSONDecodeError:
        return None


def restore_told(sheet: Sheet) -> None:
    """Coordinates as somebody told them once, in place of those of the file, where all three are there and good."""
    names = [f"told_{name}" for name in TOLD]
    if not all(sheet.has(name) for name in names):
        return
    lon, lat, datum = (sheet.frame[name] for name in names)
    good = lon.between(-180, 180) & lat.between(-90, 90) & datum.isin(DATUMS)
    restored = {name: sheet.frame[told].where(good, sheet.frame[name]) for name, told in zip(TOLD, names, strict=True)}
    sheet.frame = sheet.frame.assign(**restored)


def digests(frame: pd.DataFrame, reckoned: pd.Series) -> pd.Series:
    """By what an incident is known again: what the file brings along from where it was known, else as reckoned."""
    if "content_digest" not in frame.columns:
        return reckoned
    told = frame["content_digest"]
    return told.where(told.str.fullmatch(DIGEST).fillna(False).astype(bool), reckoned)

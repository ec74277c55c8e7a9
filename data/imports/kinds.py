"""What a kind of layer is: its fields, its shape, how its rows are made ready and how they are stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pandas as pd
import psycopg

from data.imports import columns as naming
from data.imports.columns import UNSHIFTED, Columns
from data.imports.options import Options
from data.imports.reading import Table
from data.imports.sheet import Sheet
from data.imports.values import Field, as_text
from geo.layers import Shape

Prepare = Callable[[psycopg.Connection[Any], Sheet, Options], None]
Store = Callable[[psycopg.Connection[Any], Sheet, Options], Mapping[str, int]]


@dataclass(frozen=True)
class Kind:
    """`prepare` refuses what only this kind can judge; `store` answers how many rows were stored, updated, unchanged."""

    name: str
    fields: Mapping[str, Field]
    shape: Shape
    store: Store
    prepare: Prepare
    is_shape_required: bool = True
    key: str = "code"


def fill(table: Table, kind: Kind, columns: Columns, options: Options, file: str) -> Sheet:
    """The fields of every row, read; rows with a field that can't be read are refused. Raises: BadFile without a column."""
    sheet = Sheet(pd.DataFrame({"line": table.lines}, index=table.frame.index), table.read)
    if table.ragged is not None:
        sheet.rejects.append(table.ragged)
    for name, field in kind.fields.items():
        if field.is_required:
            naming.require(columns, name, file, table.frame.columns)
        if name in columns.of:
            _fill_field(sheet, as_text(table.frame[columns.of[name]]), name, field, options)
    return sheet


def _fill_field(sheet: Sheet, given: pd.Series, name: str, field: Field, options: Options) -> None:
    given = given[sheet.frame.index]
    sheet.frame = sheet.frame.assign(**{name: field.parse(given, options)})
    sheet.refuse(given.notna() & sheet.frame[name].isna(), name, field.reason, given)
    if field.is_required:
        sheet.refuse(sheet.frame[name].isna(), name, "is missing")


def keep_attributes(sheet: Sheet, table: Table, columns: Columns) -> None:
    """Add `attributes` as JSON: the columns that no field took, and `original` where coordinates were shifted."""
    taken = {column for field, column in columns.of.items() if field != "is_derived"}
    names = [name for name in table.frame.columns if name not in taken]
    records = table.frame.loc[sheet.frame.index, names].to_dict("records")
    originals = _originals(sheet.frame, columns.datum)
    told = [_told(record) | original for record, original in zip(records, originals, strict=True)]
    sheet.frame = sheet.frame.assign(attributes=np.array([_json(record) for record in told], dtype=object))


def _originals(frame: pd.DataFrame, datum: str) -> Iterable[dict[str, Any]]:
    if datum in UNSHIFTED:
        return ({} for _ in frame.index)
    points = zip(frame["lon"], frame["lat"], strict=True)
    return ({} if np.isnan(lon) else {"original": {"lon": lon, "lat": lat, "datum": datum}} for lon, lat in points)


def _told(record: dict[Any, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if _is_told(value)}


def _is_told(value: Any) -> bool:
    return value is not None and value == value and value != ""  # noqa: PLR0124 (a missing number is not equal to itself)


def _json(record: dict[str, Any]) -> str:
    return orjson.dumps(record, default=str, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS).decode()

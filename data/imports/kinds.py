"""What a kind of layer is: its fields, its shape, how its rows are made ready and how they are stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from data.imports import columns as naming
from data.imports import returning, units
from data.imports.columns import UNSHIFTED, Columns
from data.imports.options import Options
from data.imports.reading import Table
from data.imports.sheet import Sheet
from data.imports.values import Field, as_json_text, as_text, words
from data.imports.values import text as as_it_is
from geo.layers import Shape

NOT_TAKEN = ("is_derived", "place_code")
"""Fields whose column says more than what is stored of it."""
Prepare = Callable[[psycopg.Connection[Any], Sheet, Options], None]
Store = Callable[[psycopg.Connection[Any], Sheet, Options], Mapping[str, int]]
Finish = Callable[[psycopg.Connection[Any], Sheet], None]


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
    has_editions: bool = False
    is_in_parts: bool = False
    """Its rows are judged by themselves, so that a file of any size goes in part by part."""
    finish: Finish | None = None
    """What can only be judged when all parts are stored. Its findings go to the sheet, which has no rows."""
    kept: tuple[str, ...] = ()
    """Fields that have no column of their own in the database and go to its `attributes`."""


def fill(table: Table, kind: Kind, columns: Columns, options: Options, file: str) -> Sheet:
    """The fields of every row, read; rows with a field that can't be read are refused. Raises: BadFile without a column."""
    sheet = Sheet(pd.DataFrame({"line": table.lines}, index=table.frame.index), table.read, remarks=[*table.remarks])
    if table.ragged is not None:
        sheet.rejects.append(table.ragged)
    for name, field in kind.fields.items():
        if field.is_required:
            naming.require(columns, name, file, table.frame.columns)
        if name in columns.of:
            _fill_field(sheet, as_text(table.frame[columns.of[name]]), name, field, options)
        if name in columns.of and name in units.QUANTITIES:
            _measure(sheet, name, columns, options)
    return sheet


def keys(table: Table, kind: Kind, columns: Columns) -> pd.Series:
    """What every row gave as its key, wrong or right, by line; missing where it gave none."""
    if kind.key not in columns.of:
        return pd.Series(dtype="str")
    given = as_text(table.frame[columns.of[kind.key]])
    return pd.Series(given.to_numpy(), index=table.lines, dtype="str")


def _fill_field(sheet: Sheet, given: pd.Series, name: str, field: Field, options: Options) -> None:
    given = given[sheet.frame.index]
    if field.parse is not as_it_is:
        given = given.mask(given.str.lower().isin(words("nothing")))
    sheet.frame = sheet.frame.assign(**{name: field.parse(given, options)})
    sheet.refuse(given.notna() & sheet.frame[name].isna(), name, field.reason, given)
    if field.is_required:
        sheet.refuse(sheet.frame[name].isna(), name, "is missing")


def _measure(sheet: Sheet, name: str, columns: Columns, options: Options) -> None:
    """Values in m² or m, by the unit that their column tells; without one, they have to look right."""
    unit = columns.unit(name)
    if unit is None:
        sheet.without_unit.add(name)
        units.question(sheet.frame[name], name, columns.of[name], options)
    elif unit.factor != 1:
        sheet.frame = sheet.frame.assign(**{name: sheet.frame[name] * unit.factor})
        sheet.remarks.append(f"{columns.of[name]} is in {unit.name}: multiplied by {unit.factor:.10g}")


def keep_attributes(sheet: Sheet, table: Table, columns: Columns, kind: Kind) -> None:
    """Add `attributes` as JSON: the columns that no field took, `kind.kept`, and `original` where coordinates were shifted.

    What an export wrote as one object in a column `attributes` comes back as it was; of such a row no `original` is kept.
    """
    taken = {column for field, column in columns.of.items() if field not in NOT_TAKEN}
    kept = {name: table.frame.loc[sheet.frame.index, name] for name in table.frame.columns if name not in taken}
    kept |= {name: as_json_text(sheet.frame[name]) for name in (*kind.kept, "placed_by") if sheet.has(name)}
    whole = returning.take_attributes(kept, [columns.of[field] for field in NOT_TAKEN if field in columns.of])
    members = _members(kept) + _original(sheet.frame, columns, whole)
    if whole is not None:
        members.insert(0, pa.array(whole.mask(whole == ""), pa.string(), from_pandas=True))
    sheet.frame = sheet.frame.assign(attributes=_objects(members, len(sheet.frame)))


def _members(columns: Mapping[str, pd.Series]) -> list[pa.Array]:
    """`"name":value` of every row, null where there is none; values that come again are written once."""
    return [_member(name, column) for name, column in columns.items()]


def _member(name: str, column: pd.Series) -> pa.Array:
    numbers, values = pd.factorize(column)
    written = [f"{_json(name)}:{_json(value)}" for value in values.tolist()]
    is_told = (numbers >= 0) & ~np.isin(numbers, [n for n, value in enumerate(values.tolist()) if value == ""])
    return pa.array(written, pa.string()).take(pa.array(numbers, mask=~is_told))


def _original(frame: pd.DataFrame, columns: Columns, whole: pd.Series | None) -> list[pa.Array]:
    """What was given, where coordinates were shifted and the row does not bring its attributes as a whole."""
    if columns.datum in UNSHIFTED:
        return []
    is_wanted = frame["lon"].notna() if whole is None else frame["lon"].notna() & whole.isna()
    points = zip(frame["lon"].tolist(), frame["lat"].tolist(), frame["datum"].tolist(), strict=True)
    written = [f'"original":{_json({"lon": lon, "lat": lat, "datum": datum})}' for lon, lat, datum in points]
    return [pa.array(written, pa.string(), mask=~is_wanted.to_numpy())]


def _objects(members: list[pa.Array], count: int) -> np.ndarray[Any, Any]:
    """The members of each row as one object in JSON.

    What is missing is joined as an empty text: skipped as null, a row of nulls alone would be left out of the answer.
    """
    if not members:
        return np.full(count, "{}", dtype=object)
    told = [pc.fill_null(pc.binary_join_element_wise(",", member, ""), "") for member in members]
    inner = pc.utf8_slice_codeunits(pc.binary_join_element_wise(*told, ""), 1)
    return np.asarray(pc.binary_join_element_wise("{", inner, "}", "").to_numpy(zero_copy_only=False), dtype=object)


def _json(value: Any) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS).decode()

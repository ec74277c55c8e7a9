"""Rows of a statement as Arrow tables and shapes, a few thousand at a time: a layer never is in memory as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString
from zoneinfo import ZoneInfo

import numpy as np
import psycopg
import pyarrow as pa
import shapely

from data.exports.people import SEALED, Change
from data.exports.places import Place, Shapes
from data.settings import settings

GEOMETRY = "geometry"
CRS = "crs"
"""The column by which a file tells its coordinates where its format can't."""
JSON = ("attributes",)
WHOLE = ("serves", "cells", "point_wkt", "attributes", "content_digest", "crs", "wkt")
"""Columns whose text means nothing when its end is cut off."""
ROWS = 5000
EXACT_DECIMALS = 20
"""With fewer, some coordinates near zero would come back as their neighbour."""
BOOL, WKB, MOMENT, DAY = 16, 17, 1184, 1082
TYPES = {BOOL: pa.bool_(), 20: pa.int64(), 21: pa.int32(), 23: pa.int32(), 700: pa.float64(), 701: pa.float64()}
"""PostgreSQL's numbers of types → Arrow; everything else is text, of what is a shape its WKT."""


@dataclass(frozen=True)
class Batch:
    """Rows without their shapes, and those; none for a layer without places."""

    rows: pa.RecordBatch
    shapes: Shapes | None


@dataclass
class Head:
    """What is known of a layer before its first row."""

    name: str
    schema: pa.Schema
    place: Place
    kinds: Sequence[str]
    """Which types of geometry its rows have; empty for a layer without places."""
    encoding: str = "utf-8"
    remarks: list[str] = field(default_factory=list)
    """What had to be changed on the way, and has to be said."""

    @property
    def geometry_type(self) -> str | None:
        """The one type of all rows, Unknown where there are several."""
        return (self.kinds[0] if len(self.kinds) == 1 else "Unknown") if self.kinds else None


@dataclass(frozen=True)
class Column:
    """How the values of one column become Arrow's."""

    name: str
    type: pa.DataType
    convert: Callable[[Sequence[Any]], Sequence[Any]]


def columns_of(description: Sequence[psycopg.Column], place: Place) -> list[Column]:
    """Of every column but the geometry, and what is sealed."""
    return [
        Column(column.name, TYPES.get(column.type_code, pa.string()), _conversion(column.type_code, place))
        for column in description
        if column.name != GEOMETRY and not column.name.endswith(SEALED)
    ]


def fetch(
    cursor: psycopg.ServerCursor[Any], columns: Sequence[Column], place: Place, changes: Mapping[str, Change]
) -> Iterator[Batch]:
    """The rows of a cursor that has been executed, in its order, columns of people as `changes` makes them."""
    names = [column.name for column in cursor.description or ()]
    while rows := cursor.fetchmany(ROWS):
        values = dict(zip(names, zip(*rows, strict=True), strict=True))
        yield _batch(values | {name: change(values) for name, change in changes.items()}, columns, place)


def _batch(values: Mapping[str, Sequence[Any]], columns: Sequence[Column], place: Place) -> Batch:
    shapes = place.of(shapely.from_wkb(np.array(values[GEOMETRY], dtype=object))) if GEOMETRY in values else None
    arrays = [pa.array(column.convert(values[column.name]), column.type) for column in columns]
    return Batch(pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns]), shapes)


def declare(
    connection: psycopg.Connection[Any], query: LiteralString, given: dict[str, Any]
) -> psycopg.ServerCursor[Any]:
    """A cursor that fetches as it goes, in PostgreSQL's binary format."""
    cursor = connection.cursor(name="wangge_export")
    cursor.execute(query, given, binary=True)
    return cursor


def _conversion(type_code: int, place: Place) -> Callable[[Sequence[Any]], Sequence[Any]]:
    if type_code == WKB:
        return lambda values: _texts_of_shapes(place, values)
    if type_code == MOMENT:
        zone = ZoneInfo(settings().timezone)
        return lambda values: [_iso(value, zone) for value in values]
    return (lambda values: [value and value.isoformat() for value in values]) if type_code == DAY else _as_they_are


def _as_they_are(values: Sequence[Any]) -> Sequence[Any]:
    return values


def _iso(value: datetime | None, zone: ZoneInfo) -> str | None:
    return value.astimezone(zone).isoformat() if value else None


def _texts_of_shapes(place: Place, values: Sequence[Any]) -> list[str | None]:
    return wkt(place.of(shapely.from_wkb(np.array(values, dtype=object))))


def wkt(shapes: Shapes) -> list[str | None]:
    """Exact to the last bit."""
    written: list[str | None] = shapely.to_wkt(shapes, rounding_precision=EXACT_DECIMALS, trim=True).tolist()
    return written

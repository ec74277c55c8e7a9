"""Rows as frames, and frames as a digest. Geometry is read as it is stored, in EPSG:4490."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import ColumnElement, Connection, Select, func

from data.database import driver_connection
from data.models import SRID

GEOMETRY = "geometry"


def shape(column: Any) -> ColumnElement[bytes]:
    """A geometry column as what `read_shapes` expects."""
    return func.ST_AsBinary(column).label(GEOMETRY)


def read(connection: Connection, wanted: Select[*tuple[Any, ...]]) -> pd.DataFrame:
    """One column per selected column, under its name. In PostgreSQL's binary format, 20 times faster than row objects."""
    compiled = wanted.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    with driver_connection(connection).cursor(binary=True) as cursor:
        cursor.execute(str(compiled).encode(), compiled.params)
        return pd.DataFrame(cursor.fetchall(), columns=[column.name for column in cursor.description or ()])


def read_shapes(connection: Connection, wanted: Select[*tuple[Any, ...]]) -> gpd.GeoDataFrame:
    """Like `read`, with the column that `shape` made as the geometry; a null one stays null."""
    frame = read(connection, wanted)
    shapes = shapely.from_wkb(frame.pop(GEOMETRY).to_numpy(dtype=object))
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=SRID)


def digest(*parts: Any) -> str:
    """SHA-256 of frames and plain values, in their order: the same input gives the same text."""
    total = sha256()
    for part in parts:
        for piece in _columns(part) if isinstance(part, pd.DataFrame) else [repr(part).encode()]:
            total.update(sha256(piece).digest())
    return total.hexdigest()


def _columns(frame: pd.DataFrame) -> Iterator[bytes]:
    """Each column's name and values; the pieces are hashed one by one, so that nothing moves from one to the next."""
    for name, column in frame.items():
        yield str(name).encode()
        yield _values(column)


def _values(column: pd.Series) -> bytes:
    if isinstance(column, gpd.GeoSeries):
        return b"".join(shapely.to_wkb(column.to_numpy()))
    if column.dtype == object or isinstance(column.dtype, pd.StringDtype):
        return repr(column.tolist()).encode()
    return column.to_numpy().tobytes()

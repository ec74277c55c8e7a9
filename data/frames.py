"""Rows as frames, and frames as a digest. Geometry is read as it is stored, in EPSG:4490."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import ColumnElement, Connection, Executable, func

from data.models import SRID

GEOMETRY = "geometry"


def shape(column: Any) -> ColumnElement[bytes]:
    """A geometry column as what `read_shapes` expects."""
    return func.ST_AsBinary(column).label(GEOMETRY)


def read(connection: Connection, wanted: Executable) -> pd.DataFrame:
    """One column per selected column, under its name."""
    found = connection.execute(wanted)
    return pd.DataFrame(found.all(), columns=list(found.keys()))


def read_shapes(connection: Connection, wanted: Executable) -> gpd.GeoDataFrame:
    """Like `read`, with the column that `shape` made as the geometry; a null one stays null."""
    frame = read(connection, wanted)
    shapes = shapely.from_wkb(frame.pop(GEOMETRY).to_numpy(dtype=object))
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=SRID)


def digest(*parts: Any) -> str:
    """SHA-256 of frames and plain values, in their order: the same input gives the same text."""
    total = sha256()
    for part in parts:
        total.update(_text(part).encode())
    return total.hexdigest()


def _text(part: Any) -> str:
    if isinstance(part, gpd.GeoDataFrame):
        part = pd.DataFrame(part).assign(**{GEOMETRY: shapely.to_wkb(part.geometry.to_numpy(), hex=True)})
    return part.to_csv(index=False) if isinstance(part, pd.DataFrame) else f"{part!r}\n"

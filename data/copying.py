"""COPY frames into tables: the fastest way in, and the floor that everything else is measured against."""

from __future__ import annotations

import io

import geopandas as gpd
import pandas as pd
import psycopg
import shapely
from psycopg import sql

from data.models import SRID

NULL = "\x1f"


def copy_frame(connection: psycopg.Connection, table: str, frame: pd.DataFrame) -> int:
    """Append `frame` to `table`, column by column name; missing values become NULL. Returns the number of rows.

    A geometry column (EPSG:4490, lon/lat) goes in as `geom`; a table of multipolygons takes single polygons too.
    """
    plain = with_wkb(frame)
    columns = sql.SQL(", ").join(map(sql.Identifier, plain.columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, NULL {})").format(
        sql.Identifier(table), columns, sql.Literal(NULL)
    )
    buffer = io.StringIO()
    plain.to_csv(buffer, index=False, header=False, na_rep=NULL, date_format="%Y-%m-%dT%H:%M:%S.%f%z")
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(buffer.getvalue())
    return len(plain)


def with_wkb(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its geometry, if any, as hexadecimal EWKB named `geom`."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    shapes = frame.geometry.to_numpy()
    encoded = shapely.to_wkb(shapely.set_srid(multi(shapes), SRID), hex=True, include_srid=True)
    return pd.DataFrame(frame.drop(columns=frame.geometry.name)).assign(geom=encoded)


def multi(shapes: shapely.Geometry) -> shapely.Geometry:
    """Polygons as multipolygons of one part; everything else as it is."""
    shapes = shapes.copy()
    single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    shapes[single] = shapely.multipolygons(shapes[single][:, None]) if single.any() else shapes[single]
    return shapes

"""COPY frames into tables: the fastest way in, and the floor that everything else is measured against."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import shapely
from psycopg import sql

from data.models import SRID

NULL = "\x1f"
CHUNK_ROWS = 100_000
"""As text in memory at a time."""


def copy_frame(connection: psycopg.Connection, table: str, frame: pd.DataFrame) -> int:
    """Append `frame` to `table`, column by column name; missing values become NULL. Returns the number of rows.

    A geometry column (EPSG:4490, lon/lat) goes in as `geom`; a table of multipolygons takes single polygons too.
    """
    plain = with_plain_times(with_wkb(frame))
    columns = sql.SQL(", ").join(map(sql.Identifier, plain.columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, NULL {})").format(
        sql.Identifier(table), columns, sql.Literal(NULL)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for start in range(0, len(plain), CHUNK_ROWS):
            copy.write(plain.iloc[start : start + CHUNK_ROWS].to_csv(index=False, header=False, na_rep=NULL))
    return len(plain)


def with_plain_times(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its times as ISO text in UTC: written as a column, ten times faster than value by value."""
    zoned = frame.select_dtypes("datetimetz")
    return frame.assign(**{str(name): iso_texts(column) for name, column in zoned.items()})


def iso_texts(moments: pd.Series) -> pd.Series:
    naive = moments.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    texts = np.datetime_as_string(naive, unit="us", timezone="UTC")
    return pd.Series(texts, index=moments.index, dtype=object).where(moments.notna())


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

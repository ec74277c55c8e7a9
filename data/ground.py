"""The ground as frames, for whoever computes on it. Frames come in the city's zone (metres); what is stored is EPSG:4490."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import psycopg
import shapely

from data.copying import copy_frame
from data.database import sql
from data.models import SRID
from data.settings import settings


def communities_without_cells(connection: psycopg.Connection) -> gpd.GeoDataFrame:
    """Communities valid today that have a boundary and no cell: `code`, `name`, `geometry` (city's zone), by code."""
    return _read(connection, sql("communities_without_cells"))


def residences_in(connection: psycopg.Connection, community_code: str) -> gpd.GeoDataFrame:
    """Homes inside a community: `households`, `geometry` (points, city's zone)."""
    return _read(connection, sql("residences_in_community"), community_code=community_code)


def streets_in(connection: psycopg.Connection, community_code: str) -> gpd.GeoDataFrame:
    """Streets, rivers and railways that touch a community: `kind`, `geometry` (lines, city's zone)."""
    return _read(connection, sql("streets_in_community"), community_code=community_code)


def has_residences(connection: psycopg.Connection) -> bool:
    return connection.execute("SELECT EXISTS (SELECT FROM residence)").fetchone() == (True,)


def store_cells(connection: psycopg.Connection, cells: gpd.GeoDataFrame, *, source: str) -> int:
    """Add cells with `code`, `community_code`, `name`, `geometry` (any CRS) and, if known, `households`; return how many."""
    codes = cells[["code", "community_code"]]
    connection.execute("CREATE TEMP TABLE new_cell_code (LIKE cell_code) ON COMMIT DROP")
    copy_frame(connection, "new_cell_code", pd.DataFrame(codes))
    connection.execute("INSERT INTO cell_code SELECT * FROM new_cell_code ON CONFLICT DO NOTHING")
    connection.execute("DROP TABLE new_cell_code")
    return copy_frame(connection, "cell", cells.to_crs(SRID).assign(source=source))


def _read(connection: psycopg.Connection, query: str, **parameters: str) -> gpd.GeoDataFrame:
    """Rows of a query whose last column is `geom` as WKB in EPSG:4490, projected to the city's zone."""
    cursor = connection.execute(query, parameters)  # type: ignore[call-overload]
    names = [column.name for column in cursor.description]
    frame = pd.DataFrame(cursor.fetchall(), columns=names)
    shapes = shapely.from_wkb(frame.pop("geom").to_numpy(dtype=object))
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=SRID).to_crs(settings().metric_srid)

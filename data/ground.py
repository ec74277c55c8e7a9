"""The ground as frames, for whoever computes on it. Frames come in the city's zone (metres); what is stored is EPSG:4490."""

from __future__ import annotations

from typing import LiteralString

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import Connection, exists, select
from sqlalchemy.dialects.postgresql import insert

from data.copying import copy_frame
from data.database import driver_connection, sql
from data.models import SRID, CellCode, Residence
from data.settings import settings


def communities_without_cells(connection: Connection) -> gpd.GeoDataFrame:
    """Communities valid today that have a boundary and no cell: `code`, `name`, `geometry` (city's zone), by code."""
    return _read(connection, sql("communities_without_cells"))


def residences_in(connection: Connection, community_code: str) -> gpd.GeoDataFrame:
    """Homes inside a community: `households`, `geometry` (points, city's zone)."""
    return _read(connection, sql("residences_in_community"), community_code=community_code)


def streets_in(connection: Connection, community_code: str) -> gpd.GeoDataFrame:
    """Streets, rivers and railways that touch a community: `kind`, `geometry` (lines, city's zone)."""
    return _read(connection, sql("streets_in_community"), community_code=community_code)


def has_residences(connection: Connection) -> bool:
    return connection.scalar(select(exists(select(Residence.id)))) is True


def store_cells(connection: Connection, cells: gpd.GeoDataFrame, *, source: str) -> int:
    """Add cells with `code`, `community_code`, `name`, `geometry` (any CRS) and, if known, `households`; return how many."""
    codes = cells[["code", "community_code"]].to_dict("records")
    connection.execute(insert(CellCode).on_conflict_do_nothing(), codes)
    return copy_frame(driver_connection(connection), "cell", cells.to_crs(SRID).assign(source=source))


def _read(connection: Connection, query: LiteralString, **parameters: str) -> gpd.GeoDataFrame:
    """Rows of a query whose last column is `geom` as WKB in EPSG:4490, projected to the city's zone."""
    cursor = driver_connection(connection).execute(query, parameters)
    names = [column.name for column in cursor.description or ()]
    frame = pd.DataFrame(cursor.fetchall(), columns=names)
    shapes = shapely.from_wkb(frame.pop("geom").to_numpy(dtype=object))
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=SRID).to_crs(settings().metric_srid)

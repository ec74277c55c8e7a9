"""The street network as frames in the city's zone: metres."""

from __future__ import annotations

import geopandas as gpd
from sqlalchemy import Connection, select

from data import frames
from data.models import StreetEdge, StreetNode
from data.settings import settings
from geo.crs import to_metric
from geo.errors import NotReady


def read(connection: Connection) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Nodes (`id`, point) and edges (`id`, `source_id`, `target_id`, `length_m`, `is_walkable`, line), by id.

    Raises NotReady when no street is loaded.
    """
    nodes = frames.read_shapes(connection, select(StreetNode.id, frames.shape(StreetNode.geom)).order_by(StreetNode.id))
    columns = (StreetEdge.source_id, StreetEdge.target_id, StreetEdge.length_m, StreetEdge.is_walkable)
    wanted = select(StreetEdge.id, *columns, frames.shape(StreetEdge.geom)).order_by(StreetEdge.id)
    edges = frames.read_shapes(connection, wanted)
    if edges.empty:
        raise NotReady("no streets are loaded: run `wangge import network FILE`, or use --method radius")
    srid = settings().metric_srid
    return to_metric(nodes, srid), to_metric(edges, srid)

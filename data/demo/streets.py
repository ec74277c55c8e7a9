"""The street network as nodes and edges. Metres in the city's zone."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data import reference
from data.demo import names
from data.demo.network import NO_STREET, Network, junctions, largest_piece
from data.demo.warp import ZONE

ONE_WAY = 0.15
"""Share of lanes in which one may drive one way only."""
LANES = ("living_street", "residential")


def frames(network: Network, rng: np.random.Generator) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Nodes (id) and edges (id, source, target, kind, name, length_m, oneway, walkable) of the largest connected piece."""
    ways = network.ways[~network.ways["kind"].isin(NO_STREET)]
    xy, source, target = junctions(ways)
    kept = np.isin(source, largest_piece(len(xy), source, target))
    used, ends = np.unique(np.concatenate([source[kept], target[kept]]), return_inverse=True)
    starts, stops = np.split(1 + ends, 2)
    edges = _described(ways[kept], rng).assign(source=starts, target=stops)
    nodes = gpd.GeoDataFrame({"id": np.arange(1, len(used) + 1)}, geometry=shapely.points(xy[used]), crs=ZONE)
    return nodes, edges[["id", "source", "target", "kind", "name", "length_m", "oneway", "walkable", "geometry"]]


def _described(ways: pd.DataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Edges without their ends; every piece of a line has the line's name and direction."""
    kinds, geometry = ways["kind"].to_numpy(), ways["geometry"].to_numpy()
    _, first, line = np.unique(ways["line"].to_numpy(), return_index=True, return_inverse=True)
    named = np.array(names.ways(rng, list(kinds[first])), dtype=object)[line]
    frame = {
        "id": np.arange(1, len(ways) + 1),
        "kind": kinds,
        "name": named,
        "length_m": np.round(shapely.length(geometry), 2),
        "oneway": np.isin(kinds, LANES) & (rng.random(len(first)) < ONE_WAY)[line],
        "walkable": [reference.is_walkable(kind) for kind in kinds],
    }
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=ZONE)

"""Small networks for tests: a grid of streets cut by a river with one bridge, and random graphs. Metres in EPSG:4548."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from hypothesis import strategies as st

from geo.network import Network, Places, build

ZONE = "EPSG:4548"
EAST, NORTH = 500_000.0, 4_400_000.0
BLOCK_M = 100.0


def frames(xy: list[tuple[float, float]], pairs: list[tuple[int, int]]) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Nodes and straight walkable edges; a pair of the same node becomes a loop of 40 m."""
    points = shapely.points(xy)
    lines = [loop(xy[u]) if u == v else shapely.LineString([xy[u], xy[v]]) for u, v in pairs]
    nodes = gpd.GeoDataFrame({"id": np.arange(len(xy)) + 10}, geometry=points, crs=ZONE)
    ends = {"source_id": [u + 10 for u, _ in pairs], "target_id": [v + 10 for _, v in pairs]}
    columns: dict[str, Any] = {"id": np.arange(len(pairs)) + 1000, **ends, "length_m": shapely.length(lines)}
    return nodes, gpd.GeoDataFrame(columns | {"is_walkable": True}, geometry=lines, crs=ZONE)


def loop(at: tuple[float, float]) -> shapely.LineString:
    x, y = at
    return shapely.LineString([(x, y), (x + 10, y), (x + 10, y + 10), (x, y + 10), (x, y)])


def city(columns: int = 21, rows: int = 21, *, river_after: int = 10, bridge: int = 3) -> Network:
    """Blocks of 100 m; between column `river_after` and the next only row `bridge` goes across."""
    return build(*city_frames(columns, rows, river_after=river_after, bridge=bridge))


def city_frames(
    columns: int = 21, rows: int = 21, *, river_after: int = 10, bridge: int | None = 3, block_m: float = BLOCK_M
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Nodes and edges of `city`; without a bridge the two sides are separate."""
    xy = [(EAST + c * block_m, NORTH + r * block_m) for r in range(rows) for c in range(columns)]
    across = [
        (r * columns + c, r * columns + c + 1)
        for r in range(rows) for c in range(columns - 1)
        if c != river_after or r == bridge
    ]  # fmt: skip
    along = [(i, i + columns) for i in range((rows - 1) * columns)]
    return frames(xy, across + along)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Up to 12 nodes and 24 edges: parallel edges, loops, edges of no length and separate pieces included."""
    place = st.tuples(*[st.integers(0, 20).map(lambda step: step * 25.0)] * 2)
    xy = draw(st.lists(place, min_size=2, max_size=12))
    node = st.integers(0, len(xy) - 1)
    pairs = draw(st.lists(st.tuples(node, node), min_size=1, max_size=24))
    return build(*frames(xy, pairs))


doors = st.lists(st.tuples(*[st.floats(-50, 550, width=32)] * 2), min_size=1, max_size=8)


def split_graph(network: Network, places: Places) -> nx.Graph:
    """The same streets for networkx, each cut where a place joins; place i is the node ("door", i)."""
    graph = nx.MultiGraph()
    for edge, length in enumerate(network.length_m):
        joined = [(places.along_m[i], ("foot", int(i))) for i in np.flatnonzero(places.edge == edge)]
        ends = [(0.0, int(network.source[edge])), *sorted(joined), (length, int(network.target[edge]))]
        for (a, u), (b, v) in pairwise(ends):
            graph.add_edge(u, v, weight=b - a)
    for i in range(len(places)):
        graph.add_node(("door", i))
        if places.edge[i] >= 0:
            graph.add_edge(("door", i), ("foot", i), weight=places.off_m[i])
    return graph

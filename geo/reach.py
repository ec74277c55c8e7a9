"""How far people get on foot: distances along the network, exact to where the budget ends. Metres, metric CRS.

Shortest paths are Dijkstra's (scipy.sparse.csgraph), from each start or from all starts in one sweep. A start enters the
network at its place on an edge, so a way along that same edge never goes round by its ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.ops import substring

from geo.network import Floats, Ints, Network, Places, Shapes, lightest

ROWS_AT_ONCE = 4_000_000
"""Distances held in memory at a time: 32 MB."""


@dataclass(frozen=True, eq=False)
class Reach:
    """What one start reaches within `limit_m`: `node_m` is the distance of each node, infinite beyond."""

    network: Network
    start: Places
    """Of length one."""
    limit_m: float
    node_m: Floats

    def distances(self, places: Places) -> Floats:
        """Distance to each of `places`, their own way to the street included; infinite where there is none.

        Beyond `limit_m` a value may be longer than the shortest way, and infinite: compare it with `limit_m` only.
        """
        found = by_ends(self.network, self.node_m, places)
        same = np.flatnonzero(places.edge == self.start.edge[0])
        direct = np.abs(places.along_m[same] - self.start.along_m[0]) + self.start.off_m[0] + places.off_m[same]
        found[same] = np.minimum(found[same], direct)
        return found

    def streets(self) -> gpd.GeoDataFrame:
        """Every piece of street within the limit, cut at the exact point where it ends.

        Returns: one row per piece by `edge_id, from_m`: `edge_id`, `from_m`, `to_m` (along the edge), line in metric CRS.
        """
        pieces = _merged(self._pieces())
        edge = pieces.pop("edge").to_numpy()
        lines = _cut(self.network, edge, pieces["from_m"].to_numpy(), pieces["to_m"].to_numpy())
        pieces.insert(0, "edge_id", self.network.edge_ids[edge])
        return gpd.GeoDataFrame(pieces, geometry=lines, crs=self.network.crs)

    def _pieces(self) -> pd.DataFrame:
        net, length = self.network, self.network.length_m
        from_source, from_target = (self.limit_m - self.node_m[ends] for ends in (net.source, net.target))
        around = self.limit_m - self.start.off_m[0]
        edge, at = self.start.edge[0], self.start.along_m[0]
        every = np.arange(len(length))
        pieces = pd.DataFrame(
            {
                "edge": np.r_[every, every, edge],
                "from_m": np.r_[np.zeros(len(every)), np.maximum(length - from_target, 0), max(at - around, 0)],
                "to_m": np.r_[np.minimum(from_source, length), length, min(at + around, length[edge])],
            }
        )
        is_reached = np.r_[from_source >= 0, from_target >= 0, around >= 0]
        is_piece: pd.Series[bool] = is_reached & (pieces["from_m"] < pieces["to_m"])
        return pieces.loc[is_piece]


def each(network: Network, starts: Places, *, limit_m: float) -> Iterator[Reach]:
    """The reach of every start by itself, in their order; all must have joined the network."""
    graph = _with_starts(network, starts)
    size = len(network.node_ids)
    at_once = max(1, ROWS_AT_ONCE // size)
    for first in range(0, len(starts), at_once):
        chosen = range(first, min(first + at_once, len(starts)))
        found = dijkstra(graph, indices=[size + i for i in chosen], limit=limit_m)
        for i, node_m in zip(chosen, found, strict=True):
            yield Reach(network, starts[i : i + 1], limit_m, node_m[:size])


def nearest(network: Network, starts: Places, places: Places, *, limit_m: float) -> pd.DataFrame:
    """Which start is nearest to each of `places`, found for all starts in one sweep.

    Returns, in the order of `places`: `distance_m` (infinite beyond `limit_m`) and `start` (its position; -1 for none).
    """
    node_m, node_start = _sweep(network, starts, limit_m)
    ways = [*_ways_by_ends(network, node_m, node_start, places), _direct(starts, places)]
    distance_m = np.vstack([way for way, _ in ways])
    start = np.vstack([start for _, start in ways])
    best = distance_m.argmin(axis=0), np.arange(len(places))
    is_reached = distance_m[best] <= limit_m
    return pd.DataFrame(
        {"distance_m": np.where(is_reached, distance_m[best], np.inf), "start": np.where(is_reached, start[best], -1)}
    )


def by_ends(network: Network, node_m: Floats, places: Places) -> Floats:
    """Distance of `places` over the nearer end of their edge, given the distance of every node."""
    over_source = node_m[network.source[places.edge]] + places.along_m
    over_target = node_m[network.target[places.edge]] + places.rest_m
    return np.where(places.edge >= 0, np.minimum(over_source, over_target) + places.off_m, np.inf)


def _with_starts(network: Network, starts: Places) -> csr_array:
    """The network's matrix with a row more for each start, leading to both ends of its edge; none leads back."""
    size = len(network.node_ids)
    known = network.matrix.tocoo()
    count, joined = len(starts), size + np.flatnonzero(starts.edge >= 0)
    starts = starts[starts.edge >= 0]
    rows = np.r_[known.row, joined, joined]
    columns = np.r_[known.col, network.source[starts.edge], network.target[starts.edge]]
    weights = np.r_[known.data, starts.off_m + starts.along_m, starts.off_m + starts.rest_m]
    return lightest(rows, columns, weights, size=size + count)


def _sweep(network: Network, starts: Places, limit_m: float) -> tuple[Floats, Ints]:
    """Distance of each node from its nearest start, and which start that is (-1 for none)."""
    size = len(network.node_ids)
    joined = size + np.flatnonzero(starts.edge >= 0)
    if not len(joined):
        return np.full(size, np.inf), np.full(size, -1)
    graph = _with_starts(network, starts)
    found, _, origin = dijkstra(graph, indices=joined, limit=limit_m, min_only=True, return_predecessors=True)
    return found[:size], np.where(np.isfinite(found[:size]), origin[:size] - size, -1)


def _ways_by_ends(network: Network, node_m: Floats, node_start: Ints, places: Places) -> list[tuple[Floats, Ints]]:
    ends = ((network.source, places.along_m), (network.target, places.rest_m))
    is_joined = places.edge >= 0
    return [
        (np.where(is_joined, node_m[end[places.edge]] + way_m + places.off_m, np.inf), node_start[end[places.edge]])
        for end, way_m in ends
    ]


def _direct(starts: Places, places: Places) -> tuple[Floats, Ints]:
    """The shortest way to each place from a start on the same edge, not passing the edge's ends."""
    here = pd.DataFrame(
        {"edge": starts.edge, "at": starts.along_m, "off": starts.off_m, "start": np.arange(len(starts))}
    )
    there = pd.DataFrame(
        {"edge": places.edge, "along": places.along_m, "way": places.off_m, "place": np.arange(len(places))}
    )
    pairs = there[there["edge"] >= 0].merge(here, on="edge")
    pairs["distance_m"] = (pairs["along"] - pairs["at"]).abs() + pairs["off"] + pairs["way"]
    best = pairs.sort_values(["place", "distance_m", "start"]).drop_duplicates("place")
    distance_m, start = np.full(len(places), np.inf), np.full(len(places), -1)
    distance_m[best["place"]], start[best["place"]] = best["distance_m"], best["start"]
    return distance_m, start


def _merged(pieces: pd.DataFrame) -> pd.DataFrame:
    """Pieces of the same edge that touch or overlap become one."""
    pieces = pieces.sort_values(["edge", "from_m"], ignore_index=True)
    reached = pieces.groupby("edge")["to_m"].cummax().shift(fill_value=-1)
    is_new = (pieces["edge"] != pieces["edge"].shift()) | (pieces["from_m"] > reached)
    return pieces.groupby(is_new.cumsum()).agg(edge=("edge", "first"), from_m=("from_m", "min"), to_m=("to_m", "max"))


def _cut(network: Network, edge: Ints, from_m: Floats, to_m: Floats) -> Shapes:
    lines, length = network.lines[edge].copy(), network.length_m[edge]
    parts = np.flatnonzero((from_m > 0) | (to_m < length))
    lines[parts] = [
        substring(lines[i], from_m[i] / length[i], to_m[i] / length[i], normalized=True) for i in parts if length[i] > 0
    ]
    return lines

"""The street network that people walk on, as arrays. Metric CRS; every length and distance is metres.

One-way rules do not bind people on foot: every walkable edge goes both ways. A place (a door, a station, a point of a grid)
joins the network where its nearest walkable edge is nearest, and the way to there counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.crs import require_metric
from geo.errors import BadInput

Ints = NDArray[Any]
Floats = NDArray[Any]
Flags = NDArray[Any]
Shapes = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes 0…n-1 and walkable edges 0…m-1; `source` and `target` are positions in `node_ids`."""

    crs: CRS
    node_ids: Ints
    node_xy: Floats
    edge_ids: Ints
    source: Ints
    target: Ints
    length_m: Floats
    lines: Shapes
    component: Ints
    """Of each node: which connected piece it belongs to."""

    @cached_property
    def matrix(self) -> csr_array:
        """n × n, metres in both directions, the shortest where edges are parallel."""
        ends = (np.r_[self.source, self.target], np.r_[self.target, self.source])
        return lightest(*ends, np.r_[self.length_m, self.length_m], size=len(self.node_ids))

    @cached_property
    def tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.lines)

    @cached_property
    def streets_m(self) -> Floats:
        """Length of all walkable streets in each component."""
        return np.bincount(self.component[self.source], self.length_m, minlength=int(self.component.max()) + 1)

    def is_island(self, less_than_m: float) -> Flags:
        """Of each edge: whether it lies on a piece cut off from the largest, with less street than `less_than_m`."""
        is_small = self.streets_m < less_than_m
        is_small[self.streets_m.argmax()] = False
        return is_small[self.component[self.source]]


@dataclass(frozen=True, eq=False)
class Places:
    """Where k places join the network. `edge` is -1 for those too far from every street; their distances are infinite."""

    edge: Ints
    off_m: Floats
    """From the place straight to its edge."""
    along_m: Floats
    """From the edge's source to where the place joins."""
    rest_m: Floats
    """From there to the edge's target."""

    def __len__(self) -> int:
        return len(self.edge)

    def __getitem__(self, which: Any) -> Places:
        return Places(self.edge[which], self.off_m[which], self.along_m[which], self.rest_m[which])


def build(nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame) -> Network:
    """The network of the walkable `edges`.

    nodes: `id`, point. edges: `id`, `source_id`, `target_id`, `length_m`, `is_walkable`, line; both in one metric CRS.
    Raises NotMetric for degrees, BadInput for an edge without its nodes, without a length, or when nobody can walk anywhere.
    """
    crs = require_metric(edges.crs)
    edges = edges[edges["is_walkable"].to_numpy(dtype=bool)]
    ids = np.sort(nodes["id"].to_numpy(dtype=np.int64))
    source, target = (_positions(ids, edges[end]) for end in ("source_id", "target_id"))
    length_m = edges["length_m"].to_numpy(dtype=float)
    if not len(edges):
        raise BadInput("the street network has no street that people walk on")
    if not (length_m >= 0).all():
        raise BadInput("a street has no length", edges=edges["id"][~(length_m >= 0)].head(10).tolist())
    return Network(
        crs=crs,
        node_ids=ids,
        node_xy=_coordinates(nodes),
        edge_ids=edges["id"].to_numpy(dtype=np.int64),
        source=source,
        target=target,
        length_m=length_m,
        lines=edges.geometry.to_numpy(),
        component=_components(source, target, size=len(ids)),
    )


def snap(network: Network, points: Shapes, *, within_m: float) -> Places:
    """Where each of `points` joins the network, if a walkable edge is within `within_m`. Of equally near edges the first."""
    which, edge = _nearest_edges(network, points, within_m)
    line, point = network.lines[edge], points[which]
    share = _share_along(line, point)
    places = Places(
        edge=np.full(len(points), -1),
        off_m=np.full(len(points), np.inf),
        along_m=np.zeros(len(points)),
        rest_m=np.zeros(len(points)),
    )
    places.edge[which] = edge
    places.off_m[which] = shapely.distance(line, point)
    places.along_m[which] = share * network.length_m[edge]
    places.rest_m[which] = (1 - share) * network.length_m[edge]
    return places


def lightest(rows: Ints, columns: Ints, weights: Floats, *, size: int) -> csr_array:
    """A sparse size × size matrix that keeps the smallest weight of each pair; zero weights stay edges."""
    order = np.lexsort((weights, columns, rows))
    rows, columns, weights = rows[order], columns[order], weights[order]
    is_first = np.r_[True, (np.diff(rows) != 0) | (np.diff(columns) != 0)]
    counts = np.bincount(rows[is_first], minlength=size)
    return csr_array((weights[is_first], columns[is_first], np.r_[0, counts.cumsum()]), shape=(size, size))


def _nearest_edges(network: Network, points: Shapes, within_m: float) -> tuple[Ints, Ints]:
    which, edge = network.tree.query_nearest(points, max_distance=within_m)
    pairs = pd.DataFrame({"which": which, "edge": edge}).groupby("which", sort=True)["edge"].min()
    return pairs.index.to_numpy(), pairs.to_numpy()


def _share_along(line: Shapes, point: Shapes) -> Floats:
    """Position of the foot of `point` on `line`, from 0 at its start to 1 at its end; 0 on a line of no length."""
    length = shapely.length(line)
    share: Floats = np.zeros(len(length))
    np.divide(shapely.line_locate_point(line, point), length, out=share, where=length > 0)
    return share


def _positions(ids: Ints, wanted: pd.Series) -> Ints:
    positions = pd.Index(ids).get_indexer(pd.Index(wanted))
    if (positions < 0).any():
        raise BadInput("streets end at nodes that are not there", nodes=wanted[positions < 0].head(10).tolist())
    return np.asarray(positions)


def _coordinates(nodes: gpd.GeoDataFrame) -> Floats:
    points = nodes.geometry.to_numpy()[np.argsort(nodes["id"].to_numpy())]
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


def _components(source: Ints, target: Ints, *, size: int) -> Ints:
    linked = csr_array((np.ones(len(source)), (source, target)), shape=(size, size))
    _, component = connected_components(linked, directed=False)
    return np.asarray(component)

"""Node the plan, bend it, and read off streets and the faces between them. Metres in the city's zone (EPSG:4548)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.demo.plan import Plan
from data.demo.quarters import OLD
from data.demo.warp import Warp
from geo.blocks import CUT_COST, Floats, Ints, Shapes

SNAP_M = 0.01
STEP_M = 60.0
NO_STREET = ("river", "rail", "wall")


@dataclass(frozen=True)
class Network:
    """`ways`: kind, line, geometry (streets and barriers). `faces`: strip, old, landmark, geometry. They share vertices."""

    ways: pd.DataFrame
    faces: pd.DataFrame


def build(plan: Plan, warp: Warp) -> Network:
    """Turn a plan into ways and faces."""
    segments = _segments(plan)
    ways = _named(segments, plan)
    ways["geometry"] = _bent(segments, warp)
    faces = _faces(plan, ways["geometry"].to_numpy(), warp)
    return Network(ways[ways["kind"] != "wall"].reset_index(drop=True), faces)


def _segments(plan: Plan) -> Floats:
    """Straight pieces between neighbouring nodes, as rows of x, y, x, y."""
    rings = shapely.linearrings([np.array(plot.ring) for plot in plan.plots if len(plot.ring) == 4])
    others = [shapely.linearrings(np.array(plot.ring)) for plot in plan.plots if len(plot.ring) != 4]
    noded = shapely.get_parts(shapely.union_all([*rings, *others], grid_size=SNAP_M))
    xy, line = shapely.get_coordinates(noded, return_index=True)
    within = np.flatnonzero(line[:-1] == line[1:])
    return np.column_stack([xy[within], xy[within + 1]])


def _named(segments: Floats, plan: Plan) -> pd.DataFrame:
    """Kind and line of each segment: of the widest stroke on which its middle lies."""
    strokes = pd.DataFrame(plan.strokes)
    chords = shapely.linestrings([[stroke.start, stroke.end] for stroke in plan.strokes])
    middles = shapely.points((segments[:, :2] + segments[:, 2:]) / 2)
    segment, stroke = shapely.STRtree(chords).query(middles, predicate="dwithin", distance=5 * SNAP_M)
    cost = strokes["kind"].map(lambda kind: CUT_COST.get(kind, 99)).to_numpy()
    order = np.lexsort((stroke, cost[stroke], segment))
    segment, first = np.unique(segment[order], return_index=True)
    chosen = strokes[["kind", "line"]].iloc[stroke[order][first]].set_axis(segment)
    whole = chosen.reindex(range(len(segments))).fillna({"kind": "wall", "line": 0})
    return pd.DataFrame(whole.astype({"line": np.int64}))


def _bent(segments: Floats, warp: Warp) -> Shapes:
    straight = shapely.segmentize(shapely.linestrings(segments.reshape(-1, 2, 2)), STEP_M)
    return np.asarray(shapely.set_coordinates(straight, warp(shapely.get_coordinates(straight))))


def _faces(plan: Plan, lines: Shapes, warp: Warp) -> pd.DataFrame:
    polygons = shapely.get_parts(shapely.polygonize(lines))
    middles = warp(np.array([np.mean(plot.ring, axis=0) for plot in plan.plots]))
    plot, face = shapely.STRtree(polygons).query(shapely.points(middles), predicate="within")
    plots = [plan.plots[number] for number in plot]
    faces = pd.DataFrame(
        {
            "strip": [each.strip for each in plots],
            "old": [each.quarter == OLD for each in plots],
            "landmark": [each.landmark for each in plots],
            "geometry": polygons[face],
        }
    )
    return faces.loc[~pd.Series(face).duplicated()].reset_index(drop=True)


def junctions(ways: pd.DataFrame) -> tuple[Floats, Ints, Ints]:
    """Coordinates of the nodes, sorted by x and y, and the node at the start and the end of each way."""
    geometry = ways["geometry"].to_numpy()
    ends = np.vstack([shapely.get_coordinates(shapely.get_point(geometry, side)) for side in (0, -1)])
    nodes, number = np.unique(ends, axis=0, return_inverse=True)
    return nodes, number[: len(ways)], number[len(ways) :]


def largest_piece(count: int, source: Ints, target: Ints) -> Ints:
    """The nodes of the largest connected piece."""
    links = coo_array((np.ones(len(source)), (source, target)), shape=(count, count))
    piece = connected_components(links, directed=False)[1]
    return np.flatnonzero(piece == np.argmax(np.bincount(piece)))

"""The ground of a grid worker: the cells that he looks after and their streets, read within a dialogue."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from data.days import today
from data.dialogues import Dialogue, Row, ask
from data.models import SRID
from data.settings import settings
from geo.callers import Caller
from geo.crs import to_metric, transformer
from geo.network import Flags, Floats, Network, Shapes, build
from geo.patrol import of_cells

MARGIN_DEG = 0.001
"""About 100 m: streets of neighbours are needed to tell that somebody walked there."""


def worker_id(caller: Caller) -> int:
    """The number of the worker that acts."""
    return int(caller.actor.removeprefix("worker:"))


@dataclass(frozen=True, eq=False)
class Ground:
    """`codes` of the cells, their shapes in EPSG:4490."""

    codes: list[str]
    shapes: Shapes


@dataclass(frozen=True, eq=False)
class Streets:
    """The walkable network on and around the cells, in metres of the city's zone."""

    network: Network
    cells: Shapes

    def is_of_cells(self, within_m: float) -> Flags:
        """Of each street whether it is one of the cells'."""
        return of_cells(self.network.lines, self.cells, within_m=within_m)


def read_ground(caller: Caller) -> Dialogue[Ground]:
    """The cells that the caller looks after now, by code; none is no error."""
    rows = yield ask("work_patrol_cells", worker_id=worker_id(caller), cells=list(caller.cells), today=today())
    return Ground([row["code"] for row in rows], shapely.from_wkb([row["shape"] for row in rows]))


def read_streets(ground: Ground) -> Dialogue[Streets | None]:
    """The streets on and around the cells; None where there are no cells or no streets."""
    if not ground.codes:
        return None
    west, south, east, north = shapely.total_bounds(ground.shapes)
    box = {
        "west": west - MARGIN_DEG,
        "south": south - MARGIN_DEG,
        "east": east + MARGIN_DEG,
        "north": north + MARGIN_DEG,
    }
    rows = yield ask("work_patrol_streets", **{side: float(value) for side, value in box.items()})
    if not rows:
        return None
    cells = gpd.GeoSeries(ground.shapes, crs=SRID).to_crs(settings().metric_srid)
    return Streets(_network(rows), cells.to_numpy())


def metric(lon: Floats, lat: Floats) -> Floats:
    """n × 2 metres in the city's zone of degrees in EPSG:4490."""
    return np.column_stack(transformer(SRID, settings().metric_srid).transform(lon, lat))


def degrees(xy: Floats) -> tuple[Floats, Floats]:
    """Longitudes and latitudes in EPSG:4490, to 6 decimals."""
    lon, lat = transformer(settings().metric_srid, SRID).transform(xy[:, 0], xy[:, 1])
    return np.round(lon, 6), np.round(lat, 6)


def _network(rows: list[Row]) -> Network:
    lines = shapely.from_wkb([row["shape"] for row in rows])
    columns = {name: [row[name] for row in rows] for name in ("id", "source_id", "target_id", "length_m")}
    edges = gpd.GeoDataFrame(columns | {"is_walkable": True}, geometry=lines, crs=SRID)
    ids = np.r_[edges["source_id"].to_numpy(), edges["target_id"].to_numpy()]
    ends = np.r_[shapely.get_point(lines, 0), shapely.get_point(lines, -1)]
    known, first = np.unique(ids, return_index=True)
    nodes = gpd.GeoDataFrame({"id": known}, geometry=ends[first], crs=SRID)
    return build(to_metric(nodes, settings().metric_srid), to_metric(edges, settings().metric_srid))

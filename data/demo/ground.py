"""The demo district as frames in EPSG:4490 (lon/lat), drawn in metres in EPSG:4548. Same seed, same bytes; names invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import geopandas as gpd
import numpy as np
import pandas as pd

from data import reference
from data.demo import calibration, network, people, plan, rounds, stations, streets, units, warp, year
from data.demo import cells as grid
from data.demo import homes as housing
from data.demo import landmarks as sights
from geo.blocks import Shapes, locate, totals

CRS = "EPSG:4490"
AS_OF = datetime(2026, 6, 30, 10, tzinfo=UTC)
"""When the demo's year ends unless told otherwise."""
STAGES = ("streets", "homes", "communities", "cells", "stations", "workers", "a year of incidents")
CELLS_DONE = 3

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class DemoGround:
    """A fictional district (or city), frame by frame; geometries in EPSG:4490, times in UTC, areas m², lengths m.

    areas: code, level (city, district, street, community), parent_code, name, name_en, area_class (communities: new,
        old_city), households, residents, geometry (MultiPolygon); the city first, then by level and code.
    cells: code, community_code, name, kind (ordinary, dedicated), households, residents, geometry (Polygon); by code.
    nodes: id, geometry (Point). edges: id, source, target (node ids), kind (OSM highway value), name, length_m, oneway,
        walkable, geometry (LineString).
    residences: id, address, households, residents, geometry (Point).
    facilities: code, name, level (district_centre, street_centre, station), floor_area_m2, staff, address, geometry.
    serves: facility_code, community_code, share (sums to 1 per station).
    workers: code, name, phone, kind (full_time, part_time), community_code.
    assignments: cell_code, worker_code, role (head, worker, substitute).
    landmarks: kind (water, rail, park, mall, campus), name, geometry.
    visits, elements: what workers must visit, and what they know of their cells; see data/demo/rounds.py.
    incidents: category_code, description, source, reported_at, dispatched_at, geometry (Point);
        by reported_at; the newest wait, without dispatched_at.
    """

    areas: gpd.GeoDataFrame
    cells: gpd.GeoDataFrame
    nodes: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame
    residences: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    serves: pd.DataFrame
    workers: pd.DataFrame
    assignments: pd.DataFrame
    landmarks: gpd.GeoDataFrame
    visits: gpd.GeoDataFrame
    elements: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame


def generate(
    communities: int = 148, seed: int = 7, *, as_of: datetime = AS_OF, progress: Progress | None = None
) -> DemoGround:
    """Make the demo ground. `progress` is called with done, total and what is being made.

    Raises: OutsideRange for a number of communities that no demo can have.
    """
    units.check_size(communities)
    return _Maker(communities, seed, as_of, progress or (lambda done, total, label: None)).make()


@dataclass(frozen=True)
class _Land:
    """What is built: faces and ways, street network, homes."""

    net: network.Network
    nodes: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame
    homes: housing.Homes


@dataclass(frozen=True)
class _Order:
    """How it is ordered: areas, the band of each community's floor area, cells, residences by community."""

    areas: gpd.GeoDataFrame
    bands: Shapes
    cells: gpd.GeoDataFrame
    residences: gpd.GeoDataFrame


class _Maker:
    """One stage after the other; each has random numbers of its own, so that a change in one leaves the others alone."""

    def __init__(self, communities: int, seed: int, as_of: datetime, progress: Progress) -> None:
        self.communities, self.seed, self.as_of, self.progress = communities, seed, as_of, progress

    def make(self) -> DemoGround:
        land = self._land()
        order = self._order(land)
        self._begin(4)
        sights_found = sights.gather(land.net, self._rng(7))
        services = stations.build(order.areas, order.bands, order.residences, self._rng(8))
        self._begin(5)
        staff = people.engage(order.cells, self._rng(9))
        self._begin(6)
        incidents = year.report(self.communities, land.edges, order.residences, self.as_of, self._rng(10))
        ground = DemoGround(
            areas=_lonlat(order.areas),
            cells=_lonlat(_named_cells(order.cells, order.areas, sights_found)),
            nodes=_lonlat(land.nodes),
            edges=_lonlat(land.edges),
            residences=_lonlat(order.residences.drop(columns="community")),
            facilities=_lonlat(services.facilities),
            serves=services.serves,
            workers=staff.workers,
            assignments=staff.assignments,
            landmarks=_lonlat(sights_found.drop(columns="face")),
            visits=_lonlat(rounds.visits(order.cells, order.residences, self.as_of, self._rng(11))),
            elements=_lonlat(rounds.elements(order.cells, order.residences, self.as_of, self._rng(12))),
            incidents=_lonlat(incidents),
        )
        self.progress(self._total, self._total, "ground made")
        return ground

    def _land(self) -> _Land:
        self._begin(0)
        drawing = plan.draw(self.communities, self._rng(0))
        net = network.build(drawing, warp.bend(drawing, self._rng(1)))
        nodes, edges = streets.frames(net, self._rng(2))
        self._begin(1)
        return _Land(net, nodes, edges, housing.settle(net.faces, self.communities, self._rng(3)))

    def _order(self, land: _Land) -> _Order:
        self._begin(2)
        held = totals(land.homes.face, land.homes.households, len(land.net.faces)).astype(np.int64)
        found = units.gather(land.net, held, self.communities, self._rng(4))
        share = units.old_share(found, land.net.faces["old"].to_numpy(), held)
        is_old, bands = calibration.outcomes(share, self._rng(5))
        areas = units.described(units.named(found, list(is_old), self._rng(6)), found, land.homes, is_old)
        cells = grid.cut(land.net, found, land.homes, households=_bounds(), seed=self.seed, step=self._cut)
        return _Order(areas, bands, cells, _residences(land.homes, land.edges, found))

    @property
    def _total(self) -> int:
        return len(STAGES) - 1 + self.communities

    def _begin(self, stage: int) -> None:
        done = stage if stage <= CELLS_DONE else stage - 1 + self.communities
        self.progress(done, self._total, STAGES[stage])

    def _cut(self, done: int) -> None:
        self.progress(CELLS_DONE + done, self._total, STAGES[CELLS_DONE])

    def _rng(self, stage: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, stage])


def _bounds() -> tuple[int, int]:
    """Households of an ordinary cell."""
    value = {row["name"]: row["value"] for row in reference.rows("parameters") if not row["valid_to"]}
    return int(value["cell_households_min"]), int(value["cell_households_max"])


def _named_cells(cells: gpd.GeoDataFrame, areas: pd.DataFrame, landmarks: pd.DataFrame) -> gpd.GeoDataFrame:
    """Cells called after their community and number, dedicated ones after what they are."""
    community = cells["community_code"].map(areas.set_index("code")["name"])
    ordinary = community + "第" + cells["code"].str[12:].astype(int).astype(str) + "网格"
    place = landmarks[landmarks["face"] >= 0].set_index("face")["name"]
    named = cells.assign(
        name=ordinary.where(
            cells["kind"] == "ordinary", [f"{place.get(face, '')}专属网格" for face in cells["landmark"]]
        )
    )
    return named[["code", "community_code", "name", "kind", "households", "residents", "geometry"]]


def _residences(homes: housing.Homes, edges: gpd.GeoDataFrame, found: units.Units) -> gpd.GeoDataFrame:
    """Residences sorted by community, each with the address of the nearest named street."""
    at = found.community_of[homes.face]
    order = np.argsort(at, kind="stable")
    points = homes.points[order]
    named = edges[edges["name"].notna() & edges["walkable"]]
    nearest = locate(named.geometry.to_numpy(), points)
    name = named["name"].to_numpy()[nearest]
    number = pd.Series(name).groupby(name).cumcount().to_numpy() + 1
    frame = {
        "id": np.arange(1, len(order) + 1),
        "address": [f"{street}{door}号" for street, door in zip(name, number, strict=True)],
        "households": homes.households[order],
        "residents": homes.residents[order],
        "community": at[order],
    }
    return gpd.GeoDataFrame(frame, geometry=points, crs=warp.ZONE)


def _lonlat(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.reset_index(drop=True).to_crs(CRS)

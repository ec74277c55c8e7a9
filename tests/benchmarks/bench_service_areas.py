"""Service areas per second, beside pgRouting's `pgr_drivingDistance` with an array of starts on the same rows.

A made-up town of 120 × 120 blocks of 55 m (14,400 nodes, 28,000 streets), 150 stations, 25,000 homes, 1,600 metres: as many
streets about a station as in an old quarter.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy import Connection, create_engine, text

from data import network
from data.copying import copy_frame
from data.database import driver_connection, sqlalchemy_url
from data.schema import upgrade
from geo.catchment import Walk, by_network
from geo.crs import to_stored
from geo.network import Network, build, snap
from geo.reach import each
from tests.benchmarks.report import Row, seconds
from tests.conftest import Databases
from tests.geo.streets import ZONE, city_frames

STATIONS, HOMES, SIDE, BLOCK_M = 150, 25_000, 120, 55.0
WALK = Walk(limit_m=1600, snap_m=300, island_streets_m=10_000, grid_m=20)
STREETS = "'SELECT id, source_id AS source, target_id AS target, length_m AS cost FROM street_edge WHERE is_walkable'"
ROUTING = f"pgr_drivingDistance({STREETS}, CAST(:starts AS bigint[]), CAST(:limit AS float), directed => false)"
DISTANCES = text(f"SELECT count(*) FROM {ROUTING}")
AREAS = text(f"""
    SELECT area.from_v, area.hull, sum(residence.households)
    FROM (
        SELECT from_v, ST_ConcaveHull(ST_Collect(geom), 0.3) AS hull
        FROM {ROUTING} JOIN street_node ON street_node.id = node GROUP BY from_v
    ) AS area
    LEFT JOIN residence ON ST_Covers(area.hull, residence.geom)
    GROUP BY area.from_v, area.hull
""")


def rows() -> Iterator[Row]:
    databases = Databases(os.environ["WANGGE_TEST_DATABASE_URL"])
    engine = create_engine(sqlalchemy_url(url := databases.create("bench")))
    try:
        upgrade(url)
        with engine.connect() as connection:
            yield from _measured(connection)
    finally:
        engine.dispose()
        databases.drop_all()


def _measured(connection: Connection) -> Iterator[Row]:
    """Reach alone, with the streets in memory and read anew; then whole service areas, as they are stored."""
    homes = _homes()
    _store_town(connection, homes)
    town = build(*network.read(connection))
    stations = _stations(town)
    wish = {"starts": [int(node) for node in stations["id"]], "limit": WALK.limit_m}
    routing = _per_second(lambda: connection.execute(DISTANCES, wish).all())
    hulls = _per_second(lambda: connection.execute(AREAS, wish).all())
    in_memory = _per_second(lambda: _distances(town, stations))
    read_anew = _per_second(lambda: _distances(build(*network.read(connection)), stations))
    whole = _per_second(lambda: by_network(town, stations, homes, WALK, _quiet))
    alone = "pgRouting, one call with an array of starts"
    yield _row("reach of a station, streets in memory", in_memory, routing, alone)
    yield _row("reach of a station, streets read anew", read_anew, routing, alone)
    yield _row("service area with homes and polygon", whole, hulls, f"{alone}, concave hulls, homes inside them")


def _row(name: str, ours: float, theirs: float, yardstick: str) -> Row:
    return Row(name, ours, "/s", theirs, yardstick, is_smaller_better=False)


def _per_second(call: Callable[[], object]) -> float:
    """Stations per second, the best of three."""
    return STATIONS / min(seconds(call) for _ in range(3))


def _store_town(connection: Connection, homes: gpd.GeoDataFrame) -> None:
    nodes, edges = city_frames(SIDE, SIDE, river_after=SIDE // 2, bridge=SIDE // 3, block_m=BLOCK_M)
    edges["length_m"] *= np.random.default_rng(2).uniform(1, 1.3, len(edges))
    driver = driver_connection(connection)
    copy_frame(driver, "street_node", to_stored(nodes))
    copy_frame(driver, "street_edge", to_stored(edges).assign(external_id=edges["id"].astype(str), kind="residential"))
    copy_frame(driver, "residence", to_stored(homes).assign(external_id=homes.index.astype(str)))
    connection.execute(text("ANALYZE"))


def _stations(town: Network) -> gpd.GeoDataFrame:
    chosen = np.random.default_rng(3).choice(len(town.node_ids), STATIONS, replace=False)
    ids = town.node_ids[chosen]
    columns = {"id": ids, "code": ids.astype(str), "name": "站"}
    return gpd.GeoDataFrame(columns, geometry=shapely.points(town.node_xy[chosen]), crs=ZONE)


def _homes() -> gpd.GeoDataFrame:
    low, high = city_frames(SIDE, SIDE, block_m=BLOCK_M)[0].total_bounds.reshape(2, 2)
    points = shapely.points(np.random.default_rng(4).uniform(low, high, (HOMES, 2)))
    return gpd.GeoDataFrame({"households": np.full(HOMES, 10), "residents": None}, geometry=points, crs=ZONE)


def _distances(town: Network, stations: gpd.GeoDataFrame) -> None:
    starts = snap(town, stations.geometry.to_numpy(), within_m=WALK.snap_m)
    assert sum(1 for _ in each(town, starts, limit_m=WALK.limit_m)) == STATIONS


def _quiet(done: int, total: int) -> None:
    """Nobody watches."""

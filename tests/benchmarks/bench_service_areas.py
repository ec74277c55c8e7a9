"""Service areas per second, beside pgRouting's `pgr_drivingDistance` with an array of starts on the same rows.

A made-up town of 120 × 120 blocks (14,400 nodes, 28,000 streets), 150 stations, 25,000 homes, 1,600 metres.
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

STATIONS, HOMES, SIDE = 150, 25_000, 120
WALK = Walk(limit_m=1600, snap_m=300, island_streets_m=10_000, grid_m=20)
YARDSTICK = "pgRouting, one call with an array of starts, distances alone"
DRIVING_DISTANCE = text("""
    SELECT count(*) FROM pgr_drivingDistance(
        'SELECT id, source_id AS source, target_id AS target, length_m AS cost FROM street_edge WHERE is_walkable',
        CAST(:starts AS bigint[]), CAST(:limit AS float), directed => false)
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
    _store_town(connection)
    town = build(*network.read(connection))
    stations = _stations(town)
    starts = [int(node) for node in stations["id"]]
    wish = {"starts": starts, "limit": WALK.limit_m}
    theirs = _per_second(lambda: connection.execute(DRIVING_DISTANCE, wish).all())
    homes = _homes()
    measured = {
        "reach of a station, streets in memory": lambda: _distances(town, stations),
        "reach of a station, streets read anew": lambda: _distances(build(*network.read(connection)), stations),
        "service area: distances, homes and polygon": lambda: by_network(town, stations, homes, WALK, _quiet),
    }
    for name, call in measured.items():
        yield Row(name, _per_second(call), "/s", theirs, YARDSTICK, is_smaller_better=False)


def _per_second(call: Callable[[], object]) -> float:
    """Stations per second, the best of three."""
    return STATIONS / min(seconds(call) for _ in range(3))


def _store_town(connection: Connection) -> None:
    nodes, edges = city_frames(SIDE, SIDE, river_after=SIDE // 2, bridge=SIDE // 3)
    edges["length_m"] *= np.random.default_rng(2).uniform(1, 1.3, len(edges))
    driver = driver_connection(connection)
    copy_frame(driver, "street_node", to_stored(nodes))
    copy_frame(driver, "street_edge", to_stored(edges).assign(external_id=edges["id"].astype(str), kind="residential"))
    connection.execute(text("ANALYZE"))


def _stations(town: Network) -> gpd.GeoDataFrame:
    chosen = np.random.default_rng(3).choice(len(town.node_ids), STATIONS, replace=False)
    ids = town.node_ids[chosen]
    columns = {"id": ids, "code": ids.astype(str), "name": "站"}
    return gpd.GeoDataFrame(columns, geometry=shapely.points(town.node_xy[chosen]), crs=ZONE)


def _homes() -> gpd.GeoDataFrame:
    low, high = city_frames(SIDE, SIDE)[0].total_bounds.reshape(2, 2)
    points = shapely.points(np.random.default_rng(4).uniform(low, high, (HOMES, 2)))
    return gpd.GeoDataFrame({"households": np.full(HOMES, 10), "residents": None}, geometry=points, crs=ZONE)


def _distances(town: Network, stations: gpd.GeoDataFrame) -> None:
    starts = snap(town, stations.geometry.to_numpy(), within_m=WALK.snap_m)
    assert sum(1 for _ in each(town, starts, limit_m=WALK.limit_m)) == STATIONS


def _quiet(done: int, total: int) -> None:
    """Nobody watches."""

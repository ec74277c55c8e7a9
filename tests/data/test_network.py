"""The network as it comes out of the database, and its distances against pgRouting's on the same rows."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Connection, text

from data import network
from data.copying import copy_frame
from data.database import driver_connection
from geo.crs import to_stored
from geo.errors import NotReady
from geo.network import build, snap
from geo.reach import each
from tests.geo.streets import city_frames, frames

LIMIT_M = 900.0
DRIVING_DISTANCE = text("""
    SELECT node, agg_cost FROM pgr_drivingDistance(
        'SELECT id, source_id AS source, target_id AS target, length_m AS cost FROM street_edge WHERE is_walkable',
        CAST(:start AS bigint), CAST(:limit AS float), directed => false)
""")


def store(connection: Connection, nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame) -> None:
    driver = driver_connection(connection)
    copy_frame(driver, "street_node", to_stored(nodes))
    kept = to_stored(edges).assign(external_id=edges["id"].astype(str), kind="residential")
    copy_frame(driver, "street_edge", kept)


def crooked_city() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Blocks whose streets are up to half longer than straight, some twice there, some closed to people on foot."""
    nodes, edges = city_frames(12, 12, river_after=6, bridge=2)
    rng = np.random.default_rng(11)
    twice = edges.sample(60, random_state=1).assign(id=lambda chosen: chosen["id"] + 50_000)
    edges = gpd.GeoDataFrame(pd.concat([edges, twice], ignore_index=True), crs=edges.crs)
    edges["length_m"] *= rng.uniform(1, 1.5, len(edges))
    return nodes, edges.assign(is_walkable=rng.random(len(edges)) > 0.1)


def test_distances_are_those_that_pgrouting_finds(connection: Connection) -> None:
    if not connection.scalar(text("SELECT true FROM pg_extension WHERE extname = 'pgrouting'")):
        pytest.skip("this PostgreSQL has no pgRouting to compare with")
    store(connection, *crooked_city())
    found = build(*network.read(connection))
    starts = snap(found, at_nodes(found, chosen := [0, 5, 40, 77, 143]), within_m=1)
    for node, reach in zip(chosen, each(found, starts, limit_m=LIMIT_M), strict=True):
        rows = connection.execute(DRIVING_DISTANCE, {"start": int(found.node_ids[node]), "limit": LIMIT_M})
        expected = {row.node: row.agg_cost for row in rows}
        reached = np.isfinite(reach.node_m)
        assert set(found.node_ids[reached]) == set(expected)
        theirs = [expected[node_id] for node_id in found.node_ids[reached]]
        np.testing.assert_allclose(reach.node_m[reached], theirs, atol=1e-3)


def at_nodes(found, which: list[int]):
    return gpd.points_from_xy(*found.node_xy[which].T).to_numpy()


def test_a_network_goes_in_and_comes_out_in_metres(connection: Connection) -> None:
    nodes, edges = frames([(500_000, 4_400_000), (500_300, 4_400_400)], [(0, 1)])
    store(connection, nodes, edges)
    _, read = network.read(connection)
    assert read.crs.to_epsg() == 4548
    assert read.length[0] == pytest.approx(500, abs=1e-3) and read["length_m"][0] == pytest.approx(500)


def test_without_streets_the_message_says_what_to_run(connection: Connection) -> None:
    with pytest.raises(NotReady, match="wangge import network"):
        network.read(connection)

"""Service areas on a real street network: Beijing's, from 148 real community points. Frames straight from the files."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.reference import is_walkable
from geo.catchment import Catchments, Walk, by_network
from geo.network import Network, build, snap
from geo.reach import each
from tests.geo.streets import ZONE

pytestmark = pytest.mark.real_data
WALK = Walk(limit_m=1600, snap_m=300, island_streets_m=10_000, grid_m=20)


@pytest.fixture(scope="module")
def network(real_data: Path) -> Network:
    folder = real_data / "beijing_osm2013"
    edges = pd.read_csv(folder / "edges.csv.gz", usecols=["u", "v", "length_m", "highway", "wkt"])
    nodes = pd.read_csv(folder / "nodes.csv")
    lines = gpd.GeoDataFrame(
        {
            "id": np.arange(len(edges)),
            "source_id": edges["u"],
            "target_id": edges["v"],
            "length_m": edges["length_m"],
            "is_walkable": edges["highway"].map(is_walkable),
        },
        geometry=shapely.from_wkt(edges["wkt"].to_numpy()),
        crs=4326,
    )
    points = gpd.GeoDataFrame(
        {"id": nodes["osm_node"]}, geometry=gpd.points_from_xy(nodes["lon"], nodes["lat"]), crs=4326
    )
    return build(points.to_crs(ZONE), lines.to_crs(ZONE))


@pytest.fixture(scope="module")
def stations(real_data: Path) -> gpd.GeoDataFrame:
    rows = pd.read_csv(real_data / "xicheng_communities.csv", dtype={"code": str}).dropna(subset=["lon_wgs84"])
    points = gpd.points_from_xy(rows["lon_wgs84"], rows["lat_wgs84"], crs=4326)
    frame = gpd.GeoDataFrame({"code": rows["code"], "name": rows["name"]}, geometry=points).to_crs(ZONE)
    return frame.assign(id=np.arange(len(frame))).reset_index(drop=True)


@pytest.fixture(scope="module")
def homes(network: Network, stations: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """60,000 made-up front doors, about 35 m from the streets of the district and a walk around it."""
    rng = np.random.default_rng(1)
    edge = rng.integers(0, len(network.lines), 250_000)
    along = shapely.line_interpolate_point(network.lines[edge], rng.random(len(edge)), normalized=True)
    doors = shapely.points(shapely.get_coordinates(along) + rng.normal(0, 35, (len(along), 2)))
    nearby = doors[shapely.intersects(shapely.box(*stations.total_bounds).buffer(1600), doors)][:60_000]
    return gpd.GeoDataFrame(geometry=nearby, crs=ZONE).assign(households=1, residents=None)


@pytest.fixture(scope="module")
def found(network: Network, stations: gpd.GeoDataFrame, homes: gpd.GeoDataFrame) -> Catchments:
    return by_network(network, stations, homes, WALK, lambda done, total: None)


def test_all_148_stations_get_a_valid_area(found: Catchments, stations: gpd.GeoDataFrame) -> None:
    assert len(stations) == len(found.areas) == 148 and found.failed.empty
    assert found.areas.is_valid.all()


def test_without_motorways_and_platforms_one_large_piece_and_many_small_ones_remain(network: Network) -> None:
    assert (network.streets_m > 10_000).sum() == 1
    assert network.is_island(10_000).mean() < 0.01


def test_areas_are_well_below_the_straight_circle(found: Catchments) -> None:
    assert found.areas["area_m2"].median() < 0.7 * np.pi * WALK.limit_m**2


def test_polygons_agree_with_front_doors(
    network: Network, stations: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, found: Catchments
) -> None:
    """F1 of "inside the polygon" against "within the walk by network distance"."""
    starts, doors = (snap(network, frame.geometry.to_numpy(), within_m=300) for frame in (stations, homes))
    scores = []
    for reach, polygon in zip(each(network, starts, limit_m=WALK.limit_m), found.areas.geometry, strict=True):
        shapely.prepare(polygon)
        is_reached, is_inside = reach.distances(doors) <= WALK.limit_m, shapely.intersects(polygon, homes.geometry)
        scores.append(2 * (is_reached & is_inside).sum() / (is_reached.sum() + is_inside.sum()))
    assert np.mean(scores) >= 0.985 and np.min(scores) >= 0.96

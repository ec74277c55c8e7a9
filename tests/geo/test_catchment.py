"""Service areas of a town with a river and one bridge: who is counted, what fails and why."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.catchment import ON_AN_ISLAND, OUT_OF_TIME, Walk, by_network, by_radius, require_minutes
from geo.errors import OutsideRange
from geo.network import build, snap
from geo.reach import each
from tests.geo.streets import BLOCK_M, EAST, NORTH, ZONE, city_frames

NODES, EDGES = city_frames(21, 21, river_after=10, bridge=3)
NETWORK = build(NODES, EDGES)
WALK = Walk(limit_m=1000, snap_m=300, island_streets_m=10_000, grid_m=20)


def facilities(*places: tuple[float, float]) -> gpd.GeoDataFrame:
    """At so many blocks east and north."""
    points = shapely.points([(EAST + x * BLOCK_M, NORTH + y * BLOCK_M) for x, y in places])
    numbers = np.arange(len(places))
    columns = {"id": numbers + 1, "code": [f"S{i}" for i in numbers], "name": [f"站{i}" for i in numbers]}
    return gpd.GeoDataFrame(columns, geometry=points, crs=ZONE)


def homes(count: int = 800, *, residents: float | None = 2.5) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(5)
    points = shapely.points(rng.uniform(0, 20 * BLOCK_M, (count, 2)) + np.array([EAST, NORTH]))
    households = rng.integers(1, 60, count)
    people = {"households": households, "residents": households * residents if residents else [None] * count}
    return gpd.GeoDataFrame(people, geometry=points, crs=ZONE)


def still(done: int, total: int) -> None: ...


def test_people_beyond_the_river_are_near_in_a_straight_line_only() -> None:
    station, home = facilities((10, 13)), homes()
    walked = by_network(NETWORK, station, home, WALK, still)
    flown = by_radius(station, home, limit_m=1000, step=still)
    beyond = home.geometry.x > EAST + 10.6 * BLOCK_M
    assert not walked.is_reached[beyond].any() and flown.is_reached[beyond].any()
    assert walked.areas["households"][0] < 0.5 * flown.areas["households"][0]


def test_every_home_is_counted_by_the_distance_of_its_door() -> None:
    stations, home = facilities((3, 3), (10, 13), (18, 2)), homes()
    found = by_network(NETWORK, stations, home, WALK, still)
    doors = snap(NETWORK, home.geometry.to_numpy(), within_m=300)
    starts = snap(NETWORK, stations.geometry.to_numpy(), within_m=300)
    reached = np.array([reach.distances(doors) <= 1000 for reach in each(NETWORK, starts, limit_m=1000)])
    assert found.areas["households"].tolist() == (reached @ home["households"].to_numpy()).tolist()
    assert found.areas["residents"].tolist() == [int(sum(home["residents"][row])) for row in reached]
    assert (found.is_reached == reached.any(axis=0)).all()


def test_areas_are_measured_and_valid() -> None:
    found = by_network(NETWORK, facilities((3, 3), (18, 2)), homes(), WALK, still)
    assert found.areas["area_m2"].tolist() == pytest.approx(found.areas.area.tolist())
    assert found.areas.is_valid.all() and set(found.areas.geom_type) == {"MultiPolygon"}
    assert found.areas.crs == ZONE


def test_a_facility_far_from_every_street_fails_and_the_others_are_built() -> None:
    found = by_network(NETWORK, facilities((3, 3), (-9, -9)), homes(), WALK, still)
    assert found.areas["facility_id"].tolist() == [1]
    assert found.failed.to_dict("records") == [
        {"code": "S1", "name": "站1", "reason": "no walkable street within 300 m"}
    ]


def test_a_facility_on_an_island_fails() -> None:
    nodes, edges = city_frames(21, 3, river_after=3, bridge=None)
    found = by_network(build(nodes, edges), facilities((2, 1), (15, 1)), homes(), WALK, still)
    assert found.failed["reason"].tolist() == [ON_AN_ISLAND]
    assert found.areas["facility_id"].tolist() == [2]


def test_a_facility_whose_street_is_farther_than_the_walk_fails() -> None:
    short = Walk(limit_m=80, snap_m=300, island_streets_m=10_000, grid_m=20)
    found = by_network(NETWORK, facilities((-2, 5)), homes(), short, still)
    assert found.failed["reason"].tolist() == [OUT_OF_TIME]
    assert len(found.areas) == 0 and not found.is_reached.any()


@settings(deadline=None, max_examples=30)
@given(st.floats(0, 20), st.floats(0, 20), st.floats(1, 60))
def test_even_a_few_metres_have_a_polygon(x, y, limit_m) -> None:
    walk = Walk(limit_m=limit_m, snap_m=300, island_streets_m=0, grid_m=20)
    found = by_network(NETWORK, facilities((x, y)), homes(5), walk, still)
    assert len(found.areas) + len(found.failed) == 1
    assert found.areas.is_valid.all() and (found.areas["area_m2"] > 0).all()


def test_without_homes_the_polygons_are_there_and_count_nobody() -> None:
    nobody = homes(3)[:0]
    walked = by_network(NETWORK, facilities((3, 3)), nobody, WALK, still)
    flown = by_radius(facilities((3, 3)), nobody, limit_m=1000, step=still)
    for found in (walked, flown):
        assert found.areas["households"].tolist() == [0] and found.areas["residents"].isna().all()


def test_residents_stay_unknown_where_no_home_tells_them() -> None:
    found = by_network(NETWORK, facilities((3, 3)), homes(residents=None), WALK, still)
    assert found.areas["households"][0] > 0 and found.areas["residents"].isna().all()


def test_progress_is_told_for_every_facility() -> None:
    told: list[tuple[int, int]] = []
    by_network(NETWORK, facilities((3, 3), (5, 5)), homes(), WALK, lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize("minutes", [0, -5, 600, float("nan"), float("inf")])
def test_nobody_walks_for(minutes: float) -> None:
    with pytest.raises(OutsideRange):
        require_minutes(minutes, lowest=1, highest=120)


def test_the_bounds_of_the_minutes_are_included() -> None:
    require_minutes(1, lowest=1, highest=120)
    require_minutes(120, lowest=1, highest=120)

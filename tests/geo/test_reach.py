"""Distances are exact: the same as another library finds on the same streets, each cut where a place joins it."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.network import Network, snap
from geo.reach import each, nearest
from tests.geo.streets import BLOCK_M, EAST, NORTH, city, doors, networks, split_graph

limits = st.floats(0, 1500)


def expected_distances(network: Network, starts, places) -> np.ndarray:
    """networkx: one row per start, one column per place."""
    both = snap(network, np.r_[starts, places], within_m=200)
    graph = split_graph(network, both)
    found = np.full((len(starts), len(places)), np.inf)
    for i in range(len(starts)):
        lengths = nx.single_source_dijkstra_path_length(graph, ("door", i))
        for j in range(len(places)):
            found[i, j] = lengths.get(("door", len(starts) + j), np.inf)
    return found


@settings(deadline=None)
@given(networks(), doors, doors, limits)
def test_every_distance_is_the_one_networkx_finds(network, start_xy, place_xy, limit_m) -> None:
    starts, places = shapely.points(start_xy), shapely.points(place_xy)
    expected = expected_distances(network, starts, places)
    joined = snap(network, starts, within_m=200)
    is_joined = joined.edge >= 0
    reaches = each(network, joined[is_joined], limit_m=limit_m)
    for reach, row in zip(reaches, expected[is_joined], strict=True):
        found = reach.distances(snap(network, places, within_m=200))
        inside = row <= limit_m - 1e-6
        np.testing.assert_allclose(found[inside], row[inside], atol=1e-6)
        assert (found[row > limit_m + 1e-6] > limit_m).all()


@settings(deadline=None)
@given(networks(), doors, doors, limits)
def test_one_sweep_gives_every_place_its_nearest_start(network, start_xy, place_xy, limit_m) -> None:
    starts, places = shapely.points(start_xy), shapely.points(place_xy)
    expected = expected_distances(network, starts, places)
    found = nearest(network, snap(network, starts, within_m=200), snap(network, places, within_m=200), limit_m=limit_m)
    shortest = expected.min(axis=0)
    inside = shortest <= limit_m - 1e-6
    np.testing.assert_allclose(found["distance_m"][inside], shortest[inside], atol=1e-6)
    assert (found["start"][shortest > limit_m + 1e-6] == -1).all()
    chosen = expected[found["start"][inside], np.flatnonzero(inside)]
    np.testing.assert_allclose(chosen, shortest[inside], atol=1e-6)


@settings(deadline=None)
@given(networks(), doors, limits, st.floats(0, 500))
def test_reach_only_grows_with_the_minutes(network, start_xy, limit_m, more_m) -> None:
    starts = snap(network, shapely.points(start_xy), within_m=200)
    starts = starts[starts.edge >= 0]
    short = each(network, starts, limit_m=limit_m)
    long = each(network, starts, limit_m=limit_m + more_m)
    for before, after in zip(short, long, strict=True):
        left = before.streets().union_all().difference(after.streets().union_all().buffer(1e-6))
        assert left.is_empty


@settings(deadline=None)
@given(networks(), doors, limits)
def test_streets_end_exactly_where_the_budget_does(network, start_xy, limit_m) -> None:
    starts = snap(network, shapely.points(start_xy), within_m=200)
    for reach in each(network, starts[starts.edge >= 0], limit_m=limit_m):
        streets = reach.streets()
        np.testing.assert_allclose(streets.length, streets["to_m"] - streets["from_m"], atol=1e-6)
        assert reached_by_steps(reach) == pytest.approx(streets.length.sum(), abs=2.0 * len(network.length_m))


def reached_by_steps(reach, step_m: float = 1.0) -> float:
    """Street within the limit, counted by walking along every edge in steps."""
    from geo.network import Places

    total = 0.0
    for edge, length in enumerate(reach.network.length_m):
        count = max(int(length / step_m), 1)
        along = (np.arange(count) + 0.5) * length / count
        spots = Places(np.full(count, edge), np.zeros(count), along, length - along)
        total += (reach.distances(spots) <= reach.limit_m).mean() * length
    return total


@given(networks(), doors)
def test_a_place_joins_its_nearest_street(network, xy) -> None:
    points = shapely.points(xy)
    off_m = shapely.distance(points[:, None], network.lines[None, :]).min(axis=1)
    joined = snap(network, points, within_m=200)
    assert ((joined.edge >= 0) == (off_m <= 200)).all()
    np.testing.assert_allclose(joined.off_m[off_m <= 200], off_m[off_m <= 200])


def test_a_river_is_crossed_by_its_bridge_only() -> None:
    network = city(bridge=3)
    banks = shapely.points([(EAST + 10 * BLOCK_M, NORTH + 13 * BLOCK_M), (EAST + 11 * BLOCK_M, NORTH + 13 * BLOCK_M)])
    here, there = snap(network, banks[:1], within_m=50), snap(network, banks[1:], within_m=50)
    assert nearest(network, here, there, limit_m=5000)["distance_m"][0] == pytest.approx(2100)


def test_a_start_far_from_every_street_reaches_nothing() -> None:
    network = city()
    nowhere = snap(network, shapely.points([(EAST - 900, NORTH)]), within_m=300)
    door = snap(network, shapely.points([(EAST, NORTH)]), within_m=300)
    assert nowhere.edge[0] == -1
    assert nearest(network, nowhere, door, limit_m=5000)["start"].tolist() == [-1]

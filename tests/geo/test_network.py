"""What the network refuses, and what it knows about its pieces."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest

from geo.crs import require_metric, to_metric, to_stored
from geo.errors import BadInput, NotMetric
from geo.network import build
from tests.geo.streets import city_frames, frames


def test_degrees_are_refused() -> None:
    nodes, edges = city_frames(3, 3)
    with pytest.raises(NotMetric):
        build(to_stored(nodes), to_stored(edges))


@pytest.mark.parametrize("crs", [4490, 4326, 3857, None, "nonsense", 2263])
def test_lengths_are_not_measured_in(crs) -> None:
    with pytest.raises(NotMetric):
        require_metric(crs)


def test_a_layer_without_a_coordinate_system_is_refused() -> None:
    nodes, _ = city_frames(3, 3)
    with pytest.raises(NotMetric, match="does not say"):
        to_metric(gpd.GeoDataFrame(geometry=nodes.geometry.to_numpy()), 4548)


def test_there_and_back_again_is_the_same_place() -> None:
    nodes, _ = city_frames(3, 3)
    again = to_metric(to_stored(nodes), 4548)
    assert again.geometry.distance(nodes.geometry).max() < 1e-4


def test_an_edge_without_its_node_is_refused() -> None:
    nodes, edges = city_frames(3, 3)
    with pytest.raises(BadInput, match="nodes that are not there"):
        build(nodes[1:], edges)


@pytest.mark.parametrize("length_m", [-1.0, np.nan])
def test_an_edge_without_a_length_is_refused(length_m: float) -> None:
    nodes, edges = city_frames(3, 3)
    edges.loc[0, "length_m"] = length_m
    with pytest.raises(BadInput, match="no length"):
        build(nodes, edges)


def test_a_network_of_motorways_is_refused() -> None:
    nodes, edges = city_frames(3, 3)
    with pytest.raises(BadInput, match="people walk"):
        build(nodes, edges.assign(is_walkable=False))


def test_of_parallel_streets_the_shortest_counts() -> None:
    nodes, edges = frames([(0, 0), (100, 0)], [(0, 1), (0, 1), (1, 0)])
    edges["length_m"] = [130.0, 100.0, 115.0]
    assert build(nodes, edges).matrix.todense().tolist() == [[0, 100], [100, 0]]


def test_a_small_piece_cut_off_from_the_largest_is_an_island() -> None:
    xy = [(0, 0), (900, 0), (900, 900), (3000, 0), (3100, 0), (5000, 0), (5000, 700)]
    network = build(*frames(xy, [(0, 1), (1, 2), (3, 4), (5, 6)]))
    assert network.is_island(500).tolist() == [False, False, True, False]


def test_the_largest_piece_is_never_an_island() -> None:
    assert not build(*city_frames(3, 3)).is_island(1_000_000).any()

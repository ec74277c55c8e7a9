"""Polygons of a reach are valid and agree with the doors; people are counted by distance, ground by area."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage import circles, counted, covered_area, of_communities, percentage, standing_in, straight_distances
from geo.errors import GridTooLarge
from geo.network import snap
from geo.reach import each
from geo.surface import SAMPLE_M, survey
from tests.geo.streets import BLOCK_M, EAST, NORTH, ZONE, city, networks

NETWORK = city(31, 31, river_after=14, bridge=20)
CENTRE = (EAST + 12 * BLOCK_M, NORTH + 12 * BLOCK_M)


def reach_of(centre: tuple[float, float], limit_m: float):
    start = snap(NETWORK, shapely.points([centre]), within_m=300)
    return next(each(NETWORK, start, limit_m=limit_m))


def outline(centre: tuple[float, float], limit_m: float, step_m: float = 20) -> shapely.MultiPolygon:
    surface = survey(NETWORK, np.array([centre]), around_m=limit_m, step_m=step_m, within_m=300)
    return surface.outline(reach_of(centre, limit_m), centre)


def doors(count: int = 20_000) -> np.ndarray:
    """Up to 40 m from the streets, all over the city."""
    rng = np.random.default_rng(3)
    edge = rng.integers(0, len(NETWORK.lines), count)
    along = shapely.line_interpolate_point(NETWORK.lines[edge], rng.random(count), normalized=True)
    return shapely.points(shapely.get_coordinates(along) + rng.uniform(-40, 40, (count, 2)))


def test_the_polygon_agrees_with_the_doors_and_stays_on_its_bank() -> None:
    polygon, homes = outline(CENTRE, 1200), doors()
    is_reached = reach_of(CENTRE, 1200).distances(snap(NETWORK, homes, within_m=300)) <= 1200
    is_inside = shapely.intersects(polygon, homes)
    assert 2 * (is_inside & is_reached).sum() / (is_inside.sum() + is_reached.sum()) >= 0.985
    assert not polygon.intersects(shapely.Point(EAST + 16 * BLOCK_M, CENTRE[1]))


@settings(deadline=None, max_examples=40)
@given(st.tuples(st.floats(0, 3000), st.floats(0, 3000)), st.floats(100, 1600))
def test_every_polygon_is_a_valid_multipolygon_within_the_straight_circle(offset, limit_m) -> None:
    centre = (EAST + offset[0], NORTH + offset[1])
    polygon = outline(centre, limit_m)
    assert polygon.is_valid and not polygon.is_empty and polygon.geom_type == "MultiPolygon"
    assert shapely.Point(centre).buffer(limit_m + 20).covers(polygon)


@settings(deadline=None, max_examples=25)
@given(st.floats(100, 1200), st.floats(0, 400))
def test_polygons_grow_with_the_minutes(limit_m, more_m) -> None:
    """But for what simplifying the border may move, a quarter of a grid step on either side."""
    small, large = outline(CENTRE, limit_m), outline(CENTRE, limit_m + more_m)
    assert small.difference(large.buffer(12)).is_empty


@settings(deadline=None, max_examples=40)
@given(networks(), st.floats(1, 60))
def test_grid_points_join_the_network_where_any_place_would(network, step_m) -> None:
    """But for the spacing at which streets are sampled."""
    centres = np.array([[250.0, 250.0]])
    surface = survey(network, centres, around_m=step_m * 3, step_m=step_m, within_m=200)
    row, column = np.divmod(np.arange(len(surface.places)), surface.shape[1])
    points = shapely.points(surface.west + step_m * column, surface.south + step_m * row)
    off_m = snap(network, points, within_m=1000).off_m
    asked = surface.places.edge >= 0
    assert (off_m[asked] <= surface.places.off_m[asked] + 1e-9).all()
    assert (surface.places.off_m[asked] <= off_m[asked] + SAMPLE_M / 2 + 1e-9).all()
    feet = shapely.line_interpolate_point(
        network.lines[surface.places.edge[asked]],
        surface.places.along_m[asked] / np.maximum(network.length_m[surface.places.edge[asked]], 1e-12),
        normalized=True,
    )
    np.testing.assert_allclose(shapely.distance(feet, points[asked]), surface.places.off_m[asked], atol=1e-6)


def test_a_grid_of_too_many_points_is_refused() -> None:
    with pytest.raises(GridTooLarge):
        survey(NETWORK, np.array([[0, 0], [1e6, 1e6]]), around_m=100, step_m=20, within_m=300)


def square(west: float, south: float, side: float) -> shapely.Polygon:
    return shapely.box(west, south, west + side, south + side)


boxes = st.lists(st.builds(square, *[st.integers(0, 90)] * 2, st.integers(1, 40)), min_size=1, max_size=8)


@given(boxes, boxes)
def test_overlapping_polygons_cover_ground_once(areas, polygons) -> None:
    expected = [area.intersection(shapely.union_all(polygons)).area for area in areas]
    assert covered_area(np.array(areas), np.array(polygons)) == pytest.approx(expected)


def test_ground_under_many_small_polygons_is_summed_exactly() -> None:
    discs = circles(shapely.points(np.random.default_rng(1).uniform(0, 1000, (400, 2))), 30)
    areas = np.array([square(0, 0, 500), square(300, 200, 700), square(5000, 0, 10)])
    expected = shapely.area(shapely.intersection(areas, shapely.union_all(discs)))
    assert covered_area(areas, discs) == pytest.approx(expected)


def test_no_polygon_covers_no_ground() -> None:
    assert covered_area(np.array([square(0, 0, 1)]), np.array([], dtype=object)).tolist() == [0]


def communities() -> gpd.GeoDataFrame:
    shapes = [square(100, 0, 100), square(0, 0, 100), square(0, 500, 100)]
    return gpd.GeoDataFrame({"code": ["b", "a", "c"]}, geometry=shapes, crs=ZONE)


def homes() -> gpd.GeoDataFrame:
    points = gpd.points_from_xy([50, 100, 150, 900], [50, 50, 50, 50])
    people = {"households": [10, 20, 40, 80], "residents": [25, None, None, None]}
    return gpd.GeoDataFrame(people, geometry=points, crs=ZONE)


def test_a_home_on_a_border_counts_for_the_lower_code() -> None:
    assert standing_in(homes().geometry.to_numpy(), communities()).tolist() == [1, 1, 0, -1]


def test_people_are_counted_by_distance_and_ground_by_polygon() -> None:
    is_reached = np.array([True, False, True, True])
    found = of_communities(communities(), homes(), is_reached, np.array([square(0, 0, 50)])).set_index("code")
    assert found["households"].tolist() == [40, 30, 0]
    assert found["households_covered"].tolist() == [40, 10, 0]
    assert found.loc["a", ["residents", "residents_covered"]].tolist() == [25, 25]
    assert found.loc[["b", "c"], "residents"].isna().all()
    assert found["area_covered_m2"].tolist() == [0, 2500, 0]


def test_residents_reached_are_none_when_no_home_says() -> None:
    nobody = pd.DataFrame(homes().drop(columns="geometry")).assign(residents=None)
    assert counted(np.array([0, 1]), nobody) == (30, None)
    assert counted(np.array([0, 1]), homes()) == (30, 25)


def test_a_circle_is_as_large_as_its_formula_says() -> None:
    assert circles(shapely.points([[0, 0]]), 1600)[0].area == pytest.approx(np.pi * 1600**2, rel=5e-4)


def test_straight_distances_are_to_the_nearest_start() -> None:
    points, starts = shapely.points([[0, 0], [10, 0]]), shapely.points([[0, 3], [10, 4]])
    assert straight_distances(points, starts).tolist() == [3, 4]
    assert np.isinf(straight_distances(points, starts[:0])).all()


def test_a_part_of_nothing_has_no_percentage() -> None:
    assert (percentage(1, 3), percentage(0, 0)) == (33.33, None)

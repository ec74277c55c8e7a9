"""What lies over, beside and between polygons is found with its area, and nothing else is."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import box

from geo import topology
from geo.topology import Measure

ZONE = 4548
sizes = st.floats(5, 500)
shifts = st.floats(0.5, 4)


def layer(*shapes: shapely.Geometry, first: int = 0) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), index=range(first, first + len(shapes)), crs=ZONE)


def grid(columns: int, rows: int, size: float) -> gpd.GeoSeries:
    return layer(
        *(box(x * size, y * size, (x + 1) * size, (y + 1) * size) for x in range(columns) for y in range(rows))
    )


@given(st.integers(1, 4), st.integers(1, 4), sizes)
def test_cells_that_only_touch_neither_overlap_nor_leave_gaps(columns: int, rows: int, size: float) -> None:
    cells = grid(columns, rows, size)
    assert topology.overlaps(cells, cells, Measure(ZONE, 1e-6)).empty
    for within in (None, shapely.union_all(cells.to_numpy())):
        assert topology.gaps(cells, within, Measure(ZONE, 1e-3), width_m=2).empty


@given(sizes, shifts)
def test_an_overlap_is_told_once_with_its_area(size: float, shift: float) -> None:
    cells = layer(box(0, 0, size, size), box(size - shift, 0, 2 * size, size))
    found = topology.overlaps(cells, cells, Measure(ZONE, 0.1))
    assert found[["row", "other"]].to_numpy().tolist() == [[1, 0]]
    assert found["area_m2"].iloc[0] == pytest.approx(size * shift, rel=1e-6)
    against = topology.overlaps(cells.iloc[1:], cells.iloc[:1], Measure(ZONE, 0.1))
    assert against["area_m2"].tolist() == pytest.approx(found["area_m2"].tolist())


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50), sizes, sizes), min_size=2, max_size=6))
def test_overlaps_are_those_of_a_plain_double_loop(boxes: list[tuple[float, float, float, float]]) -> None:
    shapes = layer(*(box(x, y, x + w, y + h) for x, y, w, h in boxes))
    found = topology.overlaps(shapes, shapes, Measure(ZONE, 1))
    plain = {
        (i, j): shapes[i].intersection(shapes[j]).area
        for i in shapes.index for j in shapes.index if j < i and shapes[i].intersection(shapes[j]).area > 1
    }  # fmt: skip
    told = {(row, other): area for row, other, area in found[["row", "other", "area_m2"]].itertuples(index=False)}
    assert told == pytest.approx(plain)


@given(st.integers(2, 4), sizes, shifts)
def test_a_crack_between_neighbours_is_a_gap_with_and_without_the_ground_around(
    rows: int, size: float, width: float
) -> None:
    assume(size * rows > 50 * width)
    west = [box(0, y * size, size, (y + 1) * size) for y in range(rows)]
    east = [box(size + width, y * size, 2 * size + width, (y + 1) * size) for y in range(rows)]
    shapes, within = layer(*west, *east), box(0, 0, 2 * size + width, rows * size)
    for ground in (within, None):
        found = topology.gaps(shapes, ground, Measure(ZONE, 0.01), width_m=10)
        assert found["area_m2"].sum() == pytest.approx(width * size * rows, rel=0.01)


def test_a_hole_is_a_gap_and_a_notch_in_the_outline_is_none() -> None:
    ring = layer(box(0, 0, 100, 100).difference(box(40, 40, 60, 60)))
    assert topology.gaps(ring, None, Measure(ZONE, 1), width_m=10)["area_m2"].tolist() == [400]
    notched = layer(box(0, 0, 100, 100), box(100, 0, 200, 95), box(200, 0, 300, 100))
    assert topology.gaps(notched, None, Measure(ZONE, 1), width_m=10).empty


@given(sizes, shifts)
def test_what_lies_outside_is_told_with_its_area(size: float, shift: float) -> None:
    child, parent = layer(box(-shift, 0, size, size)), layer(box(0, 0, 1000, 1000))
    found = topology.outside(child, parent, Measure(ZONE, 0.1))
    assert found["area_m2"].tolist() == pytest.approx([shift * size])
    assert topology.outside(layer(box(1, 1, 2, 2)), parent, Measure(ZONE, 0.1)).empty
    assert topology.outside(child, layer(first=5), Measure(ZONE, 0.1)).empty


def test_vertices_that_come_again_are_counted_where_they_are() -> None:
    twice = shapely.Polygon([(0, 0), (10, 0), (10, 0), (10, 10.001), (10, 10), (0, 10)])
    found = topology.repeated_points(layer(box(0, 0, 1, 1), twice), metric_crs=ZONE, distance_m=0.01)
    assert found[["row", "count"]].to_numpy().tolist() == [[1, 2]]
    assert shapely.get_coordinates(found.geometry.to_numpy())[0] == pytest.approx([10, 0])


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=3, max_size=8, unique=True))
def test_no_vertex_of_well_spaced_ones_comes_again(points: list[tuple[float, float]]) -> None:
    hull = shapely.convex_hull(shapely.multipoints(np.round(points)))
    if hull.geom_type == "Polygon":
        assert topology.repeated_points(layer(hull), metric_crs=ZONE, distance_m=0.01).empty


def test_a_sliver_is_a_part_narrower_than_a_path() -> None:
    parts = shapely.MultiPolygon([box(0, 0, 100, 100), box(200, 0, 200.5, 100)])
    found = topology.slivers(layer(parts, box(0, 0, 2, 500)), metric_crs=ZONE, width_m=1)
    assert found["row"].tolist() == [0]
    assert found["width_m"].tolist() == pytest.approx([0.4975], abs=0.001)
    assert found["area_m2"].tolist() == pytest.approx([50])


def test_what_is_shared_in_degrees_is_no_trouble_though_it_bends_in_the_zone() -> None:
    street = gpd.GeoSeries([box(116, 39, 116.2, 39.1)], crs=4490)
    halves = gpd.GeoSeries([box(116, 39, 116.1, 39.1), box(116.1, 39, 116.2, 39.1)], index=[7, 8], crs=4490)
    assert topology.gaps(halves, street.iloc[0], Measure(ZONE, 1), width_m=10).empty
    assert topology.outside(halves, street.reindex([0, 0]).set_axis([7, 8]), Measure(ZONE, 1)).empty
    assert (
        topology.gaps(halves.to_crs(ZONE), street.to_crs(ZONE).iloc[0], Measure(ZONE, 1), width_m=10)["area_m2"].sum()
        > 1000
    )


def test_what_is_narrower_than_coordinates_are_exact_is_noise() -> None:
    shapes = layer(box(0, 0, 1000, 10), box(0, 9.98, 1000, 20), box(0, 19, 1000, 30))
    found = topology.overlaps(shapes, shapes, Measure(ZONE, 1, noise_m=0.1))
    assert found[["row", "other"]].to_numpy().tolist() == [[2, 1]]

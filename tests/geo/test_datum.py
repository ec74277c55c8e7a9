"""Shifts of Chinese maps, against an independent implementation and against themselves."""

import time

import eviltransform
import numpy as np
import prcoords
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.datum import CHINA, DATUMS, convert, convert_geometries, is_shifted
from geo.errors import OutsideRange, UnknownDatum

SPHEROID = Geod(ellps="GRS80")
SHIFTED = ("gcj02", "bd09")
inside = st.tuples(st.floats(CHINA.west + 0.1, CHINA.east - 0.1), st.floats(CHINA.south + 0.1, CHINA.north - 0.1))
outside = st.tuples(st.floats(-180, CHINA.west - 0.2), st.floats(-90, 90))


def distance_m(a, b) -> np.ndarray:
    return SPHEROID.inv(*a, *b)[2]


def many_points(count: int = 100_000) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(7)
    return random.uniform(73, 135, count), random.uniform(3, 53, count)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("datum", "theirs"),
    [
        ("gcj02", lambda lat, lon: prcoords.wgs_gcj((lat, lon))),
        ("bd09", lambda lat, lon: prcoords.wgs_bd((lat, lon))),
        ("gcj02", eviltransform.wgs2gcj),
        ("bd09", eviltransform.wgs2bd),
    ],
)
def test_shifts_agree_with_two_independent_libraries_within_5_cm(datum, theirs) -> None:
    lon, lat = many_points()
    expected = np.array([theirs(y, x) for x, y in zip(lon, lat, strict=True)])
    there = convert(lon, lat, source="wgs84", target=datum)
    assert distance_m(there, (expected[:, 1], expected[:, 0])).max() < 0.05
    assert distance_m(convert(expected[:, 1], expected[:, 0], source=datum), (lon, lat)).max() < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("datum", SHIFTED)
def test_a_million_points_are_converted_in_seconds(datum) -> None:
    lon, lat = many_points(1_000_000)
    begun = time.process_time()
    convert(lon, lat, source=datum)
    assert time.process_time() - begun < 20


@pytest.mark.parametrize("datum", SHIFTED)
def test_a_whole_country_converts_there_and_back_within_a_millimetre(datum) -> None:
    lon, lat = many_points()
    there = convert(lon, lat, source="wgs84", target=datum)
    assert distance_m(convert(*there, source=datum, target="wgs84"), (lon, lat)).max() < 1e-3


@given(point=inside, source=st.sampled_from(DATUMS), target=st.sampled_from(DATUMS))
def test_conversions_invert(point, source, target) -> None:
    back = convert(*convert(*point, source=source, target=target), source=target, target=source)
    assert distance_m(back, point) < 1e-3


@given(point=outside, source=st.sampled_from(DATUMS), target=st.sampled_from(DATUMS))
def test_nothing_is_shifted_outside_the_box(point, source, target) -> None:
    assert convert(*point, source=source, target=target) == point


def test_beijing_is_shifted_by_half_a_kilometre_and_more_on_baidu() -> None:
    square = (116.3913, 39.9075)
    assert 500 < distance_m(convert(*square, source="wgs84", target="gcj02"), square) < 570
    assert 1200 < distance_m(convert(*square, source="wgs84", target="bd09"), square) < 1500


def test_geometries_are_shifted_vertex_by_vertex_and_missing_ones_stay_missing() -> None:
    shapes = np.array([shapely.box(116, 39, 117, 40), None, shapely.Point(116, 39)])
    shifted = convert_geometries(shapes, source="gcj02")
    assert shifted[1] is None
    corners = shapely.get_coordinates(shapes)
    assert (shapely.get_coordinates(shifted) == np.column_stack(convert(*corners.T, source="gcj02"))).all()


def test_shapes_of_arrays_stay_as_they_are() -> None:
    lon, lat = convert(np.full((2, 3), 116.0), np.full((2, 3), 39.0), source="bd09")
    assert lon.shape == lat.shape == (2, 3)
    assert is_shifted(116.0, 39.0)


def test_an_unknown_datum_is_refused_by_name() -> None:
    with pytest.raises(UnknownDatum, match="beijing54"):
        convert(116, 39, source="beijing54")


@pytest.mark.parametrize(("lon", "lat"), [(181, 0), (0, 91), (float("nan"), 0), (0, float("inf"))])
def test_what_is_no_longitude_or_latitude_is_refused(lon, lat) -> None:
    with pytest.raises(OutsideRange):
        convert([116, lon], [39, lat], source="gcj02")

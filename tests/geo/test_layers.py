"""Shapes checked and mended; codes judged and composed."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import codes
from geo.errors import BadInput, NotMetric
from geo.layers import check, polygons_of

ZONE = 4548
BOX = shapely.box(116, 39, 116.1, 39.1)
BOW_TIE = shapely.Polygon([(116, 39), (116.1, 39.1), (116.1, 39), (116, 39.1)])
HOLE_OUTSIDE = shapely.Polygon(BOX.exterior, [[(117, 39), (117.1, 39), (117.1, 39.1)]])
SPIKE = shapely.Polygon([(116, 39), (116.1, 39), (116, 39)])

vertices = st.tuples(st.floats(116, 117), st.floats(39, 40))
rings = st.lists(vertices, min_size=3, max_size=9).map(shapely.Polygon)


def layer(*shapes: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": range(len(shapes))},
        geometry=np.array(shapes, dtype=object),
        crs=4490,
        index=[f"r{n}" for n in range(len(shapes))],
    )


def reasons(*shapes: object, shape: str = "polygon", **options: object) -> list[str]:
    return check(layer(*shapes), shape=shape, metric_crs=ZONE, **options).rejects["reason"].tolist()


def test_good_shapes_pass_in_order_with_their_columns_and_index() -> None:
    checked = check(layer(BOX, BOW_TIE, shapely.MultiPolygon([BOX])), shape="polygon", metric_crs=ZONE)
    assert checked.good.index.tolist() == ["r0", "r2"]
    assert checked.good["name"].tolist() == [0, 2]
    assert checked.rejects.index.tolist() == ["r1"]
    assert checked.repairs.empty


def test_the_reason_names_the_place() -> None:
    assert reasons(BOW_TIE) == ["Self-intersection[116.05 39.05]"]


def test_missing_and_empty_are_wrong_only_where_a_shape_is_required() -> None:
    assert reasons(None, shapely.Polygon()) == ["no geometry"] * 2
    checked = check(layer(None, shapely.Polygon()), shape="polygon", is_required=False, metric_crs=ZONE)
    assert checked.good.geometry.isna().all()


@pytest.mark.parametrize(
    ("shape", "wrong"),
    [
        ("polygon", shapely.Point(1, 2)),
        ("area", shapely.LineString([(0, 0), (1, 1)])),
        ("line", BOX),
        ("point", BOX),
        ("point", shapely.MultiPoint([(0, 0), (1, 1)])),
        ("polygon", shapely.GeometryCollection([BOX])),
    ],
)
def test_another_type_is_refused(shape: str, wrong: object) -> None:
    assert [reason.startswith(f"is a {wrong.geom_type}, not a") for reason in reasons(wrong, shape=shape)] == [True]


def test_single_parts_and_third_dimensions_are_taken_off() -> None:
    points = check(layer(shapely.MultiPoint([(1, 2)]), shapely.Point(1, 2, 3)), shape="point", metric_crs=ZONE).good
    assert [point.wkt for point in points.geometry] == ["POINT (1 2)"] * 2
    pieces = shapely.MultiLineString([[(0, 0), (1, 0)], [(1, 0), (2, 0)]])
    assert check(layer(pieces), shape="line", metric_crs=ZONE).good.geometry.geom_type.tolist() == ["LineString"]


def test_a_coordinate_that_is_no_number_is_refused() -> None:
    assert reasons(shapely.Polygon([(0, 0), (1, float("inf")), (1, 1)])) == ["a coordinate is not a finite number"]


def test_a_repair_says_what_it_did_in_square_metres() -> None:
    checked = check(layer(BOX, BOW_TIE), shape="polygon", repair=True, metric_crs=ZONE)
    assert checked.rejects.empty
    assert checked.repairs.index.tolist() == ["r1"]
    mended = checked.repairs.iloc[0]
    assert mended["reason"] == "Self-intersection[116.05 39.05]"
    assert mended["area_after_m2"] == pytest.approx(checked.good.geometry.to_crs(ZONE).area["r1"])
    assert mended["area_before_m2"] < 1e5 < mended["area_after_m2"]


def test_what_collapses_is_refused_even_with_repair() -> None:
    checked = check(layer(SPIKE, BOX), shape="polygon", repair=True, metric_crs=ZONE)
    assert checked.rejects.index.tolist() == ["r0"]
    assert checked.repairs.empty


def test_areas_of_repairs_need_a_metric_system() -> None:
    with pytest.raises(NotMetric):
        check(layer(BOW_TIE), shape="polygon", repair=True, metric_crs=4490)


@given(st.lists(rings | st.just(HOLE_OUTSIDE), min_size=1, max_size=5))
def test_after_a_repair_every_shape_is_a_valid_polygon_or_refused(shapes: list[shapely.Polygon]) -> None:
    checked = check(layer(*shapes), shape="polygon", repair=True, metric_crs=ZONE)
    assert len(checked.good) + len(checked.rejects) == len(shapes)
    assert checked.good.geometry.is_valid.all()
    assert set(checked.good.geometry.geom_type) <= {"Polygon", "MultiPolygon"}


@given(rings.filter(shapely.is_valid))
def test_a_repair_leaves_valid_shapes_as_they_are(shape: shapely.Polygon) -> None:
    checked = check(layer(shape), shape="polygon", repair=True, metric_crs=ZONE)
    assert checked.repairs.empty
    assert shapely.equals_identical(checked.good.geometry.iloc[0], shape)


def test_only_polygons_are_kept_of_a_mixture() -> None:
    mixture = shapely.GeometryCollection([BOX, shapely.Point(0, 0), shapely.MultiPolygon([BOX])])
    kept = polygons_of(np.array([mixture, shapely.Point(0, 0)], dtype=object))
    assert (kept[0].geom_type, len(kept[0].geoms), kept[1]) == ("MultiPolygon", 2, None)


levels = st.sampled_from(["street", "community", "cell"])
UNDER = {"street": "110199", "community": "110199001", "cell": "110199001001"}


@given(levels, st.integers(1, 999))
def test_a_composed_code_is_right_and_lies_in_its_parent(level: str, number: int) -> None:
    made = codes.compose(pd.Series([str(number)]), under=UNDER[level], level=level, cell_digits=3)
    assert codes.problems(made, level=level, cell_digits=3).isna().all()
    assert codes.parent_codes(made, level)[0] == UNDER[level].ljust(12, "0")


def test_what_is_no_number_is_not_composed() -> None:
    given_codes = pd.Series(["1", "001", "1234", "x", None], dtype="str")
    made = codes.compose(given_codes, under="110199", level="street", cell_digits=3)
    assert made.fillna("-").tolist() == ["110199001000", "110199001000", "1234", "x", "-"]


@pytest.mark.parametrize(
    ("level", "under"), [("street", "1101"), ("community", "11019900"), ("cell", "110199001"), ("street", "11019x")]
)
def test_codes_are_composed_only_below_the_level_above(level: str, under: str) -> None:
    with pytest.raises(BadInput, match="composed below"):
        codes.compose(pd.Series(["1"]), under=under, level=level, cell_digits=3)

"""Places as people write them: pairs, minutes, commas, the wrong order, the wrong datum, or only a code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from sqlalchemy import Connection

from geo.datum import convert
from geo.errors import BadFile
from tests.data.files import counts, put, put_with_rejects, rows, square, write_csv, write_layer

STREET, COMMUNITY = "110199001000", "110199001001"
PLACES = "SELECT code, round(ST_X(geom)::numeric, 4)::float, round(ST_Y(geom)::numeric, 4)::float FROM facility ORDER BY code"


@pytest.fixture(scope="module")
def start(reference_template: str) -> str:
    return reference_template


def stations(path: Path, *places: dict[str, object]) -> Path:
    return write_csv(path / "s.csv", [{"code": f"S{n}", **place} for n, place in enumerate(places)])


@pytest.mark.parametrize(
    "place",
    [
        {"lon": "116.39", "lat": "39.91"},
        {"经度": "１１６．３９", "纬度": "39,91"},
        {"longitude": "116°23'24\"E", "latitude": "39°54′36″N"},
        {"坐标": "116.39,39.91"},
        {"坐标": "(116.39， 39.91)"},
        {"location": "39.91 116.39"},
        {"position_xy": "[116.39, 39.91]"},
        {"gps": "39°54'36\"N 116°23'24\"E"},
    ],
)  # fmt: skip
def test_a_place_may_be_written_in_many_ways(connection: Connection, tmp_path: Path, place: dict[str, object]) -> None:
    assert counts(put(connection, "facilities", stations(tmp_path, place))) == (1, 0, 0, 0)
    assert rows(connection, PLACES) == [("S0", 116.39, 39.91)]


def test_what_is_no_pair_is_refused_with_what_was_given(connection: Connection, tmp_path: Path) -> None:
    file = stations(tmp_path, {"坐标": "116.39,39.91"}, {"坐标": "天安门"}, {"坐标": "116.39,北"}, {"坐标": ""})
    report, refused = put_with_rejects(connection, "facilities", file)
    assert counts(report) == (1, 0, 0, 3)
    assert [(line, field, value) for line, field, value, _ in refused][:2] == [
        (3, "lonlat", "天安门"),
        (4, "lat", "北"),
    ]


def test_a_number_beyond_all_numbers_is_refused_without_a_warning(connection: Connection, tmp_path: Path) -> None:
    told = [{"code": "S0", "wkt": "POINT (1e999 39)"}, {"code": "S1", "wkt": "POINT (116 39)"}]
    report, refused = put_with_rejects(connection, "facilities", write_csv(tmp_path / "s.csv", told))
    assert (report.stored, refused[0][3]) == (1, "a coordinate is not a finite number")


def test_swapped_coordinates_stop_the_import_until_that_is_said(connection: Connection, tmp_path: Path) -> None:
    file = stations(tmp_path, {"lon": 39.91, "lat": 116.39}, {"lon": 39.92, "lat": 116.38})
    with pytest.raises(BadFile, match="say --swap"):
        put(connection, "facilities", file)
    assert counts(put(connection, "facilities", file, is_swapped=True)) == (2, 0, 0, 0)
    assert rows(connection, PLACES)[0] == ("S0", 116.39, 39.91)


def test_northing_before_easting_stops_the_import(connection: Connection, tmp_path: Path) -> None:
    file = stations(tmp_path, {"X": 4418000.0, "Y": 447850.0}, {"X": 4418100.0, "Y": 447950.0})
    with pytest.raises(BadFile, match="say --swap"):
        put(connection, "facilities", file, crs="EPSG:4548")
    assert counts(put(connection, "facilities", file, crs="EPSG:4548", is_swapped=True)) == (2, 0, 0, 0)
    assert rows(connection, PLACES)[0] == ("S0", 116.3902, 39.8946)


def ground(connection: Connection, path: Path) -> None:
    """One street of 3 km, and a community that fills it."""
    shape = square(116.35, 39.88, 0.03)
    put(connection, "streets", write_csv(path / "g.csv", [{"code": STREET, "name": "街道", "wkt": shape}]))
    put(connection, "communities", write_csv(path / "g.csv", [{"code": COMMUNITY, "name": "社区", "wkt": shape}]))


def shifted(path: Path, datum: str, count: int = 60) -> Path:
    """Stations along the west and south of the community, as a map of `datum` shows them."""
    along = np.linspace(0.0005, 0.0295, count // 2)
    lon, lat = (
        np.concatenate([116.35 + along, np.full(count // 2, 116.3503)]),
        np.concatenate([np.full(count // 2, 39.8803), 39.88 + along]),
    )
    x, y = convert(lon, lat, source="cgcs2000", target=datum)
    told = [{"lon": a, "lat": b, "serves": COMMUNITY} for a, b in zip(x, y, strict=True)]
    return stations(path, *told)


@pytest.mark.parametrize(("true", "told"), [("gcj02", None), ("bd09", None), ("wgs84", "gcj02"), ("bd09", "gcj02")])
def test_points_that_fit_far_better_after_another_conversion_stop_the_import(
    connection: Connection, tmp_path: Path, true: str, told: str | None
) -> None:
    ground(connection, tmp_path)
    file = shifted(tmp_path, true)
    with pytest.raises(BadFile, match=rf"lie in their unit; as {true} it would be 60: say --datum {true}, or --insist"):
        put(connection, "facilities", file, datum=told)
    assert put(connection, "facilities", file, datum=true).stored == 60
    assert put(connection, "facilities", file, datum=told, is_insisting=True).updated == 60


def test_homes_that_name_no_unit_are_looked_for_in_any_street(connection: Connection, tmp_path: Path) -> None:
    ground(connection, tmp_path)
    frame = (
        shifted(tmp_path, "gcj02")
        .read_text()
        .replace("code,", "id,")
        .replace("serves", "households")
        .replace(COMMUNITY, "5")
    )
    (tmp_path / "homes.csv").write_text(frame)
    with pytest.raises(BadFile, match="lie in a street; as gcj02 it would be 60"):
        put(connection, "residences", tmp_path / "homes.csv")


def test_rows_without_coordinates_are_placed_by_the_code_that_they_name(connection: Connection, tmp_path: Path) -> None:
    ground(connection, tmp_path)
    file = stations(
        tmp_path,
        {"lon": 116.36, "lat": 39.89, "所属社区": COMMUNITY},
        {"lon": "", "lat": "", "所属社区": COMMUNITY},
        {"lon": "", "lat": "", "所属社区": "110199001099"},
        {"lon": "", "lat": "", "所属社区": ""},
    )
    report, refused = put_with_rejects(connection, "facilities", file)
    assert counts(report) == (2, 0, 0, 2)
    assert report.remarks == ["rows without coordinates were placed by the code in 所属社区: 1 by their community"]
    assert refused[0] == (4, "place_code", "110199001099", "has no coordinates, and no unit of this code is known")
    stored = rows(connection, "SELECT code, attributes ->> 'placed_by', ST_AsText(geom) FROM facility ORDER BY code")
    assert [row[:2] for row in stored] == [("S0", None), ("S1", "community")]
    assert shapely.from_wkt(square(116.35, 39.88, 0.03)).covers(shapely.from_wkt(stored[1][2]))


@pytest.mark.parametrize(
    ("column", "value", "stored"),
    [
        ("建筑面积(㎡)", "350", 350),
        ("建筑面积（平方英尺）", "3,767.4", 350),
        ("面积_亩", "0.525", 350),
        ("floor area [sq ft]", "3767.4", 350),
        ("建筑面积", "350㎡", 350),
    ],
)
def test_the_unit_of_a_floor_area_is_read_from_the_header_or_the_value(
    connection: Connection, tmp_path: Path, column: str, value: str, stored: float
) -> None:
    file = stations(tmp_path, {"lon": 116.36, "lat": 39.89, column: value})
    put(connection, "facilities", file)
    assert rows(connection, "SELECT round(floor_area_m2) FROM facility") == [(stored,)]


def test_floor_areas_that_look_wrong_by_a_factor_are_asked_about(connection: Connection, tmp_path: Path) -> None:
    file = stations(tmp_path, *({"lon": 116.36, "lat": 39.89, "面积": area} for area in (3767, 2500, 4100)))
    with pytest.raises(BadFile, match=r"column 面积 names no unit .* say --unit floor_area_m2=ft2"):
        put(connection, "facilities", file)
    put(connection, "facilities", file, units={"floor_area_m2": "sq ft"})
    assert rows(connection, "SELECT round(max(floor_area_m2)) FROM facility") == [(381,)]
    assert put(connection, "facilities", file, is_insisting=True).updated == 3


def test_a_layer_of_the_old_national_system_says_how_exactly_it_was_converted(
    connection: Connection, tmp_path: Path
) -> None:
    file = write_layer(
        tmp_path / "old.gpkg", [{"code": STREET, "name": "甲", "wkt": "POINT (448000 4418000)"}], crs="EPSG:2436"
    )
    report = put(connection, "streets", file)
    assert report.stored == 1
    assert "Beijing 1954" in report.remarks[0]

"""Streets and communities: codes, parents, versions, boundaries and points."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from geo.errors import BadFile, BadInput
from tests.data.files import (
    BOW_TIE,
    COMMUNITY,
    STREET,
    counts,
    put,
    put_with_rejects,
    rows,
    square,
    write_csv,
    write_layer,
)

AREA = "SELECT code, level, parent_code, name, ST_GeometryType(geom), ST_AsText(point) FROM area ORDER BY code"


@pytest.fixture(scope="module")
def start(reference_template: str) -> str:
    return reference_template


def streets(path: Path, name: str = "一街道", wkt: str | None = None) -> Path:
    return write_layer(
        path / "streets.geojson", [{"code": STREET, "name": name, "wkt": wkt or square(), "note": "<b>"}]
    )


def revision(connection: Connection) -> int:
    return connection.scalar(text("SELECT revision FROM ground_revision")) or 0


def test_a_boundary_is_stored_as_multipolygon_below_its_district(connection: Connection, tmp_path: Path) -> None:
    assert counts(put(connection, "streets", streets(tmp_path))) == (1, 0, 0, 0)
    assert rows(connection, AREA) == [(STREET, "street", "110199000000", "一街道", "ST_MultiPolygon", None)]
    assert rows(connection, "SELECT attributes, source FROM area") == [({"note": "<b>"}, "streets.geojson")]
    assert rows(connection, "SELECT code FROM unit WHERE level = 'district'") == [("110199000000",)]


def test_the_same_file_again_changes_nothing_not_even_the_revision(connection: Connection, tmp_path: Path) -> None:
    put(connection, "streets", streets(tmp_path))
    before = revision(connection)
    assert counts(put(connection, "streets", streets(tmp_path))) == (0, 0, 1, 0)
    assert revision(connection) == before


def test_an_edit_of_the_same_day_amends_the_version(connection: Connection, tmp_path: Path) -> None:
    put(connection, "streets", streets(tmp_path))
    assert counts(put(connection, "streets", streets(tmp_path, name="新一街道"))) == (0, 1, 0, 0)
    assert rows(connection, "SELECT name, valid_to FROM area") == [("新一街道", None)]


def test_an_edit_of_a_later_day_closes_the_version_and_opens_another(connection: Connection, tmp_path: Path) -> None:
    put(connection, "streets", streets(tmp_path))
    connection.execute(text("SET LOCAL TIME ZONE 'Asia/Shanghai'"))  # the day of the city, as commands have it
    connection.execute(text("UPDATE area SET valid_from = current_date - 30"))
    assert counts(put(connection, "streets", streets(tmp_path, wkt=square(size=0.2)))) == (0, 1, 0, 0)
    versions = (
        "SELECT valid_to = current_date, valid_from = current_date, ST_Area(geom) > 0.03 FROM area ORDER BY valid_from"
    )
    assert rows(connection, versions) == [(True, False, False), (None, True, True)]


def test_codes_without_a_place_are_stored_and_a_boundary_fills_them_in(connection: Connection, tmp_path: Path) -> None:
    codes = write_csv(
        tmp_path / "codes.csv",
        [
            {"code": COMMUNITY, "name": "一社区", "street_code": STREET, "lon_wgs84": "116.05", "lat_wgs84": "39.05"},
            {"code": "110199001002", "name": "二社区", "street_code": STREET, "lon_wgs84": "", "lat_wgs84": ""},
        ],
    )
    assert counts(put(connection, "communities", codes)) == (2, 0, 0, 0)
    boundary = write_layer(tmp_path / "b.geojson", [{"code": COMMUNITY, "status": "DERIVED_THIESSEN", "wkt": square()}])
    assert counts(put(connection, "communities", boundary)) == (0, 1, 0, 0)
    assert rows(connection, AREA) == [
        (COMMUNITY, "community", STREET, "一社区", "ST_MultiPolygon", "POINT(116.05 39.05)"),
        ("110199001002", "community", STREET, "二社区", None, None),
    ]
    assert rows(connection, "SELECT is_derived FROM area ORDER BY code") == [(True,), (False,)]
    assert counts(put(connection, "communities", codes)) == (0, 0, 2, 0)
    assert rows(connection, "SELECT level FROM unit WHERE code = '110199001000'") == [("street",)]


def test_a_real_boundary_takes_the_place_of_a_derived_one(connection: Connection, tmp_path: Path) -> None:
    put(connection, "streets", streets(tmp_path), is_derived=True)
    assert rows(connection, "SELECT is_derived FROM area") == [(True,)]
    assert counts(put(connection, "streets", streets(tmp_path))) == (0, 1, 0, 0)
    assert rows(connection, "SELECT is_derived FROM area") == [(False,)]


def test_every_bad_code_is_refused_with_its_line_and_reason(connection: Connection, tmp_path: Path) -> None:
    codes = [
        "11019900100",
        "110199000000",
        COMMUNITY,
        "",
        "000000001000",
        STREET,
        STREET,
        "1.1E+11",
        "110199002000.0",
        "110199003",
    ]
    file = write_csv(tmp_path / "streets.csv", [{"街道代码": code, "街道名称": "街"} for code in codes])
    report, refused = put_with_rejects(connection, "streets", file)
    assert [(line, reason) for line, field, _, reason in refused if field == "code"] == [
        (2, "is not 12 digits"),
        (3, "is a district's code, not a street's"),
        (4, "is a community's code, not a street's"),
        (5, "is missing"),
        (6, "has no county in its first six digits"),
        (8, "comes twice; first on line 7"),
        (9, "was rounded by a spreadsheet: have the column as text there"),
    ]
    assert rows(connection, "SELECT code FROM area ORDER BY 1") == [(STREET,), ("110199002000",), ("110199003000",)]
    assert (report.stored, report.rejected) == (3, 7)


def test_a_parent_that_the_code_denies_is_refused(connection: Connection, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "c.csv", [{"code": COMMUNITY, "parent": "110199002000"}])
    assert put_with_rejects(connection, "communities", file)[1] == [
        (2, "parent_code", "110199002000", f"is not the unit that the code lies in: {STREET}")
    ]


def test_numbers_become_codes_below_a_unit(connection: Connection, tmp_path: Path) -> None:
    file = write_layer(
        tmp_path / "n.gpkg", [{"nr": 7, "Name": "Seven", "wkt": square()}, {"nr": 1234, "Name": "x", "wkt": square()}]
    )
    _, refused = put_with_rejects(connection, "communities", file, columns={"code": "nr"}, under=STREET)
    assert refused == [(2, "code", "1234", "is not 12 digits")]
    assert rows(connection, "SELECT code, name FROM area") == [("110199001007", "Seven")]
    put(connection, "streets", file, columns={"code": "nr"}, under="110199")
    assert rows(connection, "SELECT code FROM area WHERE level = 'street'") == [("110199007000",)]
    with pytest.raises(BadInput, match="composed below 6 digits"):
        put(connection, "streets", file, columns={"code": "nr"}, under=STREET)


def test_an_invalid_boundary_is_refused_with_its_place_or_mended(connection: Connection, tmp_path: Path) -> None:
    file = write_layer(
        tmp_path / "b.geojson", [{"code": STREET, "wkt": BOW_TIE}, {"code": "110199002000", "wkt": square()}]
    )
    report, refused = put_with_rejects(connection, "streets", file)
    assert counts(report) == (1, 0, 0, 1)
    assert refused[0][:2] == (1, "geometry")
    assert refused[0][3] == "Self-intersection[116.25 39.05]"
    mended = put(connection, "streets", file, is_repairing=True)
    assert (counts(mended), mended.repaired) == ((1, 0, 1, 0), 1)
    assert mended.repairs[0]["row"] == STREET
    assert mended.repairs[0]["area_after_m2"] > 40e6
    again = put(connection, "streets", file, is_repairing=True)
    assert counts(again) == (0, 0, 2, 0)


def test_what_is_no_area_is_refused_and_empty_is_only_missing(connection: Connection, tmp_path: Path) -> None:
    line, empty = "LINESTRING (116 39, 117 40)", "POLYGON EMPTY"
    file = write_csv(tmp_path / "w.csv", [
        {"code": STREET, "wkt": line}, {"code": "110199002000", "wkt": empty}, {"code": "110199003000", "wkt": "POLYGON (("},
        {"code": "110199004000", "wkt": "POLYGON Z ((116 39 5, 117 39 5, 117 40 5, 116 39 5))"},
        {"code": "110199005000", "wkt": "SRID=4490;POINT (116 nan)"},
    ])  # fmt: skip
    _, refused = put_with_rejects(connection, "streets", file)
    assert [(line, reason) for line, _, _, reason in refused] == [
        (2, "is a LineString, not a polygon or point"), (4, "can't be read as WKT"), (6, "a coordinate is not a finite number"),
    ]  # fmt: skip
    assert rows(connection, "SELECT code, ST_NDims(geom) FROM area ORDER BY 1") == [
        ("110199002000", None),
        ("110199004000", 2),
    ]


def test_area_class_and_counts_are_read_in_chinese(connection: Connection, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "c.csv", [
        {"社区代码": COMMUNITY, "社区名称": "一", "区域类别": "旧城区", "户数": "1200", "常住人口": "3000"},
        {"社区代码": "110199001002", "社区名称": "二", "区域类别": "不明", "户数": "1200", "常住人口": "3000"},
        {"社区代码": "110199001003", "社区名称": "三", "区域类别": "new", "户数": "-1", "常住人口": "3000"},
        {"社区代码": "110199001004", "社区名称": "四", "区域类别": "new", "户数": "1.5", "常住人口": "3000"},
    ], encoding="gbk")  # fmt: skip
    _, refused = put_with_rejects(connection, "communities", file)
    assert [(line, field, value) for line, field, value, _ in refused] == [
        (3, "area_class", "不明"), (4, "households", "-1"), (5, "households", "1.5"),
    ]  # fmt: skip
    assert rows(connection, "SELECT name, area_class, households, residents FROM area") == [
        ("一", "old_city", 1200, 3000)
    ]


def test_a_file_without_a_code_column_says_how_to_name_it(connection: Connection, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "c.csv", [{"nr": "1"}])
    with pytest.raises(BadFile, match="name it with --map code=COLUMN"):
        put(connection, "streets", file)


@pytest.mark.parametrize("columns", [{"colour": "nr"}, {"name": "absent"}])
def test_a_map_to_nothing_is_refused(connection: Connection, tmp_path: Path, columns: dict[str, str]) -> None:
    file = write_csv(tmp_path / "c.csv", [{"code": "1", "nr": "1"}])
    with pytest.raises(BadInput, match="--map"):
        put(connection, "streets", file, columns=columns)

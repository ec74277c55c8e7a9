"""Files, encodings, coordinate systems and datums."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from pyproj import Transformer
from sqlalchemy import Connection

from data.imports.reading import Wanted, read
from geo.datum import convert
from geo.errors import BadFile, BadInput, UnknownDatum
from tests.data.files import put, put_with_rejects, rows, square, write_csv, write_layer

HOME = {"id": "a", "households": "3"}
PLACE = "SELECT ST_X(geom), ST_Y(geom) FROM residence ORDER BY external_id"
BEIJING = (116.39, 39.91)


@pytest.fixture(scope="module")
def start(reference_template: str) -> str:
    return reference_template


def home(path: Path, x: object, y: object, names: tuple[str, str] = ("lon", "lat")) -> Path:
    return write_csv(path / "homes.csv", [{**HOME, names[0]: x, names[1]: y}])


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "gcj02", "bd09"])
def test_every_datum_ends_in_the_same_place(connection: Connection, tmp_path: Path, datum: str) -> None:
    x, y = convert(*BEIJING, source="wgs84", target=datum)
    put(connection, "residences", home(tmp_path, float(x), float(y)), datum=datum)
    assert rows(connection, PLACE)[0] == pytest.approx(BEIJING, abs=1e-9)


def test_a_column_that_names_its_datum_is_believed(connection: Connection, tmp_path: Path) -> None:
    x, y = convert(*BEIJING, source="wgs84", target="gcj02")
    put(connection, "residences", home(tmp_path, float(x), float(y), ("lon_gcj02", "lat_gcj02")))
    assert rows(connection, PLACE)[0] == pytest.approx(BEIJING, abs=1e-9)


def test_where_two_datums_stand_side_by_side_the_unshifted_is_taken_unless_told(
    connection: Connection, tmp_path: Path
) -> None:
    x, y = convert(*BEIJING, source="wgs84", target="gcj02")
    both = {**HOME, "lon_gcj02": float(x), "lat_gcj02": float(y), "lon_wgs84": 1.0, "lat_wgs84": 2.0}
    file = write_csv(tmp_path / "homes.csv", [both])
    put(connection, "residences", file)
    assert rows(connection, PLACE) == [(1.0, 2.0)]
    put(connection, "residences", file, datum="gcj02")
    assert rows(connection, PLACE)[0] == pytest.approx(BEIJING, abs=1e-9)


def test_plane_coordinates_need_a_crs_and_are_projected_back(connection: Connection, tmp_path: Path) -> None:
    x, y = Transformer.from_crs(4490, 4548, always_xy=True).transform(*BEIJING)
    file = home(tmp_path, x, y, ("x", "y"))
    with pytest.raises(BadFile, match="--crs EPSG:N"):
        put(connection, "residences", file)
    put(connection, "residences", file, crs="EPSG:4548")
    assert rows(connection, PLACE)[0] == pytest.approx(BEIJING, abs=1e-9)
    with pytest.raises(BadInput, match="shifted in degrees"):
        put(connection, "residences", file, crs="EPSG:4548", datum="gcj02")


def test_one_place_beyond_all_degrees_does_not_refuse_the_whole_file(connection: Connection, tmp_path: Path) -> None:
    homes = [{"id": str(i), "households": "3", "lon": x, "lat": 39.9} for i, x in enumerate((116.4, 500, 116.5))]
    report, refused = put_with_rejects(connection, "residences", write_csv(tmp_path / "homes.csv", homes))
    assert (report.stored, [line for line, *_ in refused]) == (2, [3])


def test_a_coordinate_that_is_no_number_is_refused_by_name(connection: Connection, tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "roads.csv", [{"id": "1", "highway": "residential", "wkt": "LINESTRING(nan 39, 116 39)"}]
    )
    _, refused = put_with_rejects(connection, "network", file)
    assert refused[0][3] == "a coordinate is not a finite number"


def test_a_layer_brings_its_own_crs(connection: Connection, tmp_path: Path) -> None:
    file = write_layer(tmp_path / "homes.gpkg", [{**HOME, "wkt": "POINT (500000 4420000)"}], crs="EPSG:4548")
    put(connection, "residences", file)
    assert rows(connection, PLACE)[0] == pytest.approx((117, 39.9), abs=0.05)


@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        ("39.9", "116.4", "swapped"),
        ("0", "0", "missing place"),
        ("200", "39", "outside -180..180"),
        ("east", "39", "is not a number"),
        ("nan", "39", "is not a number"),
        ("116", "", "one of the two coordinates is missing"),
        ("", "", "no geometry"),
    ],
)
def test_what_lies_nowhere_is_refused(connection: Connection, tmp_path: Path, x: str, y: str, reason: str) -> None:
    report, refused = put_with_rejects(connection, "residences", home(tmp_path, x, y))
    assert (report.stored, report.rejected, report.is_refused) == (0, 1, True)
    assert refused[0][0] == 2
    assert reason in refused[0][3]


def test_a_file_that_says_nothing_about_places_is_refused_as_a_whole(connection: Connection, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="--map lon=COLUMN"):
        put(connection, "residences", home(tmp_path, 1, 2, ("east", "north")))
    put(connection, "residences", home(tmp_path, 1, 2, ("east", "north")), columns={"lon": "east", "lat": "north"})
    assert rows(connection, PLACE) == [(1.0, 2.0)]


def test_unknown_crs_and_datum_are_refused_by_name(connection: Connection, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="EPSG:999999"):
        put(connection, "residences", home(tmp_path, 116, 39), crs="EPSG:999999")
    with pytest.raises(UnknownDatum, match="xian80"):
        put(connection, "residences", home(tmp_path, 116, 39), datum="xian80")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_chinese_is_read_in_every_customary_encoding(tmp_path: Path, encoding: str) -> None:
    table = read(write_csv(tmp_path / "a.csv", [{"代码": "1", "名称": "西长安街，街道"}], encoding=encoding))
    assert table.frame.to_dict("records") == [{"代码": "1", "名称": "西长安街，街道"}]


def test_a_packed_file_is_read_like_an_unpacked_one(tmp_path: Path) -> None:
    plain = write_csv(tmp_path / "a.csv", [{"code": "1", "name": "x"}])
    packed = tmp_path / "b.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read(packed).frame.equals(read(plain).frame)


def test_lines_are_those_of_the_file_even_after_a_field_of_two_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b'code,name\r\n1,"two\r\nlines"\r\n\r\n2,x\r\n3,y,z\r\n4,\0\r\n')
    table = read(file)
    assert list(table.lines) == [3, 5]
    assert table.ragged is not None
    assert table.ragged[["line", "reason"]].to_numpy().tolist() == [
        [6, "3 fields, the header has 2"],
        [7, "contains a NUL character"],
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"code,name\n"),
        ("a.csv", b"code\n\xff\xff\n"),
        ("a.csv.gz", b"not packed"),
        ("a.geojson", b"{ not json"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}'),
        ("a.xyz", b"\0\1\2"),
    ],
)
def test_a_file_that_is_no_layer_is_refused_as_a_whole(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadFile):
        read(tmp_path / name)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="there is no file"):
        read(tmp_path / "absent.csv")


def test_of_several_layers_one_must_be_chosen(tmp_path: Path) -> None:
    file = tmp_path / "two.gpkg"
    for layer in ("first", "second"):
        write_layer(file, [{"code": "1", "wkt": square()}], layer=layer)
    with pytest.raises(BadFile, match="first, second"):
        read(file)
    assert len(read(file, Wanted(layer="second")).frame) == 1

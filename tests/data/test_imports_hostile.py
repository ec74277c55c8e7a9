"""Files made to do harm: each is refused by its name and the place, in bounded time and memory, and nothing is left of it."""

from __future__ import annotations

import gzip
import io
import json
import stat
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from sqlalchemy import Connection, Engine

from data import reference
from data.imports import reading, trials
from data.imports.formats import isolation, scratch
from data.settings import settings
from geo.errors import BadFile, NotReady
from tests.conftest import ROOT
from tests.data.files import STREET, counts, put_with_rejects, square, write_csv

Set = Callable[..., None]
HEADER = b"code,name,lon,lat\n"


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Set]:
    def put(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"WANGGE_{name.upper()}", str(value))
        settings.cache_clear()

    yield put
    monkeypatch.undo()
    settings.cache_clear()


def refusal(path: Path) -> str:
    """What is said of a file that is refused; it names the file, and nothing is left of what was unpacked."""
    with pytest.raises(BadFile) as refused:
        reading.read(path)
    assert path.name.split(".")[0] in refused.value.message
    assert not list((settings().home / scratch.FOLDER).glob("*"))
    return refused.value.message


def archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


# --- archives --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../evil.csv", "a/../../evil.csv", "/etc/evil.csv", "..\\evil.csv", "\\evil.csv", "C:\\evil.csv"]
)
def test_an_archive_that_names_a_place_outside_of_itself_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "deep").mkdir()
    told = refusal(archive(tmp_path / "deep" / "a.zip", **{name: HEADER}))
    assert "names a file outside of itself" in told
    assert not list(tmp_path.rglob("evil.csv"))


def test_what_has_no_name_in_an_archive_is_left_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made, made.open(zipfile.ZipInfo(""), "w") as member:
        member.write(HEADER)
    assert "a.zip" in refusal(tmp_path / "a.zip")


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("passwords.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr(link, "/etc/passwd")
    assert "holds a link instead of a file: passwords.csv" in refusal(tmp_path / "a.zip")


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    content = bytearray(archive(tmp_path / "a.zip", **{"a.csv": HEADER}).read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    assert "a.zip is encrypted" in refusal(tmp_path / "a.zip")


def test_bombs_are_refused_before_they_fill_the_disk(tmp_path: Path, setting: Set) -> None:
    setting(import_unpacked_mb=1)
    zeros = bytes(3 << 20)
    files = [archive(tmp_path / "b.zip", **{"a.csv": zeros}), tmp_path / "b.csv.gz"]
    files[1].write_bytes(gzip.compress(zeros))
    files.append(archive(tmp_path / "b.xlsx", **{"xl/workbook.xml": zeros}))
    assert all("larger than 1 MB when unpacked (WANGGE_IMPORT_UNPACKED_MB)" in refusal(file) for file in files)


def test_an_archive_that_lies_about_its_size_is_counted(tmp_path: Path, setting: Set) -> None:
    setting(import_unpacked_mb=1)
    content = bytearray(archive(tmp_path / "lie.zip", **{"a.csv": bytes(3 << 20)}).read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.index(signature) + offset, 100)
    (tmp_path / "lie.zip").write_bytes(content)
    assert "lie.zip" in refusal(tmp_path / "lie.zip")


def test_an_archive_within_an_archive_is_refused_by_the_inner_name(tmp_path: Path) -> None:
    inner = archive(tmp_path / "inner.zip", **{"a.csv": HEADER}).read_bytes()
    told = refusal(archive(tmp_path / "outer.zip", **{"inner.zip": inner}))
    assert "archives again: unpack it and give one of inner.zip" in told


def test_what_is_packed_again_and_again_is_refused(tmp_path: Path) -> None:
    content = HEADER
    for _ in range(5):
        content = gzip.compress(content)
    (tmp_path / "a.gz").write_bytes(content)
    assert "packed more than 3 times" in refusal(tmp_path / "a.gz")


def test_an_archive_of_countless_files_is_refused(tmp_path: Path) -> None:
    told = refusal(archive(tmp_path / "a.zip", **{f"{n}.csv": b"" for n in range(10_001)}))
    assert "holds 10,001 files, at most 10,000" in told


# --- workbooks and XML -----------------------------------------------------------------------------------------------


def locked_workbook() -> bytes:
    """A compound file as Excel writes one with a password: all that it says in the open is that a package is encrypted."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<I", 0) + b"\xff" * (4 * 108)
    table = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * (512 - 8)
    return head + table + _entry("Root Entry", 5, child=1) + _entry("EncryptedPackage", 2) + bytes(256)


def _entry(name: str, kind: int, child: int = 0xFFFFFFFF) -> bytes:
    told = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(told), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return told.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", 0xFFFFFFFE, 0)


@pytest.mark.parametrize("name", ["b.xlsx", "b.xls", "b"])
def test_a_workbook_with_a_password_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(locked_workbook())
    assert "is encrypted: save it without a password" in refusal(tmp_path / name)


BOMB = '<!DOCTYPE a [<!ENTITY b "{}">{}]>'.format(
    "ha" * 1000,
    "".join(f'<!ENTITY c{n} "{f"&c{n - 1};" * 10 if n else "&b;" * 10}">' for n in range(9)),
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY c8 SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declared", [BOMB, OUTSIDE])
@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.kml", '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&c8;</name></Placemark></kml>'),
        ("a.osm", '<osm version="0.6"><node id="1" lat="1" lon="1"><tag k="a" v="&c8;"/></node></osm>'),
        ("a.graphml", "<graphml><graph><node id='&c8;'/></graph></graphml>"),
    ],
)
def test_entities_are_not_followed(tmp_path: Path, declared: str, name: str, body: str) -> None:
    (tmp_path / name).write_text(f'<?xml version="1.0"?>{declared}{body}')
    assert "remove its <!DOCTYPE" in refusal(tmp_path / name)
    packed = archive(tmp_path / "packed.zip", **{name: (tmp_path / name).read_bytes()})
    with pytest.raises(BadFile, match="remove its <!DOCTYPE"):
        reading.read(packed)


def with_entities(path: Path, declared: str) -> Path:
    """A workbook whose texts are entities."""
    book = openpyxl.Workbook()
    book.active.append(["code", "name"])
    book.active.append([STREET, "甲"])
    book.save(plain := io.BytesIO())
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == "xl/sharedStrings.xml":
                start = text.index("<sst")
                text = text[:start] + declared + text[start:].replace("甲", "&c8;")
            new.writestr(name, text)
    return path


@pytest.mark.parametrize("declared", [BOMB, OUTSIDE])
def test_entities_in_a_workbook_are_not_followed(tmp_path: Path, declared: str) -> None:
    file = with_entities(tmp_path / "b.xlsx", declared)
    try:
        told = reading.read(file).frame.to_csv()
    except BadFile as error:
        told = error.message
    assert "haha" not in told
    assert "root:" not in told
    assert len(told) < 1000


def test_a_sheet_of_seventeen_thousand_million_cells_is_refused(tmp_path: Path, setting: Set) -> None:
    setting(import_memory_mb=256)
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "code", "x"
    book.save(tmp_path / "wide.xlsx")
    assert "WANGGE_IMPORT_MEMORY_MB" in refusal(tmp_path / "wide.xlsx")


# --- shapes ----------------------------------------------------------------------------------------------------------


def star(count: int) -> shapely.Polygon:
    """Each of its lines crosses nearly every other: a million places for a thousand of them."""
    turn = 2 * np.pi * np.arange(count | 1) * (count // 2) / (count | 1)
    return shapely.Polygon(np.column_stack([116.05 + np.cos(turn) / 20, 39.05 + np.sin(turn) / 20]))


def comb(teeth: int) -> shapely.Polygon:
    """Valid; its lines lie so that each box around one meets all the others."""
    along = np.arange(teeth) * 0.1 / teeth
    top, foot = np.column_stack([along + 0.1, np.full(teeth, 0.1)]), np.column_stack([along, np.zeros(teeth)])
    zigzag = np.stack([foot, top], axis=1).reshape(-1, 2)
    return shapely.Polygon(np.array([116, 39]) + np.vstack([zigzag, [[0.3, -0.1], [-0.1, -0.1]]]))


ROUND = shapely.Point(116.05, 39.05).buffer(0.04, quad_segs=300)
TOO_ROUND = "has 1,201 vertices, at most 1,000 are taken (WANGGE_IMPORT_SHAPE_VERTICES)"


def drawn(path: Path, *shapes: shapely.Geometry) -> Path:
    codes = [f"1101990{n:02}000" for n in range(1, len(shapes) + 1)]
    gpd.GeoDataFrame({"code": codes, "name": codes}, geometry=list(shapes), crs=4326).to_file(path)
    return path


def test_stars_and_combs_are_refused_by_their_rows_and_nobody_waits_for_hours(
    connection: Connection, tmp_path: Path, setting: Set
) -> None:
    setting(import_shape_s=1)
    file = drawn(tmp_path / "s.gpkg", star(3001), shapely.box(116.5, 39, 116.6, 39.1), star(101), comb(20_000))
    begun = time.monotonic()
    report, refused = put_with_rejects(connection, "streets", file, is_repairing=True)
    assert time.monotonic() - begun < 30
    assert (counts(report), report.repaired) == ((2, 0, 0, 2), 1)
    assert [row[:2] for row in refused] == [(1, "geometry"), (4, "geometry")]
    assert refused[0][3] == "its 3,002 vertices can't be judged within 1 s (WANGGE_IMPORT_SHAPE_S): simplify it"


def test_a_file_of_stars_is_given_up_as_a_whole() -> None:
    limits = trials.Limits(shape_s=1, patience_s=2, memory_mb=1024, vertices=10**6)
    with pytest.raises(BadFile, match="polygons could not be judged in 2 s"):
        trials.hopeless(np.array([star(3001)] * 9), is_mending=True, limits=limits)


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".fgb", ".parquet"])
def test_a_shape_of_too_many_vertices_is_refused_by_its_row(tmp_path: Path, setting: Set, ending: str) -> None:
    setting(import_shape_vertices=1000)
    file, frame = tmp_path / f"s{ending}", gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=[ROUND, star(5)], crs=4326)
    frame.to_parquet(file) if ending == ".parquet" else frame.to_file(file)
    table = reading.read(file)
    assert (table.read, table.frame["code"].tolist(), list(table.lines)) == (2, ["2"], [2])
    assert table.ragged is not None
    assert table.ragged.to_numpy().tolist() == [[1, "geometry", "", TOO_ROUND]]


def test_texts_of_too_many_vertices_or_of_no_numbers_are_refused_by_their_rows(
    connection: Connection, tmp_path: Path, setting: Set
) -> None:
    setting(import_shape_vertices=1000)
    wrong = [square(116.2).replace("116.2 39.0", f"{number} 39.0") for number in ("1e999", "NaN", "Infinity", "-inf")]
    told = [
        {"code": f"1101990{n:02}000", "name": "甲", "wkt": shape}
        for n, shape in enumerate([square(), ROUND.wkt, *wrong], start=1)
    ]
    report, refused = put_with_rejects(connection, "streets", write_csv(tmp_path / "s.csv", told))
    assert (counts(report), [row[0] for row in refused]) == ((1, 0, 0, 5), [3, 4, 5, 6, 7])
    assert [reason for _, _, _, reason in refused[:2]] == [TOO_ROUND, "a coordinate is not a finite number"]


def test_shapes_of_other_types_are_refused_by_their_rows(connection: Connection, tmp_path: Path) -> None:
    ground = shapely.box(116, 39, 116.1, 39.1)
    shapes = [ground, ground.boundary, shapely.GeometryCollection([ground]), shapely.MultiPoint([(116, 39)]), None]
    codes = [f"1101990{n:02}000" for n in range(1, 6)]
    gpd.GeoDataFrame({"code": codes, "name": codes}, geometry=shapes, crs=4326).to_file(tmp_path / "mixed.gpkg")
    report, refused = put_with_rejects(connection, "streets", tmp_path / "mixed.gpkg")
    assert counts(report) == (2, 0, 0, 3)
    assert [(line, reason) for line, _, _, reason in refused] == [
        (2, "is a LineString, not a polygon or point"),
        (3, "is a GeometryCollection, not a polygon or point"),
        (4, "is a MultiPoint, not a polygon or point"),
    ]


# --- files of any size -----------------------------------------------------------------------------------------------

MEASURED = """
import resource, sys
from pathlib import Path
from sqlalchemy import create_engine
from data.database import sqlalchemy_url
from data.imports.run import import_file
with create_engine(sqlalchemy_url(sys.argv[1])).connect() as connection:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report, refused = import_file(connection, sys.argv[2], Path(sys.argv[3]))
    print(report.stored, report.rejected, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


def requests(path: Path, count: int) -> Path:
    """One in a hundred has the key of another, one in a hundred no place; each says much."""
    with path.open("w") as file:
        file.write("external_id,category,reported_at,lon,lat,households,note\n")
        for n in range(count):
            key, lon = n - 50 * (n % 100 == 99), "" if n % 100 == 7 else f"116.{n % 1000:03}"
            file.write(f"R{key},noise,2025-03-01 08:00:{n % 60:02},{lon},39.{n % 997:03},3,{str(n) * 90}\n")
    return path


def as_lines(path: Path) -> Path:
    """The same as GeoJSON line by line; rows without a place have no geometry."""
    told = path.with_suffix(".ndjson")
    frame = pd.read_csv(path, dtype={"lon": "str"})
    with told.open("w") as file:
        for row in frame.to_dict("records"):
            lon, lat = row.pop("lon"), row.pop("lat")
            place = {"type": "Point", "coordinates": [float(lon), lat]} if isinstance(lon, str) else None
            file.write(json.dumps({"type": "Feature", "properties": row, "geometry": place}) + "\n")
    return told


@pytest.mark.parametrize(("kind", "form"), [("incidents", "csv"), ("residences", "ndjson")])
def test_a_file_of_any_size_goes_in_part_by_part(engine: Engine, tmp_path: Path, kind: str, form: str) -> None:
    """Of 40,000 rows hardly more is in memory at a time than of 10,000, and keys of former parts are known."""
    with engine.begin() as connection:
        reference.load(connection)
    url = engine.url.render_as_string(hide_password=False)
    told = []
    for count in (10_000, 40_000):
        file = requests(tmp_path / "r.csv", count)
        call = [sys.executable, "-c", MEASURED, url, kind, str(as_lines(file) if form == "ndjson" else file)]
        told.append([int(number) for number in subprocess.check_output(call, cwd=ROOT, text=True).split()])
    assert [row[:2] for row in told] == [[9_800, 200], [39_200, 800]]
    assert told[1][2] < told[0][2] + 60


def test_what_is_too_large_to_be_looked_at_as_a_whole_is_refused_by_its_beginning(tmp_path: Path, setting: Set) -> None:
    with (tmp_path / "s.csv").open("w") as file:
        file.write("code,wkt,note\n")
        file.writelines(f"{n},POINT (116 39),{'x' * 900}\n" for n in range(60_000))
    setting(import_memory_mb=20)
    steps: list[float] = []
    with pytest.raises(
        BadFile, match=r"s\.csv takes about [56]\d MB to be looked at as a whole, at most 20 are allowed"
    ):
        reading.read(tmp_path / "s.csv", share=steps.append)
    assert steps == []


def test_an_import_that_needs_more_memory_than_it_may_take_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(BadFile, match=r"a\.csv needs more than 64 MB to be imported"),
        isolation.bounded(64, tmp_path / "a.csv"),
    ):
        bytearray(128 << 20)
    assert len(bytearray(128 << 20)) == 128 << 20


# --- plain lies ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "a.csv is empty"),
        ("a.geojson", b" \n ", "a.geojson is empty"),
        ("a.xlsx", b"%PDF-1.7", "a.xlsx is a PDF"),
        ("a.csv", b"\x89PNG\r\n", "a.csv is a picture"),
        ("a.tab", b"!table\n!version 300\n", "a.tab is a MapInfo table: export it as GeoPackage"),
        ("a.geojson", b"<html><body>login</body></html>", "is a web page"),
        ("a.csv", "编码,名称\n1,甲\n".encode("shift_jis", "ignore") + b"\x81", "neither UTF-8 nor GBK (line 3 can't be read)"),
        ("a.gpkg", b"SQLite format 3\x00" + bytes(100), "can't be read as geopackage"),
        ("a.geojson", b'{"type":"FeatureCollection","features":[{"type":"Fea', "can't be read as geojson"),
        ("a.kml", b'<?xml version="1.0"?>\n<kml><Placemark>', "line 2"),
        ("a.zip", b"PK\x03\x04cut off", "is a broken archive"),
        ("a.gz", b"\x1f\x8b\x08\x00cut off", "can't be unpacked"),
    ],
)  # fmt: skip
def test_what_is_empty_cut_off_or_something_else_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert told in refusal(tmp_path / name)


# --- what is left ----------------------------------------------------------------------------------------------------

READING = """
import sys, time
from pathlib import Path
from data.imports import reading
from data.imports.formats.tables import Wanted
tables = reading.batches(Path(sys.argv[1]), Wanted(rows=1))
print("read", next(tables).read, flush=True)
time.sleep(60)
"""


def test_what_a_killed_import_left_is_cleared_away_by_the_next(tmp_path: Path, setting: Set) -> None:
    """It had unpacked an archive, and its reader was at work. What lives meanwhile keeps its own."""
    setting(home=tmp_path)
    layer = drawn(tmp_path / "s.gpkg", *[shapely.box(116, 39, 117, 40)] * 90).read_bytes()
    packed = archive(tmp_path / "s.zip", **{"s.gpkg": layer})
    before = held()
    with subprocess.Popen([sys.executable, "-c", READING, str(packed)], cwd=ROOT, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"read 1\n"
        busy = held() - before
        assert len(busy) == 3  # what was unpacked, what the reader writes, and the socket of its server
        reading.read(packed)
        assert busy <= held()
        running.kill()
    reading.read(packed)
    assert not busy & held()


def held() -> set[Path]:
    roots = settings().home / scratch.FOLDER, Path(tempfile.gettempdir()) / scratch.short_name()
    return {entry for root in roots if root.is_dir() for entry in root.iterdir()}


def test_a_link_in_the_place_of_the_folder_is_refused_and_nothing_behind_it_cleared_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "somebody's" / "work").mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / scratch.short_name()).symlink_to(tmp_path / "somebody's")
    with pytest.raises(NotReady, match="belongs to somebody else"):
        scratch.for_life()
    assert (tmp_path / "somebody's" / "work").is_dir()

"""What an export writes: formats, filters, masks, and what is said of what a format can't hold."""

from __future__ import annotations

import csv
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from sqlalchemy import Connection, Engine

from data.exports.batches import Batch, Head
from data.exports.formats import FORMATS, Format
from data.exports.layers import LAYERS, Narrowing
from data.exports.names import FormatName, LayerName
from data.exports.run import Wish, Written, export_layer
from data.geojson import Bbox
from geo.datum import convert
from geo.errors import BadInput, NotFound
from tests.data.files import COMMUNITY, STREET, put, square, write_csv

CELL = f"{COMMUNITY}001"
HOME = (116.05, 39.05)


@pytest.fixture(scope="module")
def start(reference_template: str) -> str:
    return reference_template


@pytest.fixture(scope="module")
def imported(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A street, its community and cell, a worker, and two homes with odd addresses."""
    with engine.begin() as connection:
        bring(connection, tmp_path_factory.mktemp("ground"))


@pytest.fixture
def ground(imported: None, connection: Connection) -> Connection:
    return connection


def bring(connection: Connection, path: Path) -> None:
    code = {"code": STREET, "name": "=1+1", "wkt": square()}
    put(connection, "streets", write_csv(path / "s.csv", [code]))
    put(connection, "communities", write_csv(path / "c.csv", [{**code, "code": COMMUNITY, "name": "社区㐂"}]))
    put(connection, "cells", write_csv(path / "g.csv", [{**code, "code": CELL, "name": "x"}]))
    worker = {
        "code": "007",
        "name": "王小明",
        "phone": "13812345678",
        "community_code": COMMUNITY,
        "cells": f"{CELL}:head",
    }
    put(connection, "workers", write_csv(path / "w.csv", [worker]))
    homes = [
        {"external_id": "0", "households": 1, "address": "长" * 100, "lon": HOME[0], "lat": HOME[1]},
        {"external_id": "1", "households": 2, "address": "@here", "lon": 117.5, "lat": 40.5},
    ]
    put(connection, "residences", write_csv(path / "h.csv", homes))


def write(connection: Connection, path: Path, layer: str, narrowing: Narrowing | None = None, **wish: Any) -> Written:
    return export_layer(connection, Wish(layer, narrowing=narrowing or Narrowing(), **wish), path)


def read(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_no_text_of_a_csv_is_a_formula(ground: Connection, tmp_path: Path) -> None:
    write(ground, tmp_path / "s.csv", "streets")
    assert read(tmp_path / "s.csv")[0]["name"] == "'=1+1"


def test_gbk_is_gb18030_for_tables_and_strict_for_shapefiles(ground: Connection, tmp_path: Path) -> None:
    write(ground, tmp_path / "c.csv", "communities", encoding="gbk")
    assert read(tmp_path / "c.csv", "gb18030")[0]["name"] == "社区㐂"
    with pytest.raises(BadInput, match="GBK has no '㐂'"):
        write(ground, tmp_path / "c.zip", "communities", encoding="gbk")
    write(ground, tmp_path / "s.zip", "streets", encoding="gbk")
    with zipfile.ZipFile(tmp_path / "s.zip") as archive:
        assert archive.read("streets.cpg") == b"GBK"
    with pytest.raises(BadInput, match="always UTF-8"):
        write(ground, tmp_path / "c.gpkg", "communities", encoding="gbk")


def test_what_a_shapefile_cuts_is_said(ground: Connection, tmp_path: Path) -> None:
    remarks = write(ground, tmp_path / "h.zip", "residences").remarks
    assert remarks == [
        "names have at most 10 characters: external_id is called external_i",
        "address: 1 texts are longer than 254 bytes and were cut",
    ]


def test_shifted_coordinates_are_right_and_say_so(ground: Connection, tmp_path: Path) -> None:
    written = write(ground, tmp_path / "h.gpkg", "residences", Narrowing(area=STREET), datum="gcj02")
    meta, _, shapes, fields = pyogrio.raw.read(tmp_path / "h.gpkg")
    assert (written.crs, meta["crs"]) == ("gcj02", None)
    assert dict(zip(meta["fields"], fields, strict=True))["crs"].tolist() == ["gcj02"]
    point = shapely.from_wkb(shapes[0])
    assert np.allclose(
        (point.x, point.y), [float(part) for part in convert(*HOME, source="wgs84", target="gcj02")], 0, 1e-12
    )


def test_a_layer_is_narrowed_by_place_day_and_kind(ground: Connection, tmp_path: Path) -> None:
    near = Narrowing(bbox=Bbox(116, 39, 116.1, 39.1))
    assert write(ground, tmp_path / "h.csv", "residences", near).rows == 1
    assert write(ground, tmp_path / "h.csv", "residences", Narrowing(area=COMMUNITY)).rows == 1
    assert write(ground, tmp_path / "c.csv", "cells", Narrowing(kind="dedicated")).rows == 0
    assert write(ground, tmp_path / "c.csv", "cells", Narrowing(area="110199000000")).rows == 1
    with pytest.raises(BadInput, match="calendar can't be narrowed by area, but by nothing"):
        write(ground, tmp_path / "d.csv", "calendar", Narrowing(area=STREET))
    with pytest.raises(NotFound, match="no area or cell 110188000000"):
        write(ground, tmp_path / "c.csv", "cells", Narrowing(area="110188000000"))


def test_people_are_masked_so_that_no_import_takes_them_for_real(ground: Connection, tmp_path: Path) -> None:
    write(ground, tmp_path / "w.csv", "workers")
    row = read(tmp_path / "w.csv")[0]
    assert (row["name_masked"], row["phone_masked"]) == ("王*", "138****5678")
    with pytest.raises(BadInput, match="no column for name"):
        put(ground, "workers", tmp_path / "w.csv")
    write(ground, tmp_path / "all.csv", "workers", is_personal=True)
    assert read(tmp_path / "all.csv")[0]["phone"] == "13812345678"
    assert (tmp_path / "all.csv").stat().st_mode & 0o077 == 0


def test_what_a_format_cannot_hold_is_refused(ground: Connection, tmp_path: Path) -> None:
    put(ground, "streets", write_csv(tmp_path / "bare.csv", [{"code": "110199002000"}]))
    for layer, path, wish, reason in (
        ("workers", "w.zip", {}, "no place on the map"),
        ("cells", "c.kml", {"datum": "gcj02"}, "WGS84 by definition"),
        ("cells", "c.geojsonl", {"crs": "zone"}, "in degrees by definition"),
        ("streets", "s.fgb", {}, "110199002000 has no place"),
        ("streets", "s.dwg", {}, "tells no format"),
        ("streets", "s.csv", {"crs": "EPSG:1"}, "unknown CRS"),
        ("streets", "s.csv", {"crs": "zone", "datum": "gcj02"}, "not both"),
        ("residences", "r.csv", {"max_rows": 1}, "more than 1 rows"),
    ):
        with pytest.raises(BadInput, match=reason):
            write(ground, tmp_path / path, layer, **wish)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_an_export_that_fails_leaves_what_was_there(ground: Connection, tmp_path: Path) -> None:
    def break_off(path: Path, head: Head, batches: Iterator[Batch]) -> None:
        path.write_text("half")
        raise RuntimeError("broken off")

    (tmp_path / "s.half").write_text("before")
    broken = Format("half", ".half", "text/plain", break_off)
    FORMATS["half"] = broken
    try:
        with pytest.raises(RuntimeError):
            write(ground, tmp_path / "s.half", "streets", format="half")
    finally:
        del FORMATS["half"]
    assert [path.name for path in tmp_path.glob("*s.half*")] == ["s.half"]
    assert (tmp_path / "s.half").read_text() == "before"


def test_geoparquet_says_where_it_is(ground: Connection, tmp_path: Path) -> None:
    write(ground, tmp_path / "c.parquet", "cells", crs="zone")
    assert b'"code":4548' in pq.read_schema(tmp_path / "c.parquet").metadata[b"geo"]


def test_every_name_is_a_layer_or_a_format() -> None:
    assert list(LayerName) == list(LAYERS)
    assert list(FormatName) == list(FORMATS)


def leave_half(path: Path) -> subprocess.Popen[str]:
    """A process in the middle of writing `path`."""
    told = "import sys, time, pathlib; from data.exports import beside\n"
    told += "with beside.part(pathlib.Path(sys.argv[1]), '.csv') as part:\n"
    told += "    part.write_text('half'); print(part, flush=True); time.sleep(60)"
    return subprocess.Popen([sys.executable, "-c", told, str(path)], stdout=subprocess.PIPE, text=True)


def test_what_a_killed_export_left_is_cleared_away_by_the_next_and_nobody_elses(
    ground: Connection, tmp_path: Path
) -> None:
    (folder := tmp_path / "out").mkdir()
    (file := folder / "homes.csv").write_text("before")
    killed, living = leave_half(file), leave_half(file)
    with killed, living:
        halves = [Path((process.stdout or sys.stdin).readline().strip()) for process in (killed, living)]
        killed.kill()
        killed.wait()
        assert (file.read_text(), halves[0].read_text()) == ("before", "half")
        write(ground, file, "residences")
        assert len(read(file)) == 2
        assert sorted(folder.iterdir()) == sorted([file, halves[1].parent])
        living.kill()
    write(ground, file, "residences")
    assert list(folder.iterdir()) == [file]

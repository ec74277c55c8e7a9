"""Files brought in for tests, by the product's own code, in a home of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import psycopg
from psycopg.rows import dict_row
from shapely.geometry import box

from data import kept_files, uploads
from data.database import connect, forget_engines
from data.dialogues import hold
from data.kept_files import Arrival, Part
from flows import importer

WEST, SOUTH, SIZE = 116.30, 39.90, 0.01
NASTY = "<b>x"
"""A header of ten bytes at most, as a shapefile has them."""


@contextmanager
def own_home(path: Path) -> Iterator[Path]:
    """WANGGE_HOME is `path`, for this process and those that it starts."""
    before = os.environ.get("WANGGE_HOME")
    os.environ["WANGGE_HOME"] = str(path)
    forget_engines()
    try:
        yield path
    finally:
        os.environ.pop("WANGGE_HOME") if before is None else os.environ.update(WANGGE_HOME=before)
        forget_engines()


def bring(name: str, content: bytes, uploader: str = "li.na") -> int:
    """Bring one file; returns the number of the upload."""
    arrival = Arrival([Part(name)])
    try:
        arrival.write(content)
        with connect() as line:
            return hold(line, uploads.add(arrival, uploader))
    finally:
        arrival.close()


def do(dialogue: Any) -> Any:
    """Ask for something in a transaction of its own."""
    with connect() as line:
        return hold(line, dialogue)


def work() -> int:
    """What the importer does when it is called; how many turns."""
    with connect(autocommit=True) as line:
        return importer.work_once(line)


def check(upload_id: int, kind: str, **options: Any) -> dict[str, Any]:
    do(uploads.ask_for(upload_id, "checking", kind, options))
    work()
    return read(upload_id)


def read(upload_id: int) -> dict[str, Any]:
    return dict(do(uploads.read(upload_id)))


def rows(url: str, query: str) -> list[dict[str, Any]]:
    with psycopg.connect(url, row_factory=dict_row) as line:
        return line.execute(query).fetchall()  # type: ignore[call-overload, no-any-return]


def files_kept() -> list[str]:
    """Every file below the home's imports, but locks."""
    return sorted(
        str(path.relative_to(kept_files.folder())) for path in kept_files.folder().rglob("*") if not path.is_dir()
    )


def communities(path: Path, *, overlap: float = 0.0005) -> Path:
    """A zipped shapefile as districts send them: Chinese headers in GBK without a .cpg, two that overlap, one wrong code."""
    east = WEST + SIZE
    told = gpd.GeoDataFrame(
        {
            "社区编码": ["110199001001", "110199001002", "11019900100"],
            "社区名称": ["柳荫社区", "杏林社区", "<img src=x onerror=alert(1)>"],
            "户数": [410, 395, 1],
            NASTY: ["<script>alert(1)</script>", "'\"><svg onload=alert(1)>", "&amp;"],
        },
        geometry=[
            box(WEST, SOUTH, east + overlap, SOUTH + SIZE),
            box(east, SOUTH, east + SIZE, SOUTH + SIZE),
            box(east + SIZE, SOUTH, east + 2 * SIZE, SOUTH + SIZE),
        ],
        crs=4490,
    )
    folder = path / "shp"
    folder.mkdir()
    told.to_file(folder / "社区界线.shp", encoding="GBK")
    (folder / "社区界线.cpg").unlink(missing_ok=True)
    return folder

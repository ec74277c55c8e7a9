"""Small files for the tests of imports, written as they are needed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, text

from data import reference
from data.imports.options import Options, Report
from data.imports.run import import_file

STREET = "110199001000"
COMMUNITY = "110199001001"
BOW_TIE = "POLYGON ((116.2 39, 116.3 39.1, 116.3 39, 116.2 39.1, 116.2 39))"


def square(west: float = 116.0, south: float = 39.0, size: float = 0.1) -> str:
    east, north = west + size, south + size
    return f"POLYGON (({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"


def write_csv(path: Path, rows: list[dict[str, Any]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_layer(path: Path, rows: list[dict[str, Any]], crs: str = "EPSG:4326", **options: Any) -> Path:
    """Rows with a `wkt` each as GeoJSON or GeoPackage, by the name's ending."""
    frame = pd.DataFrame(rows)
    shapes = gpd.GeoSeries.from_wkt(frame.pop("wkt"), crs=crs)
    gpd.GeoDataFrame(frame, geometry=shapes).to_file(path, **options)
    return path


def put(connection: Connection, kind: str, path: Path, **options: Any) -> Report:
    """Import and return the report, which must add up."""
    report = put_with_rejects(connection, kind, path, **options)[0]
    assert report.read == report.stored + report.updated + report.unchanged + report.rejected
    return report


def put_with_rejects(
    connection: Connection, kind: str, path: Path, **options: Any
) -> tuple[Report, list[tuple[Any, ...]]]:
    """The same with what was refused: (line, field, value, reason)."""
    if not connection.scalar(text("SELECT count(*) FROM parameter")):
        reference.load(connection)
    report, sheet = import_file(connection, kind, path, Options(**options))
    return report, list(sheet.rejected().itertuples(index=False, name=None))


def counts(report: Report) -> tuple[int, int, int, int]:
    """Stored, updated, unchanged, rejected."""
    return report.stored, report.updated, report.unchanged, report.rejected


def rows(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(text(query))]

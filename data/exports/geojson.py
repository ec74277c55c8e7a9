"""GeoJSON, as one collection or line by line. Coordinates are written with every digit that they have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import shapely

from data.exports.batches import JSON, Batch, Head
from geo.crs import WGS84_SRID


def write_collection(path: Path, head: Head, batches: Iterator[Batch]) -> None:
    """A FeatureCollection; any CRS but WGS84 is named as GDAL and QGIS name it."""
    with path.open("wb") as file:
        file.write(_opening(head))
        is_first = True
        for batch in batches:
            for feature in _features(batch):
                file.write(b"\n" if is_first else b",\n")
                file.write(feature)
                is_first = False
        file.write(b"\n]}\n")


def write_lines(path: Path, head: Head, batches: Iterator[Batch]) -> None:
    """A feature on each line."""
    with path.open("wb") as file:
        for batch in batches:
            file.writelines(feature + b"\n" for feature in _features(batch))


def _opening(head: Head) -> bytes:
    members = {"type": "FeatureCollection", "name": head.name} | _crs(head)
    return orjson.dumps(members).removesuffix(b"}") + b',"features":['


def _crs(head: Head) -> dict[str, Any]:
    srid = head.place.crs.to_epsg() if head.place.crs else WGS84_SRID
    if srid == WGS84_SRID:
        return {}
    return {"crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{srid}"}}}


def _features(batch: Batch) -> Iterator[bytes]:
    rows = batch.rows.to_pylist()
    shapes = [None] * len(rows) if batch.shapes is None else shapely.to_geojson(batch.shapes)
    for row, shape in zip(rows, shapes, strict=True):
        properties = row | {name: orjson.Fragment(row[name]) for name in JSON if row.get(name)}
        geometry = orjson.Fragment(shape) if shape else None
        yield orjson.dumps({"type": "Feature", "properties": properties, "geometry": geometry})

"""What GDAL reads: GeoPackage, shapefile, FlatGeobuf, GeoJSON (also line by line), KML. Batch by batch, curves as lines."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio

from data.imports.formats import descriptions, markup, shapefiles
from data.imports.formats.tables import Choice, Table, Tables, Wanted, join, shapes_from
from geo.errors import BadFile
from geo.layers import Shape

TYPES: dict[Shape, tuple[str, ...]] = {
    "area": ("polygon", "surface", "point"),
    "polygon": ("polygon", "surface"),
    "line": ("line", "curve"),
    "point": ("point",),
}
"""What the name of a layer's geometry type contains when its rows have the shape."""
AS_WRITTEN = {"DATE_AS_STRING": "YES"}
"""So that GDAL leaves texts in JSON alone that look like dates: a name of digits would come back as another text."""
JSON_ENDINGS = (".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".jsonl")
LINES, RECORD = (".geojsonl", ".geojsons", ".ndjson", ".jsonl"), b"\x1e"
"""Endings of files with a feature in each line, and what such a file begins with if features may have several lines."""
PIECE_BYTES = 1 << 24
CURVES = (8, 9, 10, 11, 12, 13, 14)
"""Types of WKB that are no straight lines."""


def read(path: Path, wanted: Wanted) -> Tables:
    """Lines are the features, from 1. Raises: BadFile."""
    if path.suffix.lower() == ".shp":
        yield from _read_shapefile(path, wanted)
        return
    if path.suffix.lower() in LINES and _is_in_lines(path):
        yield from _read_in_pieces(path, wanted)
        return
    layers = _layers(path)
    layer, remarks = _choose(path, layers, wanted)
    for table in _read(path, layer, wanted, remarks):
        table.choice = Choice(layer, [name for name, _ in layers]) if len(layers) > 1 else None
        yield table


def _is_in_lines(path: Path) -> bool:
    """Whether it is long, and each of its features has a line of its own."""
    with path.open("rb") as file:
        return file.read(1) != RECORD and path.stat().st_size > PIECE_BYTES


def _read_in_pieces(path: Path, wanted: Wanted) -> Tables:
    """Features line by line, some lines at a time: GDAL reads all of a file three times before it gives the first of its rows."""
    size, read = path.stat().st_size, 0
    with path.open("rb") as file, tempfile.TemporaryDirectory() as into:
        piece = Path(into) / path.name
        while lines := file.read(PIECE_BYTES) + file.readline():
            piece.write_bytes(lines)
            if not lines.strip():
                continue
            for table in _read(piece, _layers(piece)[0][0], wanted, []):
                table.lines += read
                read += len(table.frame)
                table.shapes = np.full(len(table.frame), None) if table.shapes is None else table.shapes
                table.share = file.tell() / size
                yield table


def read_kml(path: Path, wanted: Wanted) -> Tables:
    """All folders of a KML as one table, the folder of each row in a column; tables within descriptions as columns."""
    with tempfile.TemporaryDirectory() as into:
        path, true_names = markup.renamed(path, Path(into))
        names = [name for name, _ in _layers(path)]
        if wanted.layer and wanted.layer not in names:
            raise _no_such_layer(path, wanted.layer, names)
        folders = [_folder(path, name, wanted, true_names) for name in names if wanted.layer in (None, name)]
    whole = join([folder for folder in folders if folder.read] or folders[:1])
    whole.lines = np.arange(1, len(whole.frame) + 1)
    whole.choice = Choice(wanted.layer, names) if len(names) > 1 else None
    yield whole


def _folder(path: Path, name: str, wanted: Wanted, true_names: Mapping[str, str]) -> Table:
    table = join(_read(path, name, wanted, []))
    named = table.frame.dropna(axis="columns", how="all").rename(columns=true_names)
    table.frame = descriptions.spread(named).assign(folder=name)
    return table


def _read_shapefile(path: Path, wanted: Wanted) -> Tables:
    shapefiles.check_parts(path)
    encoding, remarks = (wanted.encoding, []) if wanted.encoding else shapefiles.encoding_of(path)
    if shapefiles.part(path, ".prj") is None:
        remarks = [*remarks, f"{path.name} has no .prj: nothing says which CRS its coordinates are in"]
    yield from _read(path, path.stem, wanted, remarks, encoding)


def _read(path: Path, layer: str, wanted: Wanted, remarks: list[str], encoding: str | None = None) -> Tables:
    info = pyogrio.read_info(path, layer=layer, encoding=encoding)
    read = 0
    for table in _batches(path, layer, wanted, encoding):
        table.lines += read
        read += len(table.frame)
        table.remarks, remarks = remarks, []
        table.share = read / max(info["features"], read, 1)
        yield table
    if info["capabilities"]["fast_feature_count"] and read < info["features"]:
        told = f"{path.name} tells of {info['features']:,} features, but ends after {read:,}: it is cut off"
        raise BadFile(told, file=str(path))


def _batches(path: Path, layer: str, wanted: Wanted, encoding: str | None) -> Iterator[Table]:
    told: dict[str, Any] = {"layer": layer, "encoding": encoding, "datetime_as_string": True}
    told |= AS_WRITTEN if path.suffix.lower() in JSON_ENDINGS else {}
    with (
        warnings.catch_warnings(action="ignore"),
        pyogrio.raw.open_arrow(path, use_pyarrow=True, batch_size=wanted.rows, **told) as (meta, reader),
    ):
        is_first, start = True, 0
        for batch in reader:
            yield _table(batch, meta) if not _has_curves(batch, meta) else _straight(path, start, len(batch), told)
            is_first, start = False, start + len(batch)
        if is_first:
            yield _table(pa.RecordBatch.from_pylist([], schema=reader.schema), meta)


def _table(batch: pa.RecordBatch, meta: dict[str, Any]) -> Table:
    """Raises: ArrowInvalid for a text that is not UTF-8."""
    batch.validate(full=True)
    shape = _shape_column(batch, meta)
    fields = batch if shape is None else batch.drop_columns([shape])
    frame = fields.to_pandas(integer_object_nulls=True)
    frame.index = pd.RangeIndex(len(batch))
    shapes = None if shape is None else shapes_from(batch.column(shape).to_pylist())
    return Table(frame, np.arange(1, len(batch) + 1), shapes, meta["crs"])


def _straight(path: Path, start: int, count: int, told: dict[str, Any]) -> Table:
    """The same rows with every arc as short lines: only the slower way of reading makes them."""
    meta, _, wkb, fields = pyogrio.raw.read(path, skip_features=start, max_features=count, force_2d=True, **told)
    frame = pd.DataFrame(dict(zip(meta["fields"], fields, strict=True)), index=pd.RangeIndex(len(wkb)))
    return Table(frame, np.arange(1, len(wkb) + 1), shapes_from(wkb), meta["crs"])


def _shape_column(batch: pa.RecordBatch, meta: dict[str, Any]) -> str | None:
    name = meta["geometry_name"] or "wkb_geometry"
    return name if name in batch.schema.names and meta["geometry_type"] is not None else None


def _has_curves(batch: pa.RecordBatch, meta: dict[str, Any]) -> bool:
    shape = _shape_column(batch, meta)
    if shape is None or str(meta["geometry_type"]).endswith(("Point", "LineString", "Polygon")):
        return False
    return any(wkb is not None and wkb[1] % 1000 % 256 in CURVES for wkb in batch.column(shape).to_pylist())


def _choose(path: Path, layers: list[tuple[str, str]], wanted: Wanted) -> tuple[str, list[str]]:
    """The layer that was named, the only one, or the only one of the right shape. Raises: BadFile."""
    names = [name for name, _ in layers]
    if wanted.layer and (wanted.layer in names or len(names) > 1):
        if wanted.layer not in names:
            raise _no_such_layer(path, wanted.layer, names)
        return wanted.layer, []
    if len(names) == 1:
        return names[0], []
    fitting = [name for name, kind in layers if wanted.shape and _fits(kind, wanted.shape)]
    if len(fitting) == 1:
        return fitting[0], [f"read layer {fitting[0]}, the only one of {wanted.shape}s among {len(names)}"]
    told = f"{path.name} has {len(names)} layers: choose one with --layer ({', '.join(names)})"
    raise BadFile(told, file=str(path), layers=names)


def _layers(path: Path) -> list[tuple[str, str]]:
    with warnings.catch_warnings(action="ignore"):
        layers = [(str(name), str(kind or "").lower()) for name, kind in pyogrio.list_layers(path)]
    if not layers:
        raise BadFile(f"{path.name} holds no layer", file=str(path))
    return layers


def _fits(kind: str, shape: Shape) -> bool:
    return any(part in kind for part in TYPES[shape])


def _no_such_layer(path: Path, layer: str, names: list[str]) -> BadFile:
    return BadFile(f"{path.name} has no layer {layer}, but {', '.join(names)}", file=str(path))

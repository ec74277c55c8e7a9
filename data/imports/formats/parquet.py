"""GeoParquet, and Parquet with coordinates in its columns. Batch by batch, where shapes are written as WKB."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
from pyproj.exceptions import CRSError

from data.imports.formats.tables import Table, Tables, Wanted, shapes_from
from geo.errors import BadFile

MAGIC = b"PAR1"
UNTOLD = "OGC:CRS84"
"""What coordinates are in where a GeoParquet doesn't say."""
BROKEN = (pa.ArrowException, ValueError, TypeError, KeyError, OSError, AttributeError, OverflowError, CRSError)


def read(path: Path, wanted: Wanted) -> Tables:
    """Lines are the rows, from 1. Raises: BadFile."""
    start = 0
    try:
        for table in _tables(path, wanted):
            table.lines = np.arange(start + 1, start + 1 + len(table.frame))
            start += len(table.frame)
            yield table
    except BROKEN as error:
        after = f" after row {start:,}" if start else ""
        raise BadFile(f"{path.name} can't be read as Parquet{after}: {error}", file=str(path)) from error


def _tables(path: Path, wanted: Wanted) -> Iterator[Table]:
    with pq.ParquetFile(path) as file:
        if twice := [name for name, count in Counter(file.schema_arrow.names).items() if count > 1]:
            raise BadFile(f"{path.name} has two columns named {twice[0]}", file=str(path))
        told = (file.schema_arrow.metadata or {}).get(b"geo")
        shape, crs = (None, None) if told is None else _geometry(orjson.loads(told))
        if told is not None and shape is None:
            yield _whole(gpd.read_parquet(path))
            return
        rows = 0
        for batch in file.iter_batches(batch_size=wanted.rows):
            rows += len(batch)
            yield _table(batch, shape, crs, rows / max(file.metadata.num_rows, 1))
        if rows == 0:
            yield _table(pa.RecordBatch.from_pylist([], schema=file.schema_arrow), shape, crs, 1.0)


def _geometry(told: Any) -> tuple[str | None, str | None]:
    """The column of shapes and its CRS; no column where shapes are not written as WKB."""
    name = told["primary_column"]
    column = told["columns"][name]
    crs = column.get("crs", UNTOLD)
    return name if column["encoding"] == "WKB" else None, None if crs is None else pyproj.CRS(crs).to_wkt()


def _table(batch: pa.RecordBatch, shape: str | None, crs: str | None, share: float) -> Table:
    """Raises: ArrowInvalid for a text that is not UTF-8."""
    batch.validate(full=True)
    fields = batch if shape is None else batch.drop_columns([shape])
    frame = fields.to_pandas(integer_object_nulls=True, ignore_metadata=True)
    shapes = None if shape is None else shapes_from(batch.column(shape).to_pylist())
    return Table(frame, np.arange(len(frame)), shapes, crs, share=share)


def _whole(layer: gpd.GeoDataFrame) -> Table:
    crs = layer.crs.to_wkt() if layer.crs else None
    frame = pd.DataFrame(layer.drop(columns=layer.geometry.name)).reset_index(drop=True)
    return Table(frame, np.arange(len(frame)), layer.geometry.to_numpy(), crs)

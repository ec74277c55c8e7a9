"""GeoParquet 1.0, a row group per batch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from data.exports.batches import GEOMETRY, Batch, Head

VERSION = "1.0.0"


def write(path: Path, head: Head, batches: Iterator[Batch]) -> None:
    """Without places it is plain Parquet."""
    schema = head.schema
    if head.kinds:
        schema = schema.append(pa.field(GEOMETRY, pa.binary())).with_metadata({"geo": orjson.dumps(_geo(head))})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            columns = list(batch.rows.columns)
            if batch.shapes is not None:
                columns.append(pa.array(shapely.to_wkb(batch.shapes), pa.binary()))
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def _geo(head: Head) -> dict[str, Any]:
    """A null CRS says that there is one, but none that has a name."""
    crs = head.place.crs.to_json_dict() if head.place.crs else None
    column = {"encoding": "WKB", "geometry_types": list(head.kinds), "crs": crs}
    return {"version": VERSION, "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}

"""GeoPackage, FlatGeobuf and KML, written by GDAL from a stream of Arrow batches."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyogrio
import shapely

from data.exports.batches import GEOMETRY, Batch, Head
from geo.errors import BadInput

WKB = pa.field(GEOMETRY, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})


def write_geopackage(path: Path, head: Head, batches: Iterator[Batch]) -> None:
    write(path, head, batches, driver="GPKG")


def write_flatgeobuf(path: Path, head: Head, batches: Iterator[Batch]) -> None:
    """Sorted by place and with an index, as the format is meant. Raises: BadInput for a row without a place."""
    write(path, head, map(_placed, batches), driver="FlatGeobuf")


def write_kml(path: Path, head: Head, batches: Iterator[Batch]) -> None:
    write(path, head, batches, driver="LIBKML")


def write(path: Path, head: Head, batches: Iterator[Batch], *, driver: str, **options: Any) -> None:
    """The layer as GDAL's `driver` writes it."""
    schema = head.schema.append(WKB) if head.kinds else head.schema
    with (
        _Honest(_records(batches, schema)) as records,
        warnings.catch_warnings(action="ignore"),
    ):  # that no CRS is known
        pyogrio.write_arrow(
            records.reader(schema),
            path,
            layer=head.name,
            driver=driver,
            geometry_name=GEOMETRY if head.kinds else None,
            geometry_type=head.geometry_type,
            crs=head.place.crs.to_wkt() if head.place.crs else None,
            **options,
        )


def _records(batches: Iterator[Batch], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        columns = list(batch.rows.columns)
        if batch.shapes is not None:
            columns.append(pa.array(shapely.to_wkb(batch.shapes), pa.binary()))
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


class _Honest:
    """What goes wrong while GDAL reads comes out as it was, not as GDAL's word for it."""

    def __init__(self, records: Iterator[pa.RecordBatch]) -> None:
        self.records = records
        self.error: Exception | None = None

    def reader(self, schema: pa.Schema) -> pa.RecordBatchReader:
        return pa.RecordBatchReader.from_batches(schema, self._watched())

    def _watched(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self.records
        except Exception as error:
            self.error = error
            raise

    def __enter__(self) -> _Honest:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if self.error is not None:
            raise self.error from error


def _placed(batch: Batch) -> Batch:
    if batch.shapes is not None and shapely.is_missing(batch.shapes).any():
        row = batch.rows.slice(int(shapely.is_missing(batch.shapes).argmax()), 1).to_pylist()[0]
        raise BadInput(f"{next(iter(row.values()))} has no place, which FlatGeobuf can't hold: take geojson or gpkg")
    return batch

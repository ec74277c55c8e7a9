"""A shapefile with all its parts in one ZIP. What it can't hold is cut, left out or moved, and said."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from data.exports import vectors
from data.exports.batches import WHOLE, Batch, Head, wkt
from geo.errors import BadInput
from geo.layers import blank

NAME_CHARACTERS = 10
SHORT = {"floor_area_m2": "area_m2"}
"""Where the first letters would lose the unit."""
TEXT_BYTES = 254
PLACE_COLUMN = "point_wkt"
CPG = {"utf-8": "UTF-8", "gb18030": "GBK"}
POLYGONS = ("Polygon", "MultiPolygon")


def write(path: Path, head: Head, batches: Iterator[Batch]) -> None:
    """Raises: BadInput for shapes of several types, or characters that GBK does not have."""
    folder = path.with_suffix(".parts")
    folder.mkdir()
    kinds = _kinds(head)
    fitting, cut = _Fitting(head, is_mixed=kinds != list(head.kinds)), Counter[str]()
    inner = replace(head, kinds=kinds, schema=fitting.schema)
    vectors.write(
        folder / f"{head.name}.shp",
        inner,
        (fitting.batch(batch, cut) for batch in batches),
        driver="ESRI Shapefile",
        encoding=CPG[head.encoding],
    )
    head.remarks += fitting.remarks(cut)
    _pack(folder, path)


def _kinds(head: Head) -> list[str]:
    """One type; boundaries win over the points of units without one."""
    kinds = list(head.kinds)
    if len(kinds) > 1 and PLACE_COLUMN in head.schema.names and "Point" in kinds:
        kinds = ["MultiPolygon"]
    if len({kind.removeprefix("Multi") for kind in kinds}) > 1:
        raise BadInput(f"a shapefile holds shapes of one type, not {', '.join(kinds)}: narrow by kind, or take gpkg")
    return kinds


def _pack(folder: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, part.name)


class _Fitting:
    """Rows as a shapefile takes them: short names, texts of at most 254 bytes, shapes of one type."""

    def __init__(self, head: Head, *, is_mixed: bool) -> None:
        self.head, self.is_mixed = head, is_mixed
        self.names = [SHORT.get(name, name[:NAME_CHARACTERS]) for name in head.schema.names]
        fields = zip(self.names, head.schema, strict=True)
        self.schema = pa.schema([pa.field(name, _type(field.type)) for name, field in fields])

    def batch(self, batch: Batch, cut: Counter[str]) -> Batch:
        batch = _only_boundaries(batch) if self.is_mixed else batch
        columns = [
            self._column(field.name, column, cut) for field, column in zip(batch.rows.schema, batch.rows, strict=True)
        ]
        return Batch(pa.RecordBatch.from_arrays(columns, schema=self.schema), batch.shapes)

    def remarks(self, cut: Counter[str]) -> list[str]:
        short = [
            f"{name} is called {told}"
            for name, told in zip(self.head.schema.names, self.names, strict=True)
            if name != told
        ]
        said = [f"names have at most {NAME_CHARACTERS} characters: {', '.join(short)}"] if short else []
        said += (
            [f"{PLACE_COLUMN[:NAME_CHARACTERS]} has the points of units without a boundary"] if self.is_mixed else []
        )
        return said + [
            f"{name}: {count:,} texts are longer than {TEXT_BYTES} bytes and were {'left out' if name in WHOLE else 'cut'}"
            for name, count in cut.items()
        ]

    def _column(self, name: str, column: pa.Array, cut: Counter[str]) -> pa.Array:
        if not pa.types.is_string(column.type):
            return column.cast(_type(column.type))
        return pa.array([self._text(name, text, cut) for text in column.to_pylist()], pa.string())

    def _text(self, name: str, text: str | None, cut: Counter[str]) -> str | None:
        encoded = self._encoded(name, text) if text else b""
        if len(encoded) <= TEXT_BYTES:
            return text
        cut[name] += 1
        return None if name in WHOLE else encoded[:TEXT_BYTES].decode(self._codec, "ignore")

    @property
    def _codec(self) -> str:
        return "gbk" if self.head.encoding != "utf-8" else "utf-8"

    def _encoded(self, name: str, text: str) -> bytes:
        """Raises: BadInput."""
        try:
            return text.encode(self._codec)
        except UnicodeEncodeError as error:
            lacking = text[error.start : error.end]
            raise BadInput(f"GBK has no {lacking!r} ({name} {text[:40]!r}): take UTF-8", text=text[:80]) from error


def _type(told: pa.DataType) -> pa.DataType:
    """Numbers of 64 bits as text: a field of numbers holds 18 digits with the sign."""
    return pa.string() if pa.types.is_int64(told) else told


def _only_boundaries(batch: Batch) -> Batch:
    """Points out of the shapes into their column."""
    assert batch.shapes is not None
    is_point = shapely.get_type_id(batch.shapes) == shapely.GeometryType.POINT
    place = batch.rows.schema.get_field_index(PLACE_COLUMN)
    texts = np.array(batch.rows.column(place).to_pylist(), dtype=object)
    texts[is_point] = np.array(wkt(batch.shapes), dtype=object)[is_point]
    rows = batch.rows.set_column(place, PLACE_COLUMN, pa.array(texts, pa.string()))
    return Batch(rows, blank(batch.shapes, is_point))

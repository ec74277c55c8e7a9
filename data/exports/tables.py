"""CSV that Excel opens: formulas tamed, points in two columns, everything else in one of WKT."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely

from data.exports.batches import Batch, Head, wkt
from data.formulas import tame

POINT = "Point"
Row = list[Any]


def write(path: Path, head: Head, batches: Iterator[Batch]) -> None:
    """UTF-8 with the mark by which Excel knows it, or GB18030."""
    encoding = "utf-8-sig" if head.encoding == "utf-8" else head.encoding
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(names(head))
        for batch in batches:
            writer.writerows([_cell(value) for value in row] for row in rows(batch, head))


def names(head: Head) -> list[str]:
    """Of the columns, those of the place last."""
    place = [] if not head.kinds else ["lon", "lat"] if has_points(head) else ["wkt"]
    return [*head.schema.names, *place]


def rows(batch: Batch, head: Head) -> Iterator[Row]:
    """Values as they are, in the order of `names`."""
    columns = [column.to_pylist() for column in batch.rows.columns]
    if batch.shapes is not None and has_points(head):
        columns += [_numbers(shapely.get_x(batch.shapes)), _numbers(shapely.get_y(batch.shapes))]
    elif batch.shapes is not None:
        columns.append(wkt(batch.shapes))
    return map(list, zip(*columns, strict=True))


def has_points(head: Head) -> bool:
    return list(head.kinds) == [POINT]


def _numbers(values: Any) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]


def _cell(value: Any) -> Any:
    """Numbers are written with every digit that they have."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return tame(value) if isinstance(value, str) else value

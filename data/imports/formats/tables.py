"""What every format gives: rows as the file has them, whole columns at once."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo.layers import Shape

BATCH_ROWS = 20_000
"""Rows in memory at a time."""
BYTES_PER_VERTEX = 16
TOO_MANY = "has {:,} vertices, at most {:,} are taken (WANGGE_IMPORT_SHAPE_VERTICES)"


class Choice(NamedTuple):
    """What was read of a file that holds several sheets, layers or files, all by their names; None is all together."""

    taken: str | None
    among: list[str]


@dataclass
class Table:
    """`frame`: the columns of the file; `lines`: the line of each row; `shapes`: its geometry, if the file has any."""

    frame: pd.DataFrame
    lines: np.ndarray[Any, Any]
    shapes: np.ndarray[Any, Any] | None = None
    crs: str | None = None
    ragged: pd.DataFrame | None = None
    """Rows that are no rows, ready to be refused: line, field, value, reason."""
    remarks: list[str] = field(default_factory=list)
    """What was decided for the reader and has to be said."""
    choice: Choice | None = None
    share: float = 1.0
    """Of the file that has been read up to here."""

    @property
    def read(self) -> int:
        return len(self.frame) + (0 if self.ragged is None else len(self.ragged))

    @property
    def bytes(self) -> int:
        """About what it takes in memory."""
        shapes = 0 if self.shapes is None else int(shapely.get_num_coordinates(self.shapes).sum()) * BYTES_PER_VERTEX
        return int(self.frame.memory_usage(deep=True).sum()) + shapes


Tables = Generator[Table, None, None]


def _all_alike(names: Iterable[str]) -> int:
    return 0


@dataclass(frozen=True)
class Wanted:
    """What the reader looks for in a file that holds several things."""

    layer: str | None = None
    encoding: str | None = None
    shape: Shape | None = None
    """Of the rows; a layer of this shape is preferred."""
    likeness: Callable[[Iterable[str]], int] = _all_alike
    """How many columns of these names the reader knows."""
    rows: int = BATCH_ROWS


def join(tables: Iterable[Table]) -> Table:
    """All batches as one table; the index counts the rows."""
    parts = list(tables)
    ragged = [part.ragged for part in parts if part.ragged is not None]
    shapes = [part.shapes for part in parts if part.shapes is not None]
    return Table(
        pd.concat([part.frame for part in parts], ignore_index=True),
        np.concatenate([part.lines for part in parts]),
        np.concatenate(shapes) if shapes else None,
        parts[0].crs,
        pd.concat(ragged, ignore_index=True) if ragged else None,
        [remark for part in parts for remark in part.remarks],
    )


def without_giants(table: Table, most: int) -> Table:
    """The table without rows whose shape has more than `most` vertices: they are refused before anybody copies them."""
    if table.shapes is None or not (is_giant := (count := shapely.get_num_coordinates(table.shapes)) > most).any():
        return table
    told = {"field": "geometry", "value": "", "reason": [TOO_MANY.format(number, most) for number in count]}
    return without(table, is_giant, pd.DataFrame(told))


def without(table: Table, wrong: np.ndarray[Any, np.dtype[np.bool_]], told: pd.DataFrame) -> Table:
    """The table without the rows that are `wrong`, which stand apart; `told` has field, value and reason of every row."""
    if not wrong.any():
        return table
    apart = told.assign(line=table.lines)[["line", "field", "value", "reason"]][wrong]
    ragged = apart if table.ragged is None else pd.concat([table.ragged, apart], ignore_index=True)
    shapes = None if table.shapes is None else table.shapes[~wrong]
    frame = table.frame[~wrong].reset_index(drop=True)
    return replace(table, frame=frame, lines=table.lines[~wrong], shapes=shapes, ragged=ragged)


def shapes_from(wkb: Iterable[Any]) -> np.ndarray[Any, Any]:
    """WKB as shapes in two dimensions; what can't be read is missing."""
    with np.errstate(invalid="ignore", over="ignore"):  # a coordinate that is no finite number is refused later
        given: np.ndarray[Any, Any] = np.asarray(list(wkb), dtype=object)
        return np.asarray(shapely.force_2d(shapely.from_wkb(given, on_invalid="ignore")), dtype=object)

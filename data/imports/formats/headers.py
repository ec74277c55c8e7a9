"""Where the header of a table is, under titles and over the rows, and what its columns are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

SEARCHED_ROWS = 30
LEVELS = "/"
"""Between the levels of a header of two rows: 坐标/经度."""
Row = Sequence[str]


class Merged(NamedTuple):
    """A merged cell: rows and columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


class Header(NamedTuple):
    """`names` of the columns, in rows `start` to `end` (not included), and what was changed in them."""

    names: list[str]
    start: int
    end: int
    remarks: list[str]


def find(rows: Sequence[Row], merged: Sequence[Merged] = ()) -> Header:
    """The first row that is at least half as full as the fullest of the first ones; titles above it are left out."""
    searched = rows[:SEARCHED_ROWS]
    full = [sum(bool(value) for value in row) for row in searched]
    start = next((n for n, count in enumerate(full) if count and count * 2 >= max(full)), 0)
    end = start + _depth(start, merged)
    levels = [_spread(row, n, merged) for n, row in enumerate(searched[start:end], start)]
    names = [_joined(level) for level in zip(*_padded(levels), strict=True)]
    unique, remarks = _unique(names)
    if start:
        remarks.insert(0, f"the header is row {start + 1}; {start} above it left out")
    return Header(unique, start, end, remarks)


def _depth(start: int, merged: Sequence[Merged]) -> int:
    """Two rows where a cell of the first spans columns: what is below it tells them apart."""
    of_header = [cell for cell in merged if cell.top == start]
    spans_columns = any(cell.right > cell.left for cell in of_header)
    return max([cell.bottom - start + 1 for cell in of_header] + [2 if spans_columns else 1])


def _spread(row: Row, number: int, merged: Sequence[Merged]) -> list[str]:
    """The value of a merged cell in every column of it."""
    values = list(row)
    for cell in merged:
        if cell.top == number:
            values[cell.left : cell.right + 1] = [values[cell.left]] * (cell.right + 1 - cell.left)
    return values


def _padded(levels: list[list[str]]) -> list[list[str]]:
    width = max(map(len, levels), default=0)
    return [level + [""] * (width - len(level)) for level in levels]


def _joined(level: Sequence[str]) -> str:
    parts = [re.sub(r"\s+", " ", part).strip() for part in level]
    return LEVELS.join(part for n, part in enumerate(parts) if part and part not in parts[:n])


def _unique(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """A column without a name is called by its number, the second of one name is numbered, which is said."""
    made: list[str] = []
    remarks = []
    for number, name in enumerate(names, start=1):
        unique, count = name or f"column {number}", 1
        while unique in made:
            count += 1
            unique = f"{name} ({count})"
        if count > 1:
            remarks.append(f"two columns are named {name}: the later one is called {unique}")
        made.append(unique)
    return made, remarks

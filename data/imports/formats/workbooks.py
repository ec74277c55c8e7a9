"""XLSX, XLS, XLSB and ODS: the sheet that looks most like what is wanted, as texts."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from data.imports.formats import headers
from data.imports.formats.tables import Choice, Table, Tables, Wanted
from geo.errors import BadFile

EXACT = 10**15
"""Whole numbers above are no longer exact in a spreadsheet."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""What a workbook with a password has among its parts, whatever its name says that it is."""
Cells = list[list[str]]


class Sheet(NamedTuple):
    """A sheet as texts; `first` is the number of its first row, from 1."""

    name: str
    cells: Cells
    merged: list[headers.Merged]
    first: int


def read(path: Path, wanted: Wanted) -> Tables:
    """Lines are the rows of the sheet, from 1. Raises: BadFile."""
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = [_sheet(book.get_sheet_by_name(name)) for name in _names(book, wanted.layer, path)]
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        if isinstance(error, PasswordError) or ENCRYPTED in path.read_bytes():
            raise BadFile(f"{path.name} is encrypted: save it without a password", file=str(path)) from error
        raise BadFile(f"{path.name} can't be read as a workbook: {error}", file=str(path)) from error
    sheet, remarks = _choose([sheet for sheet in sheets if sheet.cells], wanted, path)
    table = _table(sheet, remarks)
    table.choice = Choice(sheet.name, book.sheet_names) if len(book.sheet_names) > 1 else None
    yield table


def _names(book: CalamineWorkbook, layer: str | None, path: Path) -> list[str]:
    names = book.sheet_names
    if layer and layer not in names:
        raise BadFile(f"{path.name} has no sheet {layer}, but {', '.join(names)}", file=str(path))
    return [layer] if layer else names


def _sheet(sheet: CalamineSheet) -> Sheet:
    start = sheet.start or (0, 0)
    cells = [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=True)]
    merged = [_merged(*corners, start) for corners in sheet.merged_cell_ranges or []]
    return Sheet(sheet.name, cells, [cell for cell in merged if cell.top >= 0 and cell.left >= 0], start[0] + 1)


def _merged(top: tuple[int, int], bottom: tuple[int, int], start: tuple[int, int]) -> headers.Merged:
    return headers.Merged(top[0] - start[0], top[1] - start[1], bottom[0] - start[0], bottom[1] - start[1])


def _text(value: Any) -> str:
    """As a person would write it; a whole number without its .0."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if math.isfinite(value) and value.is_integer() and abs(value) < EXACT else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value).strip()


def _choose(sheets: list[Sheet], wanted: Wanted, path: Path) -> tuple[Sheet, list[str]]:
    """The one with the most columns that are known. Raises: BadFile if two are alike."""
    if not sheets:
        raise BadFile(f"{path.name} has no rows", file=str(path))
    known = [wanted.likeness(headers.find(sheet.cells, sheet.merged).names) for sheet in sheets]
    best = [sheet for sheet, count in zip(sheets, known, strict=True) if count == max(known)]
    if len(best) > 1:
        names = [sheet.name for sheet in sheets]
        told = f"{path.name} has {len(sheets)} sheets: choose one with --layer ({', '.join(names)})"
        raise BadFile(told, file=str(path), layers=names)
    told = f"read sheet {best[0].name}, which has the most known columns of {len(sheets)} sheets"
    return best[0], [told] if len(sheets) > 1 else []


def _table(sheet: Sheet, remarks: list[str]) -> Table:
    header = headers.find(sheet.cells, sheet.merged)
    _fill_down(sheet.cells, sheet.merged, header.end)
    rows = [(sheet.first + n, row) for n, row in enumerate(sheet.cells) if n >= header.end and any(row)]
    frame = pd.DataFrame(_even([row for _, row in rows], len(header.names)), columns=header.names, dtype="str")
    return Table(frame, np.array([line for line, _ in rows], dtype=int), remarks=remarks + header.remarks)


def _fill_down(cells: Cells, merged: Sequence[headers.Merged], start: int) -> None:
    """A merged cell means its value for each of its rows."""
    for cell in merged:
        for row in range(max(cell.top, start), min(cell.bottom + 1, len(cells))):
            for column in range(cell.left, min(cell.right + 1, len(cells[row]))):
                cells[row][column] = cells[cell.top][cell.left]


def _even(rows: list[list[str]], width: int) -> list[list[str]]:
    return [row[:width] + [""] * (width - len(row)) for row in rows]

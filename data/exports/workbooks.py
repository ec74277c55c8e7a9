"""XLSX with one sheet, written row by row. Texts are texts by type, never formulas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from data.exports import tables
from data.exports.batches import WHOLE, Batch, Head
from geo.errors import BadInput

CELL_CHARACTERS = 32_767
SHEET_ROWS = 1_048_576
EXACT = 2**53
"""Whole numbers above are not exact in a spreadsheet and are written as texts."""
Attributes = Sequence[tuple[str, Any]]


class _ExactSheet(Worksheet):  # type: ignore[misc]
    """A sheet whose numbers have 17 digits, as Excel keeps them; the library's own writes 16 and loses the last bit."""

    def _xml_number_element(self, number: float, attributes: Attributes = ()) -> None:
        told = "".join(f' {name}="{self._escape_attributes(value)}"' for name, value in attributes)
        self.fh.write(f"<c{told}><v>{number!r}</v></c>")


def write(path: Path, head: Head, batches: Iterator[Batch]) -> None:
    """Raises: BadInput for more rows than a sheet holds."""
    names, cut = tables.names(head), Counter[str]()
    with xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)}) as book:
        sheet = book.add_worksheet(head.name, _ExactSheet)
        number = 0
        _write(sheet, number, names)
        for batch in batches:
            for row in tables.rows(batch, head):
                number += 1
                _check_number(number)
                _write(sheet, number, [_fitting(name, value, cut) for name, value in zip(names, row, strict=True)])
    head.remarks += [_remark(name, count) for name, count in cut.items()]


def _check_number(number: int) -> None:
    if number >= SHEET_ROWS:
        raise BadInput(f"a sheet holds {SHEET_ROWS - 1:,} rows, the layer has more: take csv, or narrow it")


def _fitting(name: str, value: Any, cut: Counter[str]) -> Any:
    if not isinstance(value, str) or len(value) <= CELL_CHARACTERS:
        return value
    cut[name] += 1
    return None if name in WHOLE else value[:CELL_CHARACTERS]


def _remark(name: str, count: int) -> str:
    what = "left out" if name in WHOLE else "cut"
    return f"{name}: {count:,} texts are longer than the {CELL_CHARACTERS:,} characters of a cell and were {what}"


def _write(sheet: Worksheet, number: int, row: Sequence[Any]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, bool):
            sheet.write_boolean(number, column, value)
        elif isinstance(value, str) or (isinstance(value, int) and abs(value) > EXACT):
            sheet.write_string(number, column, str(value))
        elif value is not None:
            sheet.write_number(number, column, value)

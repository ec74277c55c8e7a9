"""Cases as tables to take away: CSV that Excel opens, and XLSX. Names of people are masked; longitude and latitude in EPSG:4490.

A text is never a formula: what begins as one is written after an apostrophe in CSV, and as text by type in XLSX.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from psycopg import AsyncConnection as PsycopgConnection
from sqlalchemy import text
from xlsxwriter.worksheet import Worksheet

from data import reference, scope
from data.case_filters import Filter, Wanted, narrow
from data.case_lists import Place, page
from data.case_rows import Case
from data.database import async_driver_connection, async_engine
from data.formulas import tame
from data.settings import settings
from geo.callers import Caller

PART = 2000
"""So many cases are read at a time."""
BOM = "\ufeff"
"""By which Excel knows that a CSV is UTF-8."""
MOMENT = "%Y-%m-%d %H:%M:%S"
Line = list[str | int | float | None]


async def csv_lines(wanted: Wanted, caller: Caller, *, sort: str, language: str) -> AsyncIterator[bytes]:
    """The table piece by piece, with a line of headings."""
    yield (BOM + csv_text([_headings(language)])).encode()
    async for lines in _lines(wanted, caller, sort=sort, language=language):
        yield csv_text([[harmless(value) for value in line] for line in lines]).encode()


async def xlsx(wanted: Wanted, caller: Caller, *, sort: str, language: str) -> bytes:
    """The table as a workbook with one sheet. Rows go to a file as they come, beside the loop that serves others."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cases.xlsx"
        book = xlsxwriter.Workbook(path, {"constant_memory": True})
        sheet = book.add_worksheet()
        begun = 0
        await asyncio.to_thread(_write, sheet, begun, [_headings(language)])
        async for lines in _lines(wanted, caller, sort=sort, language=language):
            await asyncio.to_thread(_write, sheet, begun + 1, lines)
            begun += len(lines)
        await asyncio.to_thread(book.close)
        return await asyncio.to_thread(path.read_bytes)


async def _lines(wanted: Wanted, caller: Caller, *, sort: str, language: str) -> AsyncIterator[list[Line]]:
    """At most `export_max_rows` cases, all as they were at one moment."""
    async with async_engine().connect() as connection:
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        driver = await async_driver_connection(connection)
        await scope.enter(driver, caller)
        chosen = await narrow(driver, wanted, caller)
        async for cases in _parts(driver, chosen, sort):
            yield [_line(case, language) for case in cases]


async def _parts(driver: PsycopgConnection[Any], chosen: Filter, sort: str) -> AsyncIterator[list[Case]]:
    place: Place | None = Place()
    left = settings().export_max_rows
    while place and left:
        cases, place = await page(driver, chosen, sort=sort, place=place, limit=min(PART, left))
        left -= len(cases)
        yield cases


@cache
def _words(language: str) -> Mapping[str, Mapping[str, str]]:
    """By part (`column`, `state` …) and code, in the language."""
    words: dict[str, dict[str, str]] = {}
    for row in reference.rows("export_words"):
        words.setdefault(row["part"], {})[row["code"]] = row[language]
    return words


def _headings(language: str) -> Line:
    return list(_words(language)["column"].values())


def _line(case: Case, language: str) -> Line:
    """The case in the order of the headings."""
    words = _words(language)
    told = case | {
        "category_name": case["category_name" if language == "zh" else "category_name_en"],
        "holder": _who(case["holder"]),
        "lead": _who(case["lead"]),
        "street": case["street"] and case["street"]["name"],
        "community": case["community"] and case["community"]["name"],
        "cell": case["cell"] and case["cell"]["code"],
        "cell_name": case["cell"] and case["cell"]["name"],
    }
    return [_shown(words.get(name, {}), told[name]) for name in words["column"]]


def _who(actor: Mapping[str, str | None] | None) -> str | None:
    return f"{actor['name'] or ''} {actor['code']}".strip() if actor else None


def _shown(words: Mapping[str, str], value: Any) -> str | int | float | None:
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(settings().timezone)).strftime(MOMENT)
    return words.get(value, value) if isinstance(value, str) else value


def harmless(value: str | float | None) -> str | float | None:
    """The same, an apostrophe before what a spreadsheet would take for a formula."""
    return tame(value) if isinstance(value, str) else value


def csv_text(lines: Sequence[Line]) -> str:
    """Lines as CSV."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(lines)
    return written.getvalue()


def _write(sheet: Worksheet, begin: int, lines: Sequence[Line]) -> None:
    for number, line in enumerate(lines, begin):
        for column, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write_number(number, column, value)

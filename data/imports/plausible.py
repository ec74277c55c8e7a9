"""What no field may be, whatever the kind of file: texts without end, and moments that lie too far ahead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pandas as pd

from data.imports import findings
from data.imports.columns import Columns
from data.imports.formats.tables import Table
from data.imports.kinds import Kind
from data.imports.sheet import Sheet
from data.imports.tolerances import Tolerances
from data.imports.values import as_text, is_day_first, moment
from geo.errors import BadFile

NAMES = ("name", "name_en")
DUE = ("due_at",)
UNLIMITED = ("attributes", "serves", "cells", "content_digest", "wkt")
"""Columns that are no text for people, or whose parts are checked one by one."""
SHOWN = 40


def examine(sheet: Sheet, limits: Tolerances) -> None:
    """Refuse rows with such a field."""
    for name, wrong, text in _long(sheet.frame, limits):
        value = sheet.frame[name].str.slice(0, SHOWN) + " …"
        findings.add(sheet, "text_long", _rows(sheet.frame, name, value, wrong, text))
    for name, wrong, text in _ahead(sheet.frame, limits):
        value = sheet.frame[name].astype("str")
        findings.add(sheet, "time_ahead", _rows(sheet.frame, name, value, wrong, text))


def question_dates(sheet: Sheet, table: Table, kind: Kind, columns: Columns) -> None:
    """Raises: BadFile if a later part of the file shows that the dates of a former one were read with day and month swapped."""
    if sheet.seen is None:
        return
    for name in (name for name, field in kind.fields.items() if field.parse is moment and name in columns.of):
        is_first = is_day_first(as_text(table.frame[columns.of[name]]))
        if is_first is not None and sheet.seen.day_first.setdefault(name, is_first) != is_first:
            raise BadFile(
                f"the dates in {columns.of[name]} have the day first in some parts of the file and the month first in others: "
                "write them as 2026-02-15",
                field=name,
            )


def _long(frame: pd.DataFrame, limits: Tolerances) -> Iterator[tuple[str, pd.Series, str]]:
    for name in map(str, frame.select_dtypes("str").columns.difference(UNLIMITED)):
        most = limits.name_chars_max if name in NAMES else limits.text_chars_max
        yield name, frame[name].str.len() > most, f"is longer than {most:,} characters"


def _ahead(frame: pd.DataFrame, limits: Tolerances) -> Iterator[tuple[str, pd.Series, str]]:
    now = pd.Timestamp(datetime.now(UTC))
    for name in map(str, frame.select_dtypes("datetimetz").columns):
        days = limits.due_days_max if name in DUE else limits.ahead_days_max
        yield name, frame[name] > now + pd.Timedelta(days=days), f"lies more than {days:,} days ahead"


def _rows(frame: pd.DataFrame, field: str, value: pd.Series, wrong: pd.Series, text: str) -> pd.DataFrame:
    told = pd.DataFrame({"line": frame["line"], "field": field, "value": value, "text": text})
    return told[wrong.fillna(False).astype(bool).reindex(told.index, fill_value=False)]

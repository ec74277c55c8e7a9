"""Days of the working calendar that are not as Monday to Friday say: holidays, and weekends worked to make up for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg

from data.imports.codes import refuse_repeats
from data.imports.kinds import Kind
from data.imports.options import Options
from data.imports.sheet import Sheet
from data.imports.staging import settle, stage
from data.imports.values import Field, day, text, yes_or_no

FIELDS = {
    "day": Field(day, "is no day such as 2027-01-01", is_required=True),
    "is_working": Field(yes_or_no, "is neither yes nor no", is_required=True),
    "name": Field(text, is_required=True),
    "name_en": Field(text),
    "source": Field(text),
}
TYPES = {
    "line": "int",
    "day": "date",
    "is_working": "boolean",
    "name": "text",
    "name_en": "text",
    "source": "text",
    "file_name": "text",
}


def prepare(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> None:
    refuse_repeats(sheet, "day")


def store(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> Mapping[str, int]:
    stage(connection, sheet.frame, TYPES)
    return settle(connection, "calendar")


CALENDAR = Kind("calendar", FIELDS, "point", store, prepare, is_shape_required=False, key="day")

"""Homes: points with their households and residents. EPSG:4490."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg

from data.days import today
from data.imports import findings, homes
from data.imports.codes import refuse_repeats
from data.imports.kinds import Kind
from data.imports.options import Options
from data.imports.sheet import Sheet
from data.imports.staging import settle, stage
from data.imports.tolerances import tolerances
from data.imports.values import Field, code, text, whole

FIELDS = {
    "external_id": Field(code, is_required=True),
    "address": Field(text),
    "households": Field(whole, "is not a whole number from 0", is_required=True),
    "residents": Field(whole, "is not a whole number from 0"),
    "source": Field(text),
}
TYPES = {
    "line": "int",
    "external_id": "text",
    "address": "text",
    "households": "int",
    "residents": "int",
    "source": "text",
    "file_name": "text",
    "geom": "geometry(Point, 4490)",
}


def prepare(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> None:
    sheet.refuse(sheet.frame["external_id"].str.len() > 64, "external_id", "is longer than 64 characters")
    refuse_repeats(sheet, "external_id")


def store(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> Mapping[str, int]:
    stage(connection, sheet.frame.rename(columns={"geometry": "geom"}), TYPES)
    found = settle(connection, "residences")
    for check, told in homes.examine(connection, tolerances(connection, today())):
        findings.add(sheet, check, told)
    return found


RESIDENCES = Kind("residences", FIELDS, "point", store, prepare, key="external_id")

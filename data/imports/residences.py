"""Homes: points with their households and residents, part by part. EPSG:4490."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg

from data.days import today
from data.imports import findings, homes
from data.imports.checks import Found
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


BROUGHT = """
    CREATE TEMPORARY TABLE IF NOT EXISTS brought (line int, external_id text, geom geometry(Point, 4490)) ON COMMIT DROP;
    INSERT INTO brought SELECT line, external_id, geom FROM incoming
"""
"""What is known of all parts in the end."""


def prepare(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> None:
    sheet.refuse(sheet.frame["external_id"].str.len() > 64, "external_id", "is longer than 64 characters")
    refuse_repeats(sheet, "external_id")


def store(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> Mapping[str, int]:
    stage(connection, sheet.frame.rename(columns={"geometry": "geom"}), TYPES)
    connection.execute(BROUGHT)
    found = settle(connection, "residences")
    _tell(sheet, homes.astray(connection))
    return found


def finish(connection: psycopg.Connection[Any], sheet: Sheet) -> None:
    """Hold communities against all homes in them, those of every part."""
    connection.execute("ANALYZE brought")
    _tell(sheet, homes.sums(connection, tolerances(connection, today())))
    connection.execute("DROP TABLE brought")


def _tell(sheet: Sheet, found: Found) -> None:
    for check, told in found:
        findings.add(sheet, check, told)


RESIDENCES = Kind("residences", FIELDS, "point", store, prepare, key="external_id", is_in_parts=True, finish=finish)

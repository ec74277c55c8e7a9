"""Grid workers and the cells that each looks after. No coordinates. Names and telephone numbers are staged sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import pandas as pd
import psycopg

from data import sealing
from data.database import sql
from data.imports import findings
from data.imports.codes import communities, ended, refuse_repeats
from data.imports.kinds import Kind as Layer
from data.imports.lists import parse_pairs
from data.imports.options import Options
from data.imports.sheet import Sheet
from data.imports.staging import settle, stage
from data.imports.values import Field, code, text, word, words, yes_or_no
from geo.persons import Kind

FIELDS = {
    "code": Field(code, is_required=True),
    "name": Field(text, is_required=True),
    "phone": Field(text),
    "kind": Field(word("worker_kind"), "is neither full_time nor part_time (专职, 兼职)"),
    "community_code": Field(code, is_required=True),
    "is_active": Field(yes_or_no, "is neither yes nor no"),
    "cells": Field(text),
    "role": Field(word("role"), "is no role: head, worker or substitute (网格长, 网格员, 替补)"),
}
TYPES = {
    "line": "int",
    "code": "text",
    "name": "text",
    "name_sealed": "bytea",
    "name_digests": "bytea[]",
    "name_wanted": "bytea[]",
    "phone": "text",
    "phone_sealed": "bytea",
    "phone_digests": "bytea[]",
    "phone_wanted": "bytea[]",
    "kind": "text",
    "community_code": "text",
    "is_active": "boolean",
    "cells": "jsonb",
}
DEFAULT_ROLE = "worker"
KNOWN_CELLS = "SELECT code FROM cell_code"


def prepare(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> None:
    sheet.refuse(sheet.frame["code"].str.len() > 40, "code", "is longer than 40 characters")
    refuse_repeats(sheet, "code")
    known = communities(connection, options)
    sheet.refuse(~sheet.frame["community_code"].isin(known), "community_code", "there is no such community")
    findings.add(sheet, "code_ended", ended(sheet.frame["community_code"], known, sheet=sheet, field="community_code"))
    if sheet.has("cells"):
        _read_cells(sheet, {row[0] for row in connection.execute(KNOWN_CELLS)})


def store(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> Mapping[str, int]:
    stage(connection, sealing.staged(sheet.frame, {"name": Kind.NAME, "phone": Kind.PHONE}), TYPES)
    _refuse_second_heads(connection, sheet)
    return settle(connection, "workers")


def _read_cells(sheet: Sheet, known: set[str]) -> None:
    """`CELL;CELL:head` as an object cell → role; a cell without a role takes the row's, else worker."""
    roles = sheet.frame.get("role", pd.Series(pd.NA, index=sheet.frame.index, dtype="str")).fillna(DEFAULT_ROLE)
    told = sheet.frame["cells"].str.replace("：", ":", regex=False)
    pairs = told.map(lambda cells: parse_pairs(cells, ":"), na_action="ignore")
    reasons = pairs.map(lambda cells: _problem(cells, known), na_action="ignore")
    objects = [
        None if missing else _roles(cells, role) for missing, cells, role in zip(told.isna(), pairs, roles, strict=True)
    ]
    sheet.refuse(reasons.notna() & (reasons != ""), "cells", reasons)
    sheet.put(cells=pd.Series(objects, index=told.index, dtype=object))


def _problem(cells: list[tuple[str, str | None]], known: set[str]) -> str:
    unknown = [cell for cell, _ in cells if cell not in known]
    if unknown:
        return f"there is no cell {unknown[0]}"
    wrong = [role for _, role in cells if role and role not in words("role")]
    return f"{wrong[0]} is no role" if wrong else ""


def _roles(cells: list[tuple[str, str | None]], default: str) -> str:
    return orjson.dumps({cell: words("role").get(role or "", default) for cell, role in cells}).decode()


def _refuse_second_heads(connection: psycopg.Connection[Any], sheet: Sheet) -> None:
    second = connection.execute(sql("import_workers_second_heads")).fetchall()
    if not second:
        return
    lines = [line for line, _, _ in second]
    reasons = [f"cell {cell} has a head already: worker {head}" for _, cell, head in second]
    sheet.refuse_lines(lines, "cells", [cell for _, cell, _ in second], reasons)
    connection.execute("DELETE FROM incoming WHERE line = ANY(%s)", [lines])


WORKERS = Layer("workers", FIELDS, "point", store, prepare, is_shape_required=False)

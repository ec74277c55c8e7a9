"""Grid cells: polygons inside their community. EPSG:4490; codes of 12 digits and the setting's suffix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import psycopg

from data.database import sql
from data.imports import findings
from data.imports.codes import ready_codes
from data.imports.kinds import Kind
from data.imports.options import Options
from data.imports.settling import settle
from data.imports.sheet import Sheet
from data.imports.staging import stage
from data.imports.values import Field, code, text, whole, word
from data.imports.versions import Layer
from geo.codes import parent_codes

FIELDS = {
    "code": Field(code, is_required=True),
    "name": Field(text),
    "community_code": Field(code),
    "kind": Field(word("cell_kind"), "is no kind of cell: ordinary or dedicated (基础网格, 专属网格)"),
    "households": Field(whole, "is not a whole number from 0"),
    "residents": Field(whole, "is not a whole number from 0"),
    "source": Field(text),
}
TYPES = {
    "line": "int",
    "code": "text",
    "community_code": "text",
    "name": "text",
    "kind": "text",
    "households": "int",
    "residents": "int",
    "source": "text",
    "file_name": "text",
    "geom": "geometry(MultiPolygon, 4490)",
}
VERSION = ("name", "kind", "households", "residents", "source", "geom")
LAYER = Layer("cell", "cells", "cells", "cell", VERSION, 12, ("community_code",), "community_code")


def prepare(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> None:
    ready_codes(sheet, options, "cell")
    if sheet.has("community_code"):
        told, own = sheet.frame["community_code"], parent_codes(sheet.frame["code"], "cell")
        sheet.refuse(
            told.notna() & (told != own), "community_code", "is not the community that the code lies in: " + own
        )
    sheet.frame = sheet.frame.assign(community_code=parent_codes(sheet.frame["code"], "cell"))


def store(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> Mapping[str, int]:
    stage(connection, sheet.frame.rename(columns={"geometry": "geom"}), TYPES)
    _refuse_strays(connection, sheet)
    return settle(connection, LAYER, sheet, options)


def _refuse_strays(connection: psycopg.Connection[Any], sheet: Sheet) -> None:
    strays = connection.execute(sql("import_cells_stray")).fetchall()
    text = "{} % of the cell lie outside its community"
    told = [(line, code, "geometry", code, text.format(outside_pct)) for line, code, outside_pct in strays]
    shapes = sheet.frame.set_index("line")["geometry"].reindex([line for line, *_ in told])
    found = pd.DataFrame(told, columns=["line", "code", "field", "value", "text"]).assign(geometry=shapes.to_numpy())
    findings.add(sheet, "cell_stray", found, connection)


CELLS = Kind("cells", FIELDS, "polygon", store, prepare, has_editions=True)

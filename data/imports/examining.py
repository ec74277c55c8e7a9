"""The checks of a layer, put to what is staged: findings go to the sheet, and rows that a check refuses leave the import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import psycopg
from psycopg import sql as compose

from data.database import sql
from data.imports import findings, premises
from data.imports.checks import LAYERS, Found
from data.imports.editions import Edition, Gone
from data.imports.sheet import Sheet
from data.imports.surroundings import look, outlines, read
from data.imports.versions import Layer
from data.models import SRID


def examine(
    connection: psycopg.Connection[Any], layer: Layer, sheet: Sheet, edition: Edition, gone: Sequence[Gone]
) -> None:
    """Put every check of the layer to `incoming`; its findings are in the sheet, in EPSG:4490."""
    for check, found in _found(connection, layer, sheet, edition, gone):
        placed = found.to_crs(SRID) if isinstance(found, gpd.GeoDataFrame) and len(found) else found
        findings.add(sheet, check, pd.DataFrame(placed), connection)


def tell_of_edition(connection: psycopg.Connection[Any], sheet: Sheet, edition: Edition, gone: Sequence[Gone]) -> None:
    """Codes that come back, and facilities that go on serving communities which end."""
    returned = [unit["code"] for unit in sheet.changes.get("added", []) if "has_returned" in unit]
    lines = pd.Series(sheet.frame["line"].to_numpy(), sheet.frame["code"]).reindex(returned).to_numpy()
    told = {"line": lines, "code": returned, "field": "code", "value": returned, "text": "had ended and comes back"}
    findings.add(sheet, "code_returned", pd.DataFrame(told))
    ended = [end.code for end in gone if end.table == "area"]
    if ended:
        statement = compose.SQL(sql("import_areas_serves_ended")).format(
            day=compose.Literal(edition.turn), gone=compose.Literal(ended)
        )
        findings.add(sheet, "serves_ended", _serving(read(connection, statement)))


def _found(
    connection: psycopg.Connection[Any], layer: Layer, sheet: Sheet, edition: Edition, gone: Sequence[Gone]
) -> Found:
    if layer.table == "facility":
        yield from premises.examine(connection, layer, edition, gone)
        return
    near = look(connection, layer, edition, gone)
    sheet.outlines = outlines(near)
    for check in LAYERS[layer.table]:
        yield from check(near)


def _serving(found: gpd.GeoDataFrame) -> pd.DataFrame:
    texts = "facility " + found["code"] + " serves " + found["community_code"] + ", which ends"
    told = found.assign(field="serves", value=found["community_code"], other=found["community_code"], text=texts)
    return pd.DataFrame(told.to_crs(SRID) if len(told) else told)

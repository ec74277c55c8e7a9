"""Streets and communities: boundaries, points or bare codes. EPSG:4490; codes of 12 digits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import psycopg
import shapely

from data.imports.codes import ready_codes
from data.imports.kinds import Kind
from data.imports.options import Options
from data.imports.placing import POINT
from data.imports.settling import settle
from data.imports.sheet import Sheet
from data.imports.staging import stage
from data.imports.values import Field, code, derived, text, whole, word
from data.imports.versions import Layer
from geo.codes import parent_codes
from geo.layers import blank

FIELDS = {
    "code": Field(code, is_required=True),
    "name": Field(text),
    "name_en": Field(text),
    "parent_code": Field(code),
    "area_class": Field(word("area_class"), "is no area class: new or old_city (新建改建区, 旧城文保区)"),
    "households": Field(whole, "is not a whole number from 0"),
    "residents": Field(whole, "is not a whole number from 0"),
    "is_derived": Field(derived),
    "source": Field(text),
    POINT: Field(text),
}
TYPES = {
    "line": "int",
    "code": "text",
    "level": "text",
    "parent_code": "text",
    "name": "text",
    "name_en": "text",
    "area_class": "text",
    "households": "int",
    "residents": "int",
    "is_derived": "boolean",
    "source": "text",
    "file_name": "text",
    "attributes": "jsonb",
    "point": "geometry(Point, 4490)",
    "geom": "geometry(MultiPolygon, 4490)",
}
VERSION = (
    "parent_code",
    "name",
    "name_en",
    "area_class",
    "households",
    "residents",
    "is_derived",
    "source",
    "attributes",
    "point",
    "geom",
)
STREET_LAYER = Layer("area", "streets", "areas", "street", VERSION, 6, ("level",), "parent_code")
COMMUNITY_LAYER = Layer("area", "communities", "areas", "community", VERSION, 9, ("level",), "parent_code")


def prepare_streets(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> None:
    _prepare(sheet, options, "street")


def prepare_communities(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> None:
    _prepare(sheet, options, "community")


def store_streets(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> Mapping[str, int]:
    return _store(connection, sheet, options, STREET_LAYER)


def store_communities(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> Mapping[str, int]:
    return _store(connection, sheet, options, COMMUNITY_LAYER)


def _store(connection: psycopg.Connection[Any], sheet: Sheet, options: Options, layer: Layer) -> Mapping[str, int]:
    shapes = sheet.frame["geometry"].to_numpy(dtype=object)
    is_point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    points = pd.Series(blank(shapes, ~is_point), sheet.frame.index, dtype=object)
    if sheet.has(POINT):
        points = points.where(points.notna(), sheet.frame[POINT])
    placed = sheet.frame.assign(point=points, geom=blank(shapes, is_point))
    stage(connection, placed, TYPES)
    return settle(connection, layer, sheet, options)


def _prepare(sheet: Sheet, options: Options, level: str) -> None:
    ready_codes(sheet, options, level)
    parents = parent_codes(sheet.frame["code"], level)
    if sheet.has("parent_code"):
        told = sheet.frame["parent_code"].str.ljust(12, "0")
        sheet.refuse(
            told.notna() & (told != parents), "parent_code", "is not the unit that the code lies in: " + parents
        )
    sheet.frame = sheet.frame.assign(level=level, parent_code=parent_codes(sheet.frame["code"], level))
    if options.is_derived:
        sheet.frame = sheet.frame.assign(is_derived=pd.Series(True, index=sheet.frame.index, dtype="boolean"))


STREETS = Kind("streets", FIELDS, "area", store_streets, prepare_streets, is_shape_required=False, has_editions=True)
COMMUNITIES = Kind(
    "communities", FIELDS, "area", store_communities, prepare_communities, is_shape_required=False, has_editions=True
)

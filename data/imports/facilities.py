"""Stations and centres: points with a floor area in m² and the communities that they serve. EPSG:4490."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date
from typing import Any

import orjson
import pandas as pd
import psycopg

from data.imports import findings
from data.imports.codes import communities, ended, refuse_repeats
from data.imports.kinds import Kind
from data.imports.lists import parse_pairs
from data.imports.options import Options
from data.imports.settling import settle
from data.imports.sheet import Sheet
from data.imports.staging import stage
from data.imports.values import Field, area_m2, code, text, whole, word
from data.imports.versions import Layer

FIELDS = {
    "code": Field(code, is_required=True),
    "name": Field(text),
    "level": Field(word("facility_level"), "is no level: district_centre, street_centre or station"),
    "floor_area_m2": Field(area_m2, "is not a number above 0"),
    "staff": Field(whole, "is not a whole number from 0"),
    "address": Field(text),
    "serves": Field(text),
    "source": Field(text),
}
TYPES = {
    "line": "int",
    "code": "text",
    "name": "text",
    "level": "text",
    "floor_area_m2": "float8",
    "staff": "int",
    "address": "text",
    "source": "text",
    "file_name": "text",
    "attributes": "jsonb",
    "serves": "jsonb",
    "geom": "geometry(Point, 4490)",
}
VERSION = ("name", "level", "floor_area_m2", "staff", "address", "source", "attributes", "geom")
LAYER = Layer("facility", "facilities", "facilities", "facility", VERSION, 6)


def prepare(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> None:
    sheet.refuse(sheet.frame["code"].str.len() > 40, "code", "is longer than 40 characters")
    refuse_repeats(sheet, "code")
    if sheet.has("serves"):
        _read_serves(sheet, communities(connection, options))


def store(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> Mapping[str, int]:
    stage(connection, sheet.frame.rename(columns={"geometry": "geom"}), TYPES)
    return settle(connection, LAYER, sheet, options)


def _read_serves(sheet: Sheet, known: Mapping[str, date | None]) -> None:
    """`CODE;CODE` or `CODE=0.6;CODE=0.4` as an object community → share."""
    pairs = sheet.frame["serves"].map(lambda told: parse_pairs(told, "="), na_action="ignore")
    reasons = pairs.map(lambda told: _problem(told, known), na_action="ignore")
    objects = pairs.map(lambda told: orjson.dumps(_shares(told)).decode(), na_action="ignore")
    sheet.refuse(reasons.notna() & (reasons != ""), "serves", reasons)
    sheet.put(serves=objects)
    past = pairs.map(lambda told: next((code for code, _ in told if known.get(code)), None), na_action="ignore")
    served = past.reindex(sheet.frame.index).astype("str")
    findings.add(sheet, "code_ended", ended(served, known, sheet=sheet, field="serves"))


def _problem(pairs: list[tuple[str, str | None]], known: Container[str]) -> str:
    unknown = [community for community, _ in pairs if community not in known]
    if unknown:
        return f"there is no community {unknown[0]}"
    shares = pd.to_numeric(pd.Series([share for _, share in pairs if share], dtype="str"), errors="coerce")
    return "" if ((shares > 0) & (shares <= 1)).all() else "a share is not above 0 and at most 1"


def _shares(pairs: list[tuple[str, str | None]]) -> dict[str, float | None]:
    numbers = pd.to_numeric(pd.Series([share for _, share in pairs], dtype="str"), errors="coerce")
    return {
        community: None if pd.isna(share) else float(share)
        for (community, _), share in zip(pairs, numbers, strict=True)
    }


FACILITIES = Kind("facilities", FIELDS, "point", store, prepare, has_editions=True)

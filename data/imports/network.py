"""Street networks: lines with or without a file of their nodes. EPSG:4490; lengths are metres."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import shapely

from data import reference
from data.copying import copy_frame
from data.database import sql
from data.days import today
from data.imports import placing, reading, returning, units
from data.imports.codes import refuse_repeats
from data.imports.columns import recognise, wanted
from data.imports.kinds import Kind, fill
from data.imports.options import Options
from data.imports.sheet import Sheet
from data.imports.staging import plain, settle, stage
from data.imports.values import Field, code, identifier, not_negative, text, yes_or_no
from data.models import SRID
from data.settings import settings
from geo.errors import BadInput, Conflict

WHOLE_64 = "is not a whole number of 64 bits"
FIELDS = {
    "external_id": Field(code),
    "source_id": Field(identifier, WHOLE_64),
    "target_id": Field(identifier, WHOLE_64),
    "kind": Field(text),
    "name": Field(text),
    "length_m": Field(not_negative, "is not a number from 0"),
    "is_oneway": Field(yes_or_no, "is neither yes nor no"),
}
TYPES = {
    "line": "int",
    "external_id": "text",
    "source_id": "bigint",
    "target_id": "bigint",
    "kind": "text",
    "name": "text",
    "length_m": "float8",
    "is_oneway": "boolean",
    "is_walkable": "boolean",
    "geom": "geometry(LineString, 4490)",
}
EDGE_TYPES = {name: kind for name, kind in TYPES.items() if name != "line"}
IS_EMPTY = "SELECT NOT EXISTS (SELECT FROM street_edge) AND NOT EXISTS (SELECT FROM street_node)"
NODE_TYPES = {"id": "bigint", "geom": "geometry(Point, 4490)"}
LATER = "SELECT 1 FROM import_run WHERE kind = 'network' AND edition > %s LIMIT 1"
UNKNOWN_KIND = "unclassified"
SAMPLE_ROWS = 2000
"""Whose lengths are looked at, evenly over the file."""
PER_DEGREE = 10**7
"""Ends of lines that agree to a hundred-millionth of a degree's tenth, about a centimetre, are one node."""


def prepare(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> None:
    kinds = sheet.frame.get("kind", pd.Series(pd.NA, index=sheet.frame.index, dtype="str")).fillna(UNKNOWN_KIND)
    oneway = sheet.frame.get("is_oneway", pd.Series(False, index=sheet.frame.index, dtype="boolean")).fillna(False)
    is_walkable = kinds.map({kind: reference.is_walkable(kind) for kind in kinds.unique()}).astype(bool)
    sheet.frame = sheet.frame.assign(kind=kinds, is_oneway=oneway, is_walkable=is_walkable)
    sheet.refuse(kinds.str.len() > 32, "kind", "is longer than 32 characters")


def store(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> Mapping[str, int]:
    nodes = _nodes(sheet, options)
    _name(sheet)
    _measure(sheet, options)
    edges = sheet.frame.rename(columns={"geometry": "geom"})
    if not options.edition and connection.execute(IS_EMPTY).fetchone() == (True,):
        return _store_first(connection, nodes, edges)
    stage(connection, nodes, NODE_TYPES, table="incoming_node")
    stage(connection, edges, TYPES)
    found = settle(connection, "network")
    if options.edition:
        _replace(connection, sheet, options.edition, found)
    return found


def _replace(connection: psycopg.Connection[Any], sheet: Sheet, day: date, found: Mapping[str, int]) -> None:
    """Take out what the edition of `day` no longer has; the network has no versions, so editions only go forward.

    Raises: BadInput for a day to come; Conflict for one before the last edition.
    """
    if day > today():
        raise BadInput(f"--edition {day} has not come yet, and the network has no versions", edition=str(day))
    if connection.execute(LATER, [day]).fetchone():
        raise Conflict(f"--edition {day}: a later edition of the network is stored", edition=str(day))
    refused = sheet.told.reindex(sheet.rejected()["line"].unique()).dropna()
    gone = connection.execute(sql("import_network_gone"), {"kept": refused.tolist()}).fetchall()
    sheet.changes = {"gone": [{"code": code, "name": name or ""} for code, name in gone]}
    sheet.numbers = {"added": found["stored"]}


def _store_first(connection: psycopg.Connection[Any], nodes: pd.DataFrame, edges: pd.DataFrame) -> Mapping[str, int]:
    """Where there is no network yet there is nothing to compare with."""
    copy_frame(connection, "street_node", plain(nodes, NODE_TYPES).sort_values("id"))
    copy_frame(connection, "street_edge", plain(edges, EDGE_TYPES))
    return {"stored": len(edges), "updated": 0, "unchanged": 0}


def _nodes(sheet: Sheet, options: Options) -> pd.DataFrame:
    """`id`, `geom`: from the file of nodes, else from the ends of the lines; lines whose nodes are not there are refused."""
    for end in ("source_id", "target_id"):
        if sheet.has("source_id") and sheet.has("target_id"):
            sheet.refuse(sheet.frame[end].isna(), end, "is missing")
    if options.nodes is None:
        return _nodes_from_ends(sheet)
    nodes = _read_nodes(options.nodes, options)
    for end in ("source_id", "target_id"):
        sheet.refuse(~sheet.frame[end].isin(nodes["id"]), end, f"is no good node of {options.nodes.name}")
    return nodes


def _read_nodes(path: Path, options: Options) -> pd.DataFrame:
    like = Options(crs=options.crs, datum=options.datum, encoding=options.encoding)
    table = reading.read(path, wanted(like, NODES.fields, NODES.shape))
    like = returning.choose(table, like)
    columns = recognise(table.frame.columns, NODES.fields, like)
    sheet = fill(table, NODES, columns, like, path.name)
    placing.place(sheet, table, columns, like, is_required=True)
    placing.check(sheet, shape="point", is_required=True, options=like, name="node_id")
    return sheet.frame.drop_duplicates("node_id").rename(columns={"node_id": "id", "geometry": "geom"})


def _nodes_from_ends(sheet: Sheet) -> pd.DataFrame:
    lines = sheet.frame["geometry"].to_numpy(dtype=object)
    ends = {"source_id": shapely.get_point(lines, 0), "target_id": shapely.get_point(lines, -1)}
    if not (sheet.has("source_id") and sheet.has("target_id")):
        sheet.frame = sheet.frame.assign(**{end: node_ids(points) for end, points in ends.items()})
    nodes = [pd.DataFrame({"id": sheet.frame[end].to_numpy(), "geom": points}) for end, points in ends.items()]
    return pd.concat(nodes).drop_duplicates("id")


def node_ids(points: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """A number for each place, the same for the same place in every file: longitude and latitude packed into 63 bits."""
    east = np.rint((shapely.get_x(points) + 180) * PER_DEGREE).astype(np.int64)
    north = np.rint((shapely.get_y(points) + 90) * PER_DEGREE).astype(np.int64)
    packed: np.ndarray[Any, np.dtype[np.int64]] = (east << 31) | north
    return packed


def _name(sheet: Sheet) -> None:
    """Lines without an id are called by their nodes; the second between the same two is numbered."""
    if sheet.has("external_id"):
        sheet.refuse(sheet.frame["external_id"].isna(), "external_id", "is missing")
        sheet.refuse(sheet.frame["external_id"].str.len() > 64, "external_id", "is longer than 64 characters")
        refuse_repeats(sheet, "external_id")
        return
    ends = sheet.frame["source_id"].astype("str") + "-" + sheet.frame["target_id"].astype("str")
    number = sheet.frame.groupby(["source_id", "target_id"]).cumcount() + 1
    sheet.frame = sheet.frame.assign(external_id=ends.where(number == 1, ends + "-" + number.astype("str")))


def _measure(sheet: Sheet, options: Options) -> None:
    """Lengths that the file does not tell, in the city's zone; those without a unit are held against their lines."""
    told = sheet.frame.get("length_m", pd.Series(np.nan, index=sheet.frame.index))
    lines = gpd.GeoSeries(sheet.frame["geometry"], crs=SRID)
    if "length_m" in sheet.without_unit:
        sample = told.dropna().iloc[:: max(1, int(told.notna().sum()) // SAMPLE_ROWS)]
        units.question_lengths(sample, lines[sample.index].to_crs(settings().metric_srid).length, options)
    measured = lines[told.isna()].to_crs(settings().metric_srid).length
    sheet.frame = sheet.frame.assign(length_m=told.fillna(measured))


NETWORK = Kind("network", FIELDS, "line", store, prepare, key="external_id", has_editions=True)
NODES = Kind(
    "nodes", {"node_id": Field(identifier, WHOLE_64, is_required=True)}, "point", store, prepare, key="node_id"
)

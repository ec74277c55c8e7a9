"""Incidents of another system: stored where they were reported, waiting to be located and dispatched. EPSG:4490."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
import pandas as pd
import psycopg

from data.copying import copy_frame
from data.database import sql
from data.imports import categories, history, returning
from data.imports.codes import refuse_repeats
from data.imports.kinds import Kind
from data.imports.options import Options
from data.imports.sheet import Sheet
from data.imports.staging import changes, plain, stage
from data.imports.values import Field, as_json_text, code, decimal, iso, moment, text, word

NO_MOMENT = "is no date and time that is known here"
FIELDS = {
    "external_id": Field(code),
    "category": Field(text, is_required=True),
    "parent_category": Field(text),
    "description": Field(text),
    "channel": Field(word("channel"), "is no channel: grid_worker, hotline, resident, video, superior or system"),
    "reported_at": Field(moment, NO_MOMENT, is_required=True),
    "due_at": Field(moment, NO_MOMENT),
    "closed_at": Field(moment, NO_MOMENT),
    "case_status": Field(text),
    "told_lon": Field(decimal, "is not a number"),
    "told_lat": Field(decimal, "is not a number"),
    "told_datum": Field(text),
    "content_digest": Field(code),
}
TYPES = {
    "id": "bigint",
    "idempotency_key": "text",
    "content_digest": "text",
    "source": "text",
    "category_code": "text",
    "description": "text",
    "reported_at": "timestamptz",
    "lon": "float8",
    "lat": "float8",
    "datum": "text",
    "attributes": "jsonb",
    "geom": "geometry(Point, 4490)",
}
TOLD_APART = {"line": "int", "idempotency_key": "text", "content_digest": "text", "reported_at": "timestamptz"}
"""What is staged, to find the new ones and give them their ids."""
DEFAULT_CHANNEL = "system"
CONTENT = ("lon", "lat", "datum", "category", "description", "channel", "reported_at")
"""What makes an incident the same one; its later fate does not."""
KEPT = ("due_at", "closed_at", "case_status")


def prepare(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> None:
    channel = sheet.frame.get("channel", pd.Series(pd.NA, index=sheet.frame.index, dtype="str"))
    description = sheet.frame.get("description", pd.Series(pd.NA, index=sheet.frame.index, dtype="str"))
    sheet.frame = sheet.frame.assign(channel=channel.fillna(DEFAULT_CHANNEL), description=description.fillna(""))
    returning.restore_told(sheet)
    sheet.frame = sheet.frame.assign(content_digest=returning.digests(sheet.frame, _digests(sheet.frame)))
    if not sheet.has("external_id"):
        sheet.frame = sheet.frame.assign(external_id=sheet.frame["content_digest"])
    sheet.refuse(sheet.frame["external_id"].isna(), "external_id", "is missing")
    sheet.refuse(sheet.frame["external_id"].str.len() > 190, "external_id", "is longer than 190 characters")
    refuse_repeats(sheet, "external_id")
    if options.is_history:
        history.refuse(sheet)


def store(connection: psycopg.Connection[Any], sheet: Sheet, options: Options) -> Mapping[str, int]:
    """Only what tells new ones from known ones is staged; the new ones then go straight into their table."""
    key = "import:" + sheet.frame["external_id"]
    sheet.frame = sheet.frame.assign(category_code=categories.codes_of(connection, sheet.frame), idempotency_key=key)
    stage(connection, sheet.frame.assign(reported_at=iso(sheet.frame["reported_at"])), TOLD_APART)
    connection.execute(sql("import_incidents_compare"))
    _refuse_rewritten(connection, sheet)
    found = changes(connection)
    if found["stored"]:
        _store_new(connection, sheet)
        store_cases = history.store if options.is_history else _store_waiting
        store_cases(connection, sheet)
    return found


def _store_new(connection: psycopg.Connection[Any], sheet: Sheet) -> None:
    """In the order of ids, so that indexes grow at their end."""
    new = connection.execute("SELECT line, old_id FROM incoming WHERE change = 'stored' ORDER BY old_id").fetchall()
    layer = sheet.frame.set_index("line").loc[[line for line, _ in new]].rename(columns={"geometry": "geom"})
    layer = layer.assign(
        id=[number for _, number in new], source=layer["channel"], reported_at=iso(layer["reported_at"])
    )
    copy_frame(connection, "incident", plain(layer, TYPES))


def _store_waiting(connection: psycopg.Connection[Any], sheet: Sheet) -> None:
    connection.execute(sql("import_incidents_waiting"))


def _digests(frame: pd.DataFrame) -> pd.Series:
    told = zip(*(as_json_text(frame[name]).to_numpy().tolist() for name in CONTENT), strict=True)
    return pd.Series([hashlib.sha256(orjson.dumps(row)).hexdigest() for row in told], frame.index, dtype="str")


def _refuse_rewritten(connection: psycopg.Connection[Any], sheet: Sheet) -> None:
    """An incident that is here already is never rewritten: it may have been dispatched as it was."""
    lines = [row[0] for row in connection.execute("DELETE FROM incoming WHERE change = 'rewritten' RETURNING line")]
    if lines:
        ids = sheet.frame.set_index("line").loc[lines, "external_id"].tolist()
        reason = "was imported before with another content, which stays"
        sheet.refuse_lines(lines, "external_id", ids, [reason] * len(lines))


INCIDENTS = Kind("incidents", FIELDS, "point", store, prepare, key="external_id", is_in_parts=True, kept=KEPT)

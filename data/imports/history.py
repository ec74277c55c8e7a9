"""Incidents that come with their lives: located on today's ground and closed at their own time, as the file tells it.

Nobody knows who handled them elsewhere: the desk of the narrowest area in which they lie had them. Open ones wait for the
dispatcher like any other, with the target of the file as the end of their clock.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import psycopg
import shapely

from data import ledger, situation
from data.database import sql
from data.imports.sheet import Sheet
from data.imports.staging import stage
from data.imports.values import words
from geo.lifecycle import SMOOTH, Event, course
from geo.location import locate
from geo.routing import DUTY_DESK

LIFE = {
    "case_id": "bigint",
    "opened": "timestamptz",
    "ended": "timestamptz",
    "told_end": "timestamptz",
    "due": "timestamptz",
    "located": "text",
    "candidates": "jsonb",
    "cell_id": "bigint",
    "community_id": "bigint",
    "street_id": "bigint",
    "desk_code": "text",
}
PLACE = ("located", "candidates", "cell_id", "community_id", "street_id", "desk_code")
DESKS = ("community_code", "street_code", "district_code")
AT_THE_END = (Event.FINISH, Event.CHECK, Event.VERIFY)
STEPS = (
    "CREATE TEMPORARY TABLE step ON COMMIT DROP AS SELECT * FROM"
    " unnest(%s::text[], %s::text[], %s::text[], %s::bool[]) WITH ORDINALITY AS told (event, from_state, to_state, is_end, number)"
)


def refuse(sheet: Sheet) -> None:
    """What can't have happened like this: ends or reports in the future, and closed cases without an end."""
    now = pd.Timestamp.now(tz="UTC")
    for name in ("reported_at", "closed_at"):
        if sheet.has(name):
            sheet.refuse(sheet.frame[name] > now, name, "lies in the future")
    if sheet.has("case_status"):
        is_closed = sheet.frame["case_status"].str.lower().map(words("case_status")) == "closed"
        ended = sheet.frame["closed_at"].notna() if sheet.has("closed_at") else False
        sheet.refuse(is_closed & ~ended, "closed_at", "is missing, but the case is said to be closed")


def store(connection: psycopg.Connection[Any], sheet: Sheet) -> None:
    """The cases of what is new in `incoming`, with all their events; months without a table get one."""
    new = connection.execute("SELECT line, old_id FROM incoming WHERE change = 'stored' ORDER BY old_id").fetchall()
    told = sheet.frame.set_index("line").loc[[line for line, _ in new]]
    life = _life(told).assign(case_id=[case_id for _, case_id in new], **_places(connection, told))
    ledger.ensure_months(connection, life["opened"].min(), life[["opened", "ended"]].max().max())
    stage(connection, life, LIFE, table="life")
    _lay_out_steps(connection)
    connection.execute(sql("import_history_store"))


def _life(told: pd.DataFrame) -> pd.DataFrame:
    """When it was opened, when it ended and was due. What ended before it was opened ended then; the file's word is kept."""
    none = pd.Series(pd.NaT, told.index, dtype="datetime64[us, UTC]")
    opened, closed = told["reported_at"], told.get("closed_at", none)
    is_early = closed < opened
    ended = closed.mask(is_early, opened)
    life = {"opened": opened, "ended": ended, "told_end": closed.where(is_early), "due": told.get("due_at", none)}
    return pd.DataFrame(life, told.index)


def _places(connection: psycopg.Connection[Any], told: pd.DataFrame) -> dict[str, Any]:
    """Where each closed case lies, and the desk of the narrowest area; the dispatcher finds out where the others do."""
    is_closed = told["closed_at"].notna().to_numpy() if "closed_at" in told else np.zeros(len(told), bool)
    points = shapely.get_coordinates(told["geometry"].to_numpy()[is_closed])
    found = locate(points, situation.look(connection).ground)
    desk = found[list(DESKS)].bfill(axis=1).iloc[:, 0].fillna(DUTY_DESK)
    found = found.assign(desk_code=desk.to_numpy(object)).set_axis(told.index[is_closed])
    return {name: found[name].reindex(told.index) for name in PLACE}


def _lay_out_steps(connection: psycopg.Connection[Any]) -> None:
    steps = course(SMOOTH)
    columns = zip(
        *((str(event), before and str(before), str(after), event in AT_THE_END) for event, before, after in steps),
        strict=True,
    )
    connection.execute("DROP TABLE IF EXISTS pg_temp.step")
    connection.execute(STEPS, [list(column) for column in columns])

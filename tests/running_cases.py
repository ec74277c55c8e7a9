"""Cases whose clock runs, made as dispatch leaves them; and their events."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.rows import dict_row

Line = psycopg.Connection[Any]
CASE = """
    WITH place AS (
        SELECT cell.id AS cell, community.id AS community, street.id AS street,
               (SELECT worker.id FROM worker WHERE worker.code = 'W' || cell.code) AS worker, ST_PointOnSurface(cell.geom) AS geom
        FROM cell JOIN area AS community ON community.code = cell.community_code
        JOIN area AS street ON street.code = community.parent_code ORDER BY cell.code LIMIT 1
    ), told AS (
        INSERT INTO incident (category_code, lon, lat, datum, geom) SELECT 'C0101', 0, 0, 'cgcs2000', geom FROM place RETURNING id
    ), filed AS (
        INSERT INTO case_file (id, seq, state, cell_id, community_id, street_id, worker_id, lead, dispatched_at, held_since,
                               time_limit, due_at, filed_at)
        SELECT told.id, 2, 'dispatched', cell, community, street, worker, 'worker:' || worker, now() - interval '1 hour',
               now() - interval '30 minutes', %(limit)s, %(due_at)s, now() - interval '2 hours'
        FROM told, place RETURNING id, worker_id
    ), logged AS (
        INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor, worker_id)
        SELECT filed.id, seq, event, from_state, to_state, 'dispatcher', CASE seq WHEN 2 THEN worker_id END
        FROM filed, (VALUES (1, 'file', NULL, 'filed'), (2, 'dispatch', 'filed', 'dispatched'))
             AS e (seq, event, from_state, to_state)
        ORDER BY seq
    )
    SELECT id FROM filed
"""


def give(line: Line, due_at: Any, limit: str | None = "4wh", **values: Any) -> int:
    """A case in a worker's hands, dispatched an hour ago; `values` overrule columns of `case_file`."""
    row = line.execute(CASE, {"limit": limit, "due_at": due_at}).fetchone()
    assert row
    change(line, row[0], **values)
    return int(row[0])


def change(line: Line, case_id: int, **values: Any) -> None:
    for name, value in values.items():
        line.execute(f"UPDATE case_file SET {name} = %s WHERE id = %s", [value, case_id])


def case(line: Line, case_id: int) -> dict[str, Any]:
    with line.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute("SELECT * FROM case_file WHERE id = %s", [case_id]).fetchone()
    assert row
    return row


def events(line: Line, case_id: int) -> list[dict[str, Any]]:
    """Without those that the case was made with."""
    with line.cursor(row_factory=dict_row) as cursor:
        cursor.execute("SELECT * FROM case_event WHERE case_id = %s AND seq > 2 ORDER BY seq", [case_id])
        return cursor.fetchall()


def is_whole(line: Line, case_id: int) -> bool:
    """Whether the events of a case are numbered without a gap up to its own count."""
    rows = line.execute("SELECT seq FROM case_event WHERE case_id = %s ORDER BY seq", [case_id]).fetchall()
    return [seq for (seq,) in rows] == list(range(1, case(line, case_id)["seq"] + 1))

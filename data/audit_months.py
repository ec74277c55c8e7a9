"""Whole months of the audit that are past their time: dropped on record, so that the chain still verifies. Months are UTC's."""

from __future__ import annotations

from datetime import UTC, date, datetime

from psycopg.sql import SQL, Identifier

from data import audit, seals
from data.dialogues import hold
from data.parameters import numbers
from data.seals import Line
from geo.audit import Action
from geo.errors import Conflict, NotReady

MONTHS = """
    SELECT month, sum(rows) AS rows, min(number), max(number) FROM audit_seal
    WHERE source = 'line' AND month < %s AND ids IS NOT NULL GROUP BY month ORDER BY month
"""
OF_MONTH = "SELECT count(*) FROM audit_line WHERE at >= %(month)s AND at < %(month)s + interval '1 month'"
FORGET = "UPDATE audit_seal SET ids = NULL, marks = NULL WHERE source = 'line' AND month = %s"
REST = "DELETE FROM audit_line WHERE at >= %(month)s AND at < %(month)s + interval '1 month'"


def drop(connection: Line, before: date) -> list[date]:
    """Drop the lines of all months before the one of `before`; their seals keep their hashes. Which months went.

    Raises: Conflict for a month that has to be kept, or whose lines are not those that were sealed; NotReady while another
    process is sealing.
    """
    with connection.transaction():
        if not seals.begin(connection):
            raise NotReady("another process is sealing; try again")
        _expect_old_enough(connection, before)
        months = connection.execute(MONTHS, [before.replace(day=1)]).fetchall()
        for month, rows, first, last in months:
            _expect_whole(connection, month, rows)
            told = {"month": month.isoformat(), "lines": int(rows), "seals": [first, last]}
            hold(connection, audit.record(Action.AUDIT_DROPPED, f"month:{month:%Y-%m}", told, account=audit.operator()))
            _drop(connection, month)
        return [month for month, *_ in months]


def _expect_old_enough(connection: Line, before: date) -> None:
    months = int(hold(connection, numbers("audit_keep_months"))["audit_keep_months"])
    now = datetime.now(UTC)
    kept = date(now.year + (now.month - 1 - months) // 12, (now.month - 1 - months) % 12 + 1, 1)
    if before.replace(day=1) > kept:
        raise Conflict(f"lines are kept for {months} months: nothing after {kept:%Y-%m} may go", keep_months=months)


def _expect_whole(connection: Line, month: date, rows: int) -> None:
    (there,) = connection.execute(OF_MONTH, {"month": _begin(month)}).fetchone() or (0,)
    if there != rows:
        raise Conflict(f"{month:%Y-%m} has {there} lines, {rows} were sealed: run `wangge audit verify` first")


def _drop(connection: Line, month: date) -> None:
    """The month's table, what of it lies in the rest, and what its seals say of single lines."""
    connection.execute(SQL("DROP TABLE IF EXISTS {}").format(Identifier(f"audit_line_{month:%Y_%m}")))
    with seals.unguarded(connection, "audit_line"), seals.unguarded(connection, "audit_seal"):
        connection.execute(REST, {"month": _begin(month)})
        connection.execute(FORGET, [month])


def _begin(month: date) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)

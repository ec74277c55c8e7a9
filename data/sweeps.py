"""Sweeps over open cases: who is late, who is to be reminded, who goes up, which department did not come.

Every statement takes what nobody else has locked, a bounded number of rows at a time, so that several sweepers share the work.
The transaction is the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from sqlalchemy import select

from data.database import sql
from data.days import holds, today
from data.live import CHANNEL
from data.models import Parameter
from geo.calendars import Calendar
from geo.errors import NotReady
from geo.escalation import Numbers, Sign, Watch, watch

Line = Connection[Any]
Row = dict[str, Any]
NAMES = {"reminder_share": "reminder_share", "escalation_hold_hours": "hold_hours", "escalation_returns": "returns"}
"""Parameters, and what `geo.escalation.Numbers` calls them."""


class Due(NamedTuple):
    """A case that its limit says something about, and by which of the watches."""

    id: int
    sign: Sign
    watch: Watch


def numbers(line: Line) -> Numbers:
    """The parameters of today. Raises: NotReady when one is missing."""
    wanted = select(Parameter.name, Parameter.value).where(holds(Parameter, today()), Parameter.name.in_(NAMES))
    compiled = wanted.compile(compile_kwargs={"literal_binds": True})
    found = {NAMES[name]: value for name, value in line.execute(str(compiled).encode())}
    if missing := set(NAMES.values()) - set(found):
        raise NotReady(f"no value for {', '.join(sorted(missing))} today: run `wangge db migrate`")
    return Numbers(**found)


def revision(line: Line) -> int:
    """A number that changes with the calendar and the parameters."""
    row = line.execute("SELECT revision FROM ground_revision").fetchone()
    return int(row[0]) if row else 0


def watches(line: Line, calendar: Calendar, share: float) -> list[Watch]:
    """One for every limit, and stage of it, that a clock runs by now."""
    rows = line.execute(sql("sweep_watches")).fetchall()
    return [watch(time_limit, stages_late, now, calendar, share) for time_limit, stages_late, now in rows]


def lock_due(line: Line, watched: Sequence[Watch], limit: int) -> list[Due]:
    """Cases that are late or to be reminded of, due first come first; locked."""
    columns = [list(column) for column in zip(*watched, strict=True)]
    names = ("limits", "stages_late", "remind_before", "late_before", "stages", "is_last")
    wanted = dict(zip(names, columns, strict=True)) | {"limit": limit}
    return [Due(id_, Sign(sign), watched[at]) for id_, sign, at in line.execute(sql("sweep_due"), wanted)]


def lock_raisable(line: Line, held: tuple[datetime, datetime], returns: float, limit: int) -> list[int]:
    """Cases that may go up because they are late or were sent back; locked. `held` as `geo.escalation.held_before`."""
    up, remind = held
    late = line.execute(sql("sweep_late"), {"up_before": up, "remind_before": remind, "limit": limit}).fetchall()
    returned = line.execute(sql("sweep_returned"), {"returns": returns, "limit": limit}).fetchall()
    return list(dict.fromkeys(id_ for (id_,) in returned + late))


def standing(line: Line, ids: Iterable[int], held: tuple[datetime, datetime]) -> dict[int, Row]:
    """How locked cases stand, by id, as `geo.escalation` takes it."""
    up, remind = held
    with line.cursor(row_factory=dict_row) as cursor:
        cursor.execute(sql("sweep_standing"), {"ids": list(ids), "up_before": up, "remind_before": remind})
        return {row["id"]: row for row in cursor}


def apply(line: Line, rows: Sequence[Row]) -> set[int]:
    """Write what was decided, and notify; the ids of the cases that had not moved on.

    In: `id`, `seq` (as read), `sign`, `level` and `desk_code` (null unless it goes up), `events` (`event`, `detail`).
    """
    written = {id_ for (id_,) in line.execute(sql("sweep_apply"), {"rows": Jsonb(list(rows))})}
    notify(line)
    return written


def miss_calls(line: Line, limit: int) -> int:
    """Put on record which departments did not report in in time; how many."""
    row = line.execute(sql("sweep_calls"), {"limit": limit}).fetchone()
    if row and row[0]:
        notify(line)
    return int(row[0]) if row else 0


def lock_provisional(line: Line, after: int, limit: int) -> list[Row]:
    """Open cases due by a calendar that was not loaded, with ids above `after`; locked."""
    with line.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(sql("sweep_provisional"), {"after": after, "limit": limit}).fetchall()


def recount(line: Line, rows: Sequence[Row]) -> int:
    """Write clocks that were counted again (`geo.recounting.change`), and notify; how many."""
    row = line.execute(sql("sweep_recount"), {"rows": Jsonb(list(rows))}).fetchone()
    notify(line)
    return int(row[0]) if row else 0


def notify(line: Line) -> None:
    """Tell everyone who follows cases, once the transaction is committed."""
    line.execute(f"NOTIFY {CHANNEL}")

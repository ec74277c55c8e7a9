"""Made-up lives of cases: random walks through the table of moves, told as rows of events."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from data import ledger
from geo.lifecycle import MOVES, Event, State

BEGIN = datetime(2026, 2, 1, tzinfo=UTC)
END = datetime(2026, 5, 1, tzinfo=UTC)
SILENT = {Event.FOLLOW, Event.HELP, Event.WHISTLE, Event.REPORT_IN, Event.REMIND, Event.LINK, Event.UNLINK}
STORE = (
    "INSERT INTO case_event (case_id, seq, at, event, from_state, to_state, actor, agency_id, detail, explanation)"
    " VALUES (%(case_id)s, %(seq)s, %(at)s, %(event)s, %(from_state)s, %(to_state)s, 'desk:0', %(agency_id)s, %(detail)s,"
    " %(explanation)s)"
)
Row = dict[str, Any]


def walk(rng: random.Random, agencies: list[int], steps: int = 14) -> Iterator[Row]:
    """Events from filing on, at rising moments, with the details that moves leave."""
    state, at, due = State.FILED, BEGIN + timedelta(minutes=rng.randrange(60 * 24 * 60)), None
    yield row(1, at, Event.FILE, None, state)
    for seq in range(2, rng.randrange(2, steps + 2)):
        events = sorted(event for before, event in MOVES if before == state and event not in SILENT)
        event, at = rng.choice(events), at + timedelta(minutes=rng.randrange(1, 4000))
        before, state = state, MOVES[state, event].to
        detail, due = told(event, at, due, rng)
        agency = rng.choice([None, *agencies]) if state is State.DISPATCHED else None
        yield row(seq, at, event, before, state) | {"agency_id": agency} | written(event, detail)


def row(seq: int, at: datetime, event: Event, before: State | None, state: State) -> Row:
    states = {"from_state": before and str(before), "to_state": str(state)}
    return {"seq": seq, "at": at, "event": str(event), "agency_id": None, "detail": None, "explanation": None} | states


def written(event: Event, detail: Row) -> Row:
    """Where the detail stands: a dispatch tells its clock in its explanation."""
    if event is Event.DISPATCH and detail:
        return {"explanation": Jsonb({"clock": {"due_at": detail["due_at"]["to"]}})}
    return {"detail": Jsonb(detail) if detail else None}


def told(event: Event, at: datetime, due: datetime | None, rng: random.Random) -> tuple[Row, datetime | None]:
    """The detail of an event, and when the case is due after it."""
    detail: Row = {}
    after = due
    if event in (Event.DISPATCH, Event.EXTEND, Event.RESUME):
        after = at + timedelta(hours=rng.randrange(1, 400))
    if event in (Event.SUSPEND, Event.RECLASSIFY, Event.REOPEN, Event.CLOSE):
        after = None
    if after != due:
        detail["due_at"] = {"from": due and due.isoformat(), "to": after and after.isoformat()}
    if event is Event.CLOSE:
        detail["outcome"] = {"from": None, "to": rng.choice(["by_decision", "duplicate", "with_parent"])}
    if event is Event.RATE:
        answers = {name: rng.random() < 0.7 for name in ("is_answered", "is_solved")}
        detail |= {**answers, "satisfaction": rng.randrange(1, 6)}
    return detail, after


def store(line: psycopg.Connection[Any], count: int, seed: int) -> dict[int, list[Row]]:
    """`count` cases with their events in the database; the events by case."""
    rng, agencies = random.Random(seed), make_agencies(line, seed)
    lives = {case_id: list(walk(rng, agencies)) for case_id in open_cases(line, count)}
    for case_id, events in lives.items():
        tell(line, case_id, events)
    return lives


def make_agencies(line: psycopg.Connection[Any], seed: int) -> list[int]:
    line.execute("INSERT INTO unit VALUES ('110199001000', 'street') ON CONFLICT DO NOTHING")
    made = (
        "INSERT INTO agency (code, kind, name, area_code)"
        " SELECT code, 'department', '甲', '110199001000' FROM unnest(%s::text[]) AS code RETURNING id"
    )
    return [row[0] for row in line.execute(made, [[f"D{seed}a", f"D{seed}b"]])]


def open_cases(line: psycopg.Connection[Any], count: int) -> list[int]:
    """Cases whose events are still to be told."""
    line.execute("INSERT INTO category VALUES ('C0101', NULL, 'event', '井盖', 'cover', 'test') ON CONFLICT DO NOTHING")
    made = (
        "WITH told AS (INSERT INTO incident (category_code, lon, lat, datum, geom)"
        " SELECT 'C0101', 0, 0, 'wgs84', 'SRID=4490;POINT(0 0)' FROM generate_series(1, %s) RETURNING id)"
        " INSERT INTO case_file (id) SELECT id FROM told RETURNING id"
    )
    ledger.ensure_months(line, BEGIN, END)
    return sorted(row[0] for row in line.execute(made, [count]))


def tell(line: psycopg.Connection[Any], case_id: int, events: list[Row]) -> None:
    with line.cursor() as cursor:
        cursor.executemany(STORE, [event | {"case_id": case_id} for event in events])

"""The outbox: notices derived from the events of cases, each once per event and person, and what became of them.

An address may hold a password: it is kept sealed, opened here, handed to who sends, and told to nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

from data import sealing
from data.database import sql
from data.settings import settings
from geo.masking import mask_texts
from geo.notices import TOLD, Habits
from geo.persons import Kind

Line = Connection[Any]
Row = dict[str, Any]
STALE_DAYS = 7
"""Older events are history that was brought in."""
IN_ONE = 50
"""Notices in one message at most."""
RULES = {
    "events": [str(event) for event, parts in TOLD.items() for _ in parts],
    "parts": [str(part) for parts in TOLD.values() for part in parts],
}
CURSOR = """
    SELECT before, now, after_txid, after_id, pg_current_snapshot()::text AS moment,
           pg_snapshot_xmax(before::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot()) AS is_of_another,
           EXISTS (SELECT FROM notice_address WHERE is_active) AS is_anybody_told,
           EXISTS (SELECT FROM case_event WHERE txid >= pg_snapshot_xmin(before::pg_snapshot)::text::bigint
                   AND NOT pg_visible_in_snapshot(txid::text::xid8, before::pg_snapshot)) AS is_anything_new
    FROM notice_cursor WHERE id = 1 FOR UPDATE SKIP LOCKED
"""
KEEP = (
    "UPDATE notice_cursor SET before = %(before)s, now = %(now)s, after_txid = %(after_txid)s, after_id = %(after_id)s"
)
BEGIN = """
    UPDATE notice SET state = 'sending', claimed_at = now(), not_before = now() + %s, message = %s, address_id = %s,
                      attempts = attempts + 1
    WHERE id = ANY(%s) RETURNING claimed_at
"""
ADDRESSES = """
    SELECT id, url_sealed, language, digest_minutes, quiet_from, quiet_to FROM notice_address
    WHERE recipient = %s AND is_active ORDER BY id
"""

CHANGE = """
    UPDATE notice_address SET language = %(language)s, digest_minutes = %(digest_minutes)s, quiet_from = %(quiet_from)s,
                              quiet_to = %(quiet_to)s, is_active = true, ended_at = NULL
    WHERE recipient = %(recipient)s AND url_digests[1] = ANY(%(known)s::bytea[]) RETURNING id
"""
ADD = """
    INSERT INTO notice_address (recipient, url, url_sealed, url_digests, language, digest_minutes, quiet_from, quiet_to)
    VALUES (%(recipient)s, %(url)s, %(url_sealed)s, %(url_digests)s, %(language)s, %(digest_minutes)s, %(quiet_from)s,
            %(quiet_to)s) RETURNING id
"""


@dataclass(frozen=True)
class Address:
    """Where and how somebody is told. Its text shows no part of the address."""

    id: int
    url: str
    language: str
    habits: Habits

    def __repr__(self) -> str:
        return f"address {self.id}"


@dataclass(frozen=True)
class Claim:
    """Notices that go out as one message, locked."""

    ids: tuple[int, ...]
    recipient: str
    message: int
    attempts: int
    oldest: datetime


def collect(line: Line, limit: int) -> int:
    """Write the notices of up to `limit` further events; how many events were read. In a transaction of its own.

    While nobody has an address, or notices are off, what happens is passed over.
    """
    with line.transaction():
        place = _row(line, CURSOR)
        if place is None or not place["is_anything_new"]:
            return 0
        if place["is_of_another"] or not (place["is_anybody_told"] and settings().notices):
            _keep(line, place["moment"])
            return 0
        return _collect(line, place, limit)


def _collect(line: Line, place: Row, limit: int) -> int:
    wanted = {name: place[name] for name in ("before", "now", "after_txid", "after_id")}
    told = _row(line, sql("collect_notices"), wanted | RULES | {"limit": limit, "days": STALE_DAYS}) or {}
    if told["count"] < limit:
        _keep(line, told["now"])
    else:
        _keep(line, place["before"], now=told["now"], after_txid=told["txid"], after_id=told["id"])
    return int(told["count"])


def _keep(line: Line, before: str, now: str | None = None, after_txid: int = 0, after_id: int = 0) -> None:
    line.execute(KEEP, {"before": before, "now": now, "after_txid": after_txid, "after_id": after_id})


def claim(line: Line) -> Claim | None:
    """The next message to be sent, locked until the end of the caller's transaction; null when none is due."""
    with line.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(sql("claim_notice"), {"limit": IN_ONE}).fetchall()
    if not rows:
        return None
    first = rows[0]
    return Claim(
        ids=tuple(row["id"] for row in rows),
        recipient=first["recipient"],
        message=first["message"] or first["id"],
        attempts=first["attempts"],
        oldest=min(row["created_at"] for row in rows),
    )


def addresses(line: Line, recipient: str) -> list[Address]:
    """Where somebody is told, in the order in which they are tried."""
    with line.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(ADDRESSES, [recipient]).fetchall()
    return [_address(row) for row in rows]


def _address(row: Row) -> Address:
    habits = Habits(row["digest_minutes"], row["quiet_from"], row["quiet_to"])
    return Address(row["id"], sealing.open_(Kind.ADDRESS, row["url_sealed"]) or "", row["language"], habits)


def postpone(line: Line, claimed: Claim, until: datetime) -> None:
    """Look at these notices again then."""
    line.execute("UPDATE notice SET not_before = %s WHERE id = ANY(%s)", [until, list(claimed.ids)])


def begin(line: Line, claimed: Claim, address: Address, lease_s: float) -> datetime:
    """Put on record that they are being sent as one message; when. After `lease_s` without an end they are sent again."""
    lease = timedelta(seconds=lease_s)
    row = _row(line, BEGIN, [lease, claimed.message, address.id, list(claimed.ids)])
    assert row is not None  # they are locked
    begun: datetime = row["claimed_at"]
    return begun


def facts(line: Line, claimed: Claim) -> list[Row]:
    """What the message says of each notice."""
    with line.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(sql("notice_facts"), {"ids": list(claimed.ids)}).fetchall()
    return [row | {"reason": mask_texts(row["reason"])} for row in rows]


def end(line: Line, claimed: Claim, since: datetime) -> int:
    """They were sent by who has been at it since `since`; how many were still his."""
    return line.execute(
        "UPDATE notice SET state = 'sent', sent_at = now(), last_error = NULL"
        " WHERE id = ANY(%s) AND state = 'sending' AND claimed_at = %s",
        [list(claimed.ids), since],
    ).rowcount


def fail(line: Line, claimed: Claim, since: datetime, error: str, pause_s: float | None) -> None:
    """They could not be sent: try again after a pause, or, without one, never."""
    line.execute(
        "UPDATE notice SET state = CASE WHEN %(pause)s::interval IS NULL THEN 'failed' ELSE 'waiting' END,"
        " not_before = now() + coalesce(%(pause)s, interval '0'), last_error = %(error)s"
        " WHERE id = ANY(%(ids)s) AND state = 'sending' AND claimed_at = %(since)s",
        {
            "pause": None if pause_s is None else timedelta(seconds=pause_s),
            "error": error,
            "ids": list(claimed.ids),
            "since": since,
        },
    )


def give_up(line: Line, claimed: Claim, error: str) -> None:
    """Nobody is there any more to be told."""
    line.execute("UPDATE notice SET state = 'failed', last_error = %s WHERE id = ANY(%s)", [error, list(claimed.ids)])


def add_address(line: Line, recipient: str, url: str, language: str, habits: Habits) -> int:
    """Store or change an address of a person; its id."""
    known = sealing.wanted(Kind.ADDRESS, url)
    told = {"recipient": recipient, "language": language, "known": known, **habits._asdict()}
    with line.transaction():
        line.execute("SELECT pg_advisory_xact_lock(hashtext('wangge notice address'))")
        row = _row(line, CHANGE, told) or _row(line, ADD, told | sealing.seal(Kind.ADDRESS, url).columns("url"))
    return int(row["id"]) if row else 0


def remove_address(line: Line, address_id: int) -> bool:
    """Send nothing there any more; whether there was such an address."""
    ended = "UPDATE notice_address SET is_active = false, ended_at = now() WHERE id = %s"
    return line.execute(ended, [address_id]).rowcount == 1


def find_address(line: Line, address_id: int) -> Address | None:
    row = _row(
        line,
        "SELECT id, url_sealed, language, digest_minutes, quiet_from, quiet_to FROM notice_address WHERE id = %s",
        [address_id],
    )
    return _address(row) if row else None


def overview(line: Line) -> list[Row]:
    """Every address with its notices by state; not the address itself, but the part before `://`."""
    with line.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(sql("notice_overview")).fetchall()


def is_anybody(line: Line, recipient: str) -> bool:
    """Whether there is such a worker, desk or agency."""
    return _row(line, sql("known_actors"), {"actors": [recipient]}) is not None


def _row(line: Line, statement: Any, values: Any = None) -> Row | None:
    with line.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, values).fetchone()

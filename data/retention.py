"""What is past its days goes: deleted, emptied or made nameless, batch by batch, each logged by the transaction that does it.

Days are dated rows (`retention_rule`). Files go after the rows that name them, so that whoever is killed between leaves at most a
file that the next sweep takes away.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import Connection

from data import audit, pictures
from data.database import sql
from data.dialogues import hold
from data.settings import settings
from geo.audit import Action
from geo.errors import NotReady

Line = Connection[Any]
ROWS = 1000
STATEMENTS: dict[str, tuple[str, ...]] = {
    "reporter_contact": ("forget_reporter_contact",),
    "whereabouts": ("forget_whereabouts",),
    "case_photo": ("forget_case_photo",),
    "case_texts": ("forget_case_texts", "forget_bulk_reasons"),
    "incident_attributes": ("forget_incident_attributes",),
    "signature": ("forget_signature",),
    "worker_left": ("forget_worker_left",),
    "agency_ended": ("forget_agency_ended",),
    "notice_address": ("forget_notice_address",),
    "leave_reason": ("forget_leave_reason",),
    "import_report": ("forget_import_report",),
    "personal_export": ("forget_personal_export",),
    "account_session": ("forget_account_session",),
    "duty_track": ("forget_duty_track",),
    "street_walked": ("forget_street_walked",),
    "check_in": ("forget_check_in",),
    "duty": ("forget_duty",),
    "element_ended": ("forget_element_ended",),
    "element": ("forget_element",),
}
"""By the rule, the statements in data/sql that take out what is past its days."""
RULES = """
    SELECT name, now() - make_interval(days => days) FROM retention_rule
    WHERE daterange(valid_from, valid_to) @> current_date
"""
LOG = "INSERT INTO retention_log (rule, before, rows) VALUES (%s, %s, %s)"
REJECTS = "import_report"
"""The rule by which files of refused rows go too."""
UPLOAD_S = 24 * 3600
"""A file is kept before the row that names it."""


def cutoffs(line: Line) -> dict[str, datetime]:
    """By the rule, before which moment things go today. Raises: NotReady when a rule is missing."""
    found: dict[str, datetime] = dict(line.execute(RULES).fetchall())
    if missing := sorted(set(STATEMENTS) - set(found)):
        raise NotReady(f"no days for {', '.join(missing)}: run `wangge db migrate`", missing=missing)
    return found


def step(line: Line, rule: str, before: datetime, limit: int | None = ROWS) -> int:
    """Take out one batch of what a rule speaks of, and log it; how many rows. Within the caller's transaction."""
    for name in STATEMENTS[rule]:
        row = line.execute(sql(name), {"before": before, "limit": limit}).fetchone()
        if row and row[0]:
            line.execute(LOG, [rule, before, row[0]])
            return int(row[0])
    return 0


def count(line: Line, rule: str, before: datetime) -> int:
    """How many rows would go, found by doing it and taking it back."""
    with line.transaction(force_rollback=True):
        total = 0
        while done := step(line, rule, before, limit=None):
            total += done
        return total


def files(line: Line, before: datetime, *, is_dry: bool = False) -> int:
    """Delete photos that no row names any more, and files of refused rows of imports before a moment; how many."""
    named = {row[0] for row in line.execute("SELECT DISTINCT sha256 FROM case_photo").fetchall()}
    photos = [path for path in pictures.files() if path.stem not in named and _age_s(path) > UPLOAD_S]
    rejects = [
        path for path in (settings().home / "rejects").glob("*.csv") if path.stat().st_mtime < before.timestamp()
    ]
    for path in () if is_dry else (*photos, *rejects):
        path.unlink(missing_ok=True)
    return len(photos) + len(rejects)


def note(line: Line, told: dict[str, int]) -> None:
    """Put a sweep on record, if it took anything out."""
    if any(told.values()):
        gone = {rule: rows for rule, rows in told.items() if rows}
        hold(line, audit.record(Action.RETENTION, "retention:sweep", gone, account=audit.operator()))


def _age_s(path: Path) -> float:
    return time.time() - path.stat().st_mtime

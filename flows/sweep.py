"""Sweeps inside a shift: deadlines, escalation, whistles. A round is some short transactions; seconds are wall-clock time."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg

from data import calendars, ledger, sweeps
from data.database import connect
from data.days import today
from flows.recount import Recounter
from geo import escalation
from geo.calendars import Calendar
from geo.escalation import Numbers, Sign
from geo.lifecycle import Event

ROWS = 500
"""Cases that one transaction takes: some tenths of a second, so that dispatch is not held up."""
MONTHS_AHEAD, MONTHS_EVERY_S = timedelta(days=62), 3600
EVERY_S = 1.0
"""From one round to the next; a round that finds nothing costs some milliseconds."""
Line = psycopg.Connection[Any]
Held = tuple[datetime, datetime]


@dataclass
class Swept:
    """What a round, or many, put on record."""

    reminded: int = 0
    overdue: int = 0
    raised: int = 0
    missed: int = 0
    recounted: int = 0
    """Due times counted again by a calendar loaded since."""
    seconds: float = 0.0

    def add(self, other: Swept) -> None:
        for name, value in asdict(other).items():
            setattr(self, name, round(getattr(self, name) + value, 3))

    def count(self, rows: list[sweeps.Row]) -> None:
        """Rows of `data.sweeps.apply` that were written."""
        events = [told["event"] for row in rows for told in row["events"]]
        self.reminded += events.count(Event.REMIND)
        self.overdue += events.count(Event.OVERDUE)
        self.raised += events.count(Event.ESCALATE)

    @property
    def found(self) -> int:
        """How many things there were to do."""
        return self.reminded + self.overdue + self.raised + self.missed + self.recounted


@dataclass(frozen=True)
class Rules:
    """What sweeps go by, read again when it changes."""

    revision: int
    day: date
    calendar: Calendar
    numbers: Numbers


class Sweeper:
    """Works on a connection in autocommit; keeps calendar and parameters until they change."""

    def __init__(self, line: Line, rows: int = ROWS) -> None:
        self.line = line
        self.rows = rows
        self.rules: Rules | None = None
        self.recounter = Recounter(line, rows)
        self.months_until = 0.0

    def round(self) -> Swept:
        """One look at everything: what is due now, what goes up, who did not come."""
        begun, swept = time.perf_counter(), Swept()
        rules, held = self._look(), self.held()
        self._keep_months()
        swept.recounted = self.recounter.step(rules.calendar)
        self._due(rules, held, swept)
        self._raise(rules, held, swept)
        swept.missed = sweeps.miss_calls(self.line, self.rows)
        swept.seconds = round(time.perf_counter() - begun, 3)
        return swept

    def _keep_months(self) -> None:
        """Have the months of ledger and audit ready before they begin."""
        if time.monotonic() < self.months_until:
            return
        now = datetime.now(UTC)
        for table in ("case_event", "audit_line"):
            ledger.ensure_months(self.line, now, now + MONTHS_AHEAD, table=table)
        self.months_until = time.monotonic() + MONTHS_EVERY_S

    def _look(self) -> Rules:
        revision, day = sweeps.revision(self.line), today()
        if self.rules is None or (self.rules.revision, self.rules.day) != (revision, day):
            self.rules = Rules(revision, day, calendars.read(self.line), sweeps.numbers(self.line))
        return self.rules

    def _due(self, rules: Rules, held: Held, swept: Swept) -> None:
        watched = sweeps.watches(self.line, rules.calendar, rules.numbers.reminder_share)
        if not watched:
            return
        with self.line.transaction():
            due = {case.id: case for case in sweeps.lock_due(self.line, watched, self.rows)}
            if due:
                found = sweeps.standing(self.line, due, held)
                self._write([(found[id_], case.sign, case.watch.record) for id_, case in due.items()], swept)

    def _raise(self, rules: Rules, held: Held, swept: Swept) -> None:
        with self.line.transaction():
            ids = sweeps.lock_raisable(self.line, held, rules.numbers.returns, self.rows)
            if ids:
                found = sweeps.standing(self.line, ids, held)
                signs = [(case, escalation.read(case, rules.numbers)) for case in found.values()]
                self._write([(case, sign, {}) for case, sign in signs if sign], swept)

    def _write(self, signs: list[tuple[sweeps.Row, Sign, dict[str, Any]]], swept: Swept) -> None:
        """Write what the signs ask for; who comes to the top gets the whole path."""
        ascents = {case["id"]: escalation.ascend(case, sign) for case, sign, _ in signs}
        paths = self._paths(
            [case for case, _, _ in signs if (up := ascents[case["id"]]) and up.level == escalation.TOP]
        )
        rows = [
            escalation.write(case, sign, ascents[case["id"]], more | paths.get(case["id"], {}))
            for case, sign, more in signs
        ]
        done = sweeps.apply(self.line, rows)
        swept.count([row for row in rows if row["id"] in done])

    def _paths(self, cases: list[sweeps.Row]) -> dict[int, dict[str, Any]]:
        history = ledger.history(self.line, [case["id"] for case in cases])
        return {
            case["id"]: {"path": escalation.path([*history[case["id"]], escalation.leaving(case)])} for case in cases
        }

    def held(self) -> Held:
        """As of now what `geo.escalation.held_before` says."""
        rules = self._look()
        return escalation.held_before(datetime.now(rules.calendar.zone), rules.numbers, rules.calendar)


def sweep_all(*, for_ever: bool = False) -> Swept:
    """Round after round until one finds nothing to do; or, `for_ever`, with a pause between them."""
    total = Swept()
    with connect(autocommit=True) as line:
        sweeper = Sweeper(line)
        while (swept := sweeper.round()).found or for_ever:
            total.add(swept)
            time.sleep(0 if swept.found else EVERY_S)
    return total

"""Due times that rested on a year without a calendar, counted again once it is loaded, some at every round."""

from __future__ import annotations

from typing import Any

import psycopg

from data import ledger, sweeps
from geo import recounting
from geo.calendars import Calendar
from geo.errors import BadTime


class Recounter:
    """Goes over the provisional cases when the calendar is another, until a whole pass changes nothing."""

    def __init__(self, line: psycopg.Connection[Any], rows: int) -> None:
        self.line = line
        self.rows = rows
        self.done: str | None = None
        """The digest of the calendar by which all has been counted."""
        self.after = 0
        self.changed = 0

    def step(self, calendar: Calendar) -> int:
        """The next portion; how many cases changed."""
        if calendar.digest == self.done:
            return 0
        with self.line.transaction():
            cases = sweeps.lock_provisional(self.line, self.after, self.rows)
            history = ledger.history(self.line, [case["id"] for case in cases])
            changes = [change for case in cases if (change := _change(case, history[case["id"]], calendar))]
            changed = sweeps.recount(self.line, changes) if changes else 0
        self._go_on(cases, changed, calendar)
        return changed

    def _go_on(self, cases: list[sweeps.Row], changed: int, calendar: Calendar) -> None:
        self.changed += changed
        if cases:
            self.after = cases[-1]["id"]
            return
        self.done = None if self.changed else calendar.digest
        self.after = self.changed = 0


def _change(case: sweeps.Row, events: list[sweeps.Row], calendar: Calendar) -> sweeps.Row | None:
    try:
        return recounting.change(case, recounting.recount(events, case["time_limit"], calendar))
    except BadTime:
        return None

"""Reckon the scores of periods: one pass over the events, each period's figures stored as a run. Days are the city's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from data import calendars, scores
from data.database import driver_connection
from data.days import today
from data.parameters import parameters
from data.scores import Basis, Period
from geo.periods import PERIODS, chosen
from geo.scores import mark, measure, reckon
from geo.worktime import worked_minutes

ALL = "all"
"""Every kind of period that yesterday lies in."""


@dataclass(frozen=True)
class Reading:
    """All that the events said: facts, keys and measures by case."""

    basis: Basis
    facts: pd.DataFrame
    keys: pd.DataFrame
    measures: pd.DataFrame
    satisfied_from: int

    def marks(self, period: Period) -> pd.DataFrame:
        return mark(self.facts, period.span(self.basis.cut), satisfied_from=self.satisfied_from)

    def scores(self, period: Period) -> pd.DataFrame:
        return reckon(self.marks(period), self.measures, self.keys)


def wanted(period: str, first: date | None = None, last: date | None = None) -> tuple[list[Period], datetime]:
    """The periods that are asked for, and up to when they are reckoned: a period's end, with `all` the last midnight.

    Raises: BadInput for what is no period, see `geo.periods.chosen`.
    """
    yesterday = today() - timedelta(days=1)
    kinds = PERIODS if period == ALL else (period,)
    periods = [Period(kind, *chosen(kind, first, last, yesterday=yesterday)) for kind in kinds]
    return periods, scores.midnight(today() if period == ALL else periods[0].last)


def read(connection: Connection, basis: Basis, cases: list[int] | None = None) -> Reading:
    """The facts of all cases, or of `cases`, on the basis given. The transaction must be REPEATABLE READ."""
    line = driver_connection(connection)
    facts, keys = scores.read_facts(line, basis, cases)
    worked = partial(worked_minutes, calendar=calendars.read(connection))
    points = parameters(connection).satisfied_from_points
    return Reading(basis, facts, keys, measure(facts, worked), points)


def run(connection: Connection, periods: list[Period], cut: datetime) -> list[dict[str, Any]]:
    """Reckon periods by one pass; see `store` for each. The transaction must be REPEATABLE READ."""
    known = read(connection, scores.basis(driver_connection(connection), cut))
    return [store(connection, known, period) for period in periods]


def store(connection: Connection, reading: Reading, period: Period) -> dict[str, Any]:
    """`run`, `is_new`, `period`, `from`, `to` (the last day that belongs to it), `cut`, `cases`, `scores` (rows)."""
    found = reading.scores(period)
    run, is_new = scores.store(driver_connection(connection), period, reading.basis, found, cases=len(reading.facts))
    rows = len(found.drop_duplicates(["dimension", "key"]))
    told = {"run": run, "is_new": is_new} | period.plain() | {"cut": reading.basis.cut.isoformat()}
    return told | {"cases": len(reading.facts), "scores": rows}

"""Scores: what the events of cases say of streets, communities, cells, departments and categories in a period.

Facts go in, one row per case as its events up to the *cut* tell it; the cut is the end of the period, or now if that is
earlier. Everything is counted in whole cases and whole microseconds, so that neither the order of the rows nor how they were
gathered changes a figure. Lengths of time are answered in minutes: of working time where the name says so, else wall-clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

Moments = npt.NDArray[np.datetime64]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Table = tuple[Numbers, Numbers | None, Numbers | None]
"""Value, numerator and denominator by key; a count has no denominator, a percentile no numerator."""
Worked = Callable[[Moments, Moments], Numbers]
"""Working minutes from one moment to another, NaN where one is missing."""

ALL = "all"
DIMENSIONS = (ALL, "district", "street", "community", "cell", "department", "category")
OUTCOMES = ("solved", "dismissed", "duplicate", "with_parent", "by_decision")
LEFT_OUT = ("dismissed", "duplicate", "with_parent")
"""What was closed like this was no case of its own and does not count, except among `excluded_by_rule`."""
MICROSECONDS = 60_000_000
"""In a minute."""
MISSING = np.iinfo(np.int64).min
DIGITS = 6


class Figure(NamedTuple):
    """How a figure comes about: a count of marked cases, a share of them, or something of a measure over them."""

    how: str
    """count, share, mean, or a percentile: p50, p90."""
    unit: str
    numerator: str
    """A mark (count, share) or a measure."""
    denominator: str | None = None
    """The mark of the cases that it is taken over."""


FIGURES: dict[str, Figure] = {
    "opened": Figure("count", "case", "opened"),
    "closed": Figure("count", "case", "closed"),
    "open": Figure("count", "case", "open"),
    "overdue_open": Figure("count", "case", "overdue_open"),
    "due": Figure("count", "case", "due"),
    "deferred": Figure("count", "case", "deferred"),
    "on_time_rate": Figure("share", "share", "on_time", "owed"),
    "rated_share": Figure("share", "share", "closed_rated", "closed"),
    "response_rate": Figure("share", "share", "answered", "rated"),
    "solution_rate": Figure("share", "share", "solved", "rated"),
    "satisfaction_rate": Figure("share", "share", "satisfied", "rated"),
    "satisfaction_mean": Figure("mean", "point", "satisfaction", "rated"),
    "rework_rate": Figure("share", "share", "reworked", "checked"),
    "return_rate": Figure("share", "share", "returned", "given"),
    "escalation_rate": Figure("share", "share", "escalated", "given"),
    "hops_mean": Figure("mean", "hop", "hops", "closed"),
    "minutes_to_dispatch_median": Figure("p50", "min", "to_dispatch", "dispatched"),
    "minutes_to_dispatch_p90": Figure("p90", "min", "to_dispatch", "dispatched"),
    "working_minutes_to_accept_median": Figure("p50", "min", "to_accept", "accepted"),
    "working_minutes_to_accept_p90": Figure("p90", "min", "to_accept", "accepted"),
    "working_minutes_to_finish_median": Figure("p50", "min", "to_finish", "finished"),
    "working_minutes_to_finish_p90": Figure("p90", "min", "to_finish", "finished"),
    "minutes_to_close_median": Figure("p50", "min", "to_close", "closed"),
    "minutes_to_close_p90": Figure("p90", "min", "to_close", "closed"),
    "excluded_by_rule": Figure("count", "case", "excluded_by_rule"),
    "excluded_by_decision": Figure("count", "case", "excluded_by_decision"),
}
PERCENT = {"p50": 50, "p90": 90}


@dataclass(frozen=True)
class Span:
    """A period: from `since` on, up to but not including the `cut`. UTC, without a zone, to the microsecond."""

    since: np.datetime64
    cut: np.datetime64

    def holds(self, moments: Moments) -> Flags:
        return np.asarray((moments >= self.since) & (moments < self.cut))


def is_late(facts: pd.DataFrame, cut: np.datetime64) -> Flags:
    """Closed after it was due, or open at the cut and due before; never without a clock."""
    due, closed = _moments(facts, "due_at"), _moments(facts, "closed_at")
    return np.asarray(np.where(np.isnat(closed), due < cut, closed > due))


def mark(facts: pd.DataFrame, span: Span, *, satisfied_from: int) -> pd.DataFrame:
    """What each case counts for in the period: a column of bool per mark, index as `facts`.

    facts: `filed_at`, `dispatched_at` (first), `accepted_at` (first), `given_at`, `returned_at`, `escalated_at`, `finished_at`,
    `reworked_at`, `rated_at` (last of each), `closed_at` (missing: open at the cut), `due_at` (as the clock stands at the cut),
    `laid_down_at` (as it was due before pauses and extensions); all datetime64[us] in UTC. `is_suspended`, `is_answered`,
    `is_solved`, `is_excluded` (bool); `satisfaction`, `hops` (int); `outcome` (position in OUTCOMES, negative: open).
    """
    given = _in_period(facts, span) | _standing(facts, span) | _owed(facts, span) | _rated(facts, span, satisfied_from)
    is_left_out = np.isin(facts["outcome"], [OUTCOMES.index(outcome) for outcome in LEFT_OUT])
    is_decided = facts["is_excluded"].to_numpy(bool)
    is_kept = ~(is_left_out | is_decided)
    marks: dict[str, Any] = {name: flags & is_kept for name, flags in given.items()}
    marks["excluded_by_rule"] = given["closed"] & is_left_out & ~is_decided
    marks["excluded_by_decision"] = (given["open"] | given["closed"]) & is_decided
    return pd.DataFrame(marks, index=facts.index)


def _in_period(facts: pd.DataFrame, span: Span) -> dict[str, Flags]:
    """What happened to the case within the period."""
    happened = {
        "opened": "filed_at", "dispatched": "dispatched_at", "accepted": "accepted_at", "returned": "returned_at",
        "escalated": "escalated_at", "finished": "finished_at", "reworked": "reworked_at", "closed": "closed_at",
    }  # fmt: skip
    flags = {name: span.holds(_moments(facts, column)) for name, column in happened.items()}
    flags["given"] = span.holds(_moments(facts, "given_at")) | flags["returned"] | flags["escalated"]
    flags["checked"] = flags["finished"] | flags["reworked"]
    return flags


def _standing(facts: pd.DataFrame, span: Span) -> dict[str, Flags]:
    """What the case is at the cut."""
    is_open = np.isnat(_moments(facts, "closed_at"))
    return {"open": is_open, "overdue_open": is_open & is_late(facts, span.cut)}


def _owed(facts: pd.DataFrame, span: Span) -> dict[str, Flags]:
    """Due within the period; deferred: its clock was stopped, or moved on past the cut."""
    owed = span.holds(_moments(facts, "due_at"))
    is_moved = facts["is_suspended"].to_numpy(bool) | (_moments(facts, "due_at") >= span.cut)
    deferred = span.holds(_moments(facts, "laid_down_at")) & is_moved
    on_time = owed & ~is_late(facts, span.cut)
    return {"owed": owed, "deferred": deferred, "due": owed | deferred, "on_time": on_time}


def _rated(facts: pd.DataFrame, span: Span, satisfied_from: int) -> dict[str, Flags]:
    rated_at = _moments(facts, "rated_at")
    rated = span.holds(rated_at)
    return {
        "rated": rated,
        "answered": rated & facts["is_answered"].to_numpy(bool),
        "solved": rated & facts["is_solved"].to_numpy(bool),
        "satisfied": rated & (facts["satisfaction"].to_numpy() >= satisfied_from),
        "closed_rated": span.holds(_moments(facts, "closed_at")) & (rated_at >= _moments(facts, "closed_at")),
    }


def measure(facts: pd.DataFrame, worked: Worked) -> pd.DataFrame:
    """How long each case took, and other whole numbers, whatever the period; lengths of time in microseconds or MISSING."""
    filed, dispatched, accepted, finished, closed = (
        _moments(facts, f"{name}_at") for name in ("filed", "dispatched", "accepted", "finished", "closed")
    )
    measures = {
        "hops": facts["hops"].to_numpy(np.int64),
        "satisfaction": facts["satisfaction"].to_numpy(np.int64),
        "to_dispatch": (dispatched - filed).astype(np.int64),
        "to_accept": _whole(worked(dispatched, accepted)),
        "to_finish": _whole(worked(dispatched, finished)),
        "to_close": (closed - filed).astype(np.int64),
    }
    return pd.DataFrame(measures, index=facts.index)


def _moments(facts: pd.DataFrame, name: str) -> Moments:
    return facts[name].to_numpy("datetime64[us]")


def _whole(minutes: Numbers) -> Counts:
    is_known = np.isfinite(minutes)
    return np.where(is_known, np.rint(np.where(is_known, minutes, 0) * MICROSECONDS), MISSING).astype(np.int64)


def reckon(marks: pd.DataFrame, measures: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """All figures by dimension and key: `dimension`, `key`, `figure`, `value`, `numerator`, `denominator`.

    `marks` as `mark` and `measures` as `measure` give them; `keys` beside them, a categorical column per dimension but `all`,
    missing where a case has none. Keys for which nothing at all is counted are left out, but never `all`. Sorted by dimension
    in the order of the table, by key, and by figure in the order of the table.
    """
    whole = pd.Categorical.from_codes(np.zeros(len(marks), np.int64), categories=pd.Index([ALL]))
    parts = [
        _by_key(marks, measures, whole if dimension == ALL else keys[dimension].array).assign(dimension=dimension)
        for dimension in DIMENSIONS
    ]
    return pd.concat(parts, ignore_index=True)[["dimension", "key", "figure", "value", "numerator", "denominator"]]


def _by_key(marks: pd.DataFrame, measures: pd.DataFrame, keys: Any) -> pd.DataFrame:
    """A row per key and figure."""
    codes = np.asarray(keys.codes, np.int64)
    tables = [_figure(marks, measures, codes, len(keys.categories), figure) for figure in FIGURES.values()]
    counted = np.sum([np.nan_to_num(value) if below is None else below for value, _, below in tables], axis=0)
    names = keys.categories.to_numpy(object)
    shown = sorted(np.flatnonzero((counted > 0) | (names == ALL)), key=lambda at: str(names[at]))
    columns = [_side_by_side(part, len(names))[shown].ravel() for part in zip(*tables, strict=True)]
    told = dict(zip(("value", "numerator", "denominator"), columns, strict=True))
    return pd.DataFrame({"key": np.repeat(names[shown], len(FIGURES)), "figure": list(FIGURES) * len(shown)} | told)


def _side_by_side(figures: tuple[Numbers | None, ...], size: int) -> Numbers:
    return np.column_stack([np.full(size, np.nan) if figure is None else figure for figure in figures])


def _figure(marks: pd.DataFrame, measures: pd.DataFrame, codes: Counts, size: int, figure: Figure) -> Table:
    taken = marks[figure.denominator or figure.numerator].to_numpy() & (codes >= 0)
    if figure.how == "count":
        count = _count(codes, taken, size)
        return count, count, None
    if figure.how == "share":
        return _ratio(_count(codes, taken & marks[figure.numerator].to_numpy(), size), _count(codes, taken, size))
    measured = measures[figure.numerator].to_numpy()
    taken &= measured != MISSING
    if figure.how == "mean":
        return _ratio(np.bincount(codes[taken], measured[taken], size).astype(float), _count(codes, taken, size))
    value = _percentile(codes[taken], measured[taken], size, PERCENT[figure.how])
    return np.round(value / MICROSECONDS, 2), None, _count(codes, taken, size)


def _count(codes: Counts, taken: Flags, size: int) -> Numbers:
    return np.bincount(codes[taken], minlength=size).astype(float)


def _ratio(numerator: Numbers, denominator: Numbers) -> Table:
    value = np.divide(numerator, denominator, out=np.full(len(numerator), np.nan), where=denominator > 0)
    return np.round(value, DIGITS), numerator, denominator


def _percentile(codes: Counts, values: Counts, size: int, percent: int) -> Numbers:
    """By linear interpolation between the two nearest ranks, as spreadsheets do it; missing for a key without values."""
    ordered = values[np.lexsort((values, codes))]
    count = np.bincount(codes, minlength=size)
    first = np.cumsum(count) - count
    rank, rest = np.divmod(percent * np.maximum(count - 1, 0), 100)
    last = max(len(ordered) - 1, 0)
    low = np.append(ordered, 0)[np.minimum(first + rank, last)]
    high = np.append(ordered, 0)[np.minimum(first + rank + (rest > 0), last)]
    return np.where(count > 0, low + (high - low) * (rest / 100), np.nan)


def behind(marks: pd.DataFrame, measures: pd.DataFrame, name: str) -> pd.DataFrame:
    """The cases behind a figure, index as `marks`: those that it is taken over, `counts` (in the numerator) and `value`.

    `value` is the case's own measure, lengths of time in minutes; missing where cases are only counted.
    """
    figure = FIGURES[name]
    taken = marks[figure.denominator or figure.numerator].to_numpy()
    if figure.how in ("count", "share"):
        return pd.DataFrame({"counts": marks[figure.numerator], "value": np.nan})[taken]
    measured = measures[figure.numerator]
    value = (measured / MICROSECONDS).round(2) if figure.how in PERCENT else measured.astype(float)
    return pd.DataFrame({"counts": True, "value": value})[taken & (measured != MISSING)]

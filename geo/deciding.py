"""A batch of cases decided: columns in, columns out, each decision with its explanation as JSON text.

First choices are given out first; for whom that would be too much is asked again case by case, and so is everybody for a case
that somebody returned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import orjson
import pandas as pd

from geo.book import NOBODY, Book
from geo.deadlines import Deadlines
from geo.routing import settle
from geo.rules import CASE, LEVELS, NONE, Numbers, words
from geo.texts import Texts, either, pairs, texts, values

HOLDER = ["step", "worker_id", "desk_code", "agency_id"]
CLOCK = ["time_limit", "due_at", "is_provisional"]


@dataclass(frozen=True)
class Moment:
    """What only the moment of a batch knows."""

    count_open: Callable[[list[int]], Mapping[int, int]]
    """How many open cases each of these workers has; who has none may be left out."""
    deadlines: Deadlines
    seen_at: datetime | None = None
    """When rosters and rules were read, if that was after the moment."""


class Decided(NamedTuple):
    """`rows`: for each case `step`, one of `worker_id`, `desk_code`, `agency_id` (the others missing), `level`, `rule_id`,
    `time_limit` and `explanation` (JSON text). `clocks`: of each limit `time_limit`, `due_at`, `is_provisional`."""

    rows: pd.DataFrame
    clocks: pd.DataFrame


def decide(cases: pd.DataFrame, located: pd.DataFrame, book: Book, moment: Moment) -> Decided:
    """Decide for every row of `located`, the table of `geo.location.locate`; `book` is of the same ground.

    In: `category`, `source`, `level` (`geo.rules.words`), `returns` (since it last went up), `refused_by` (actors, null for
    none), `due_at` (ISO text, of a clock that runs already, else null) and `x`, `y` of each case. Out: in the same order.
    """
    cases = cases.assign(level=_raised(cases, book.known.returns_max), level_before=cases["level"])
    return _Batch(cases, located, book, moment).decide()


def _raised(cases: pd.DataFrame, returns_max: int) -> Any:
    """The level of each case, one up where it was returned too often: `geo.routing.raised` for a column."""
    levels = cases["level"].cat.set_categories(list(LEVELS)).cat.codes.to_numpy()
    up = levels + (cases["returns"].to_numpy() >= returns_max)
    return words(np.minimum(up, len(LEVELS) - 1), LEVELS)


class _Batch:
    """Cases at the places `at` of one book."""

    def __init__(self, cases: pd.DataFrame, located: pd.DataFrame, book: Book, moment: Moment) -> None:
        self.cases, self.book, self.moment, self.known = cases, book, moment, book.known
        self.at = book.find(located)
        self.rule = self.known.rules.choose(cases, book.regions[self.at])
        self.agency = book.agencies(self.rule, self.at)
        self.seen = _heads(cases, located) + book.text[self.at] + self._rule_texts()[self.rule]
        self.loads: dict[int, int] = {}

    def decide(self) -> Decided:
        is_refused = self.cases["refused_by"].notna().to_numpy()
        is_low = (self.cases["level"] == LEVELS[0]).to_numpy()
        is_first = ~is_refused & ((self.agency != NONE) | (is_low & self.book.is_plain[self.at]))
        worker = np.where(is_first & (self.agency == NONE), self.book.worker[self.at], NOBODY)
        load = self._count(worker)
        is_free = (worker == NOBODY) | (load < self.known.load_max)
        self._give(worker[is_free])
        columns = self._first_choices(worker, load)
        self._settle(np.flatnonzero(~(is_first & is_free)), columns)
        return self._with_clocks(columns)

    def _rule_texts(self) -> Texts:
        seen_at = self.moment.seen_at
        told = "" if seen_at is None else f', "seen_at": "{seen_at.isoformat()}"'
        whole: Texts = f'{told}, "rule": ' + self.known.rule_texts
        return whole

    def _count(self, worker: Numbers) -> Numbers:
        """How many cases each worker has when his turn comes."""
        self._look_up(worker[worker != NOBODY].tolist())
        before = pd.Series(worker).groupby(worker).cumcount().to_numpy()
        numbers, which = np.unique(worker, return_inverse=True)
        return np.array([self.loads.get(number, 0) for number in numbers.tolist()], dtype=np.int64)[which] + before

    def _look_up(self, workers: list[int]) -> None:
        unknown = sorted(set(workers) - self.loads.keys())
        if unknown:
            self.loads |= dict.fromkeys(unknown, 0) | dict(self.moment.count_open(unknown))

    def _give(self, workers: Numbers) -> None:
        numbers, counts = np.unique(workers[workers != NOBODY], return_counts=True)
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
            self.loads[number] += count

    def _first_choices(self, worker: Numbers, load: Numbers) -> dict[str, Texts]:
        """For each case the first who is asked, as if he took it, and the explanation up to there."""
        of_agency, of_worker = self.agency != NONE, worker != NOBODY
        own = {name: texts([*self.known.agencies.frame[name], None])[self.agency] for name in ("id", "kind")}
        loads = either(of_worker, texts(f"{count}}}" for count in load.tolist()), "")
        result = np.where(of_agency, self.known.agency_results[self.agency], self.book.result[self.at] + loads)
        return {
            "step": np.where(of_agency, own["kind"], self.book.step[self.at]),
            "worker_id": either(of_worker, worker.tolist(), None),
            "desk_code": either(of_agency, None, self.book.desk[self.at]),
            "agency_id": own["id"],
            "explanation": self.seen + result,
        }

    def _settle(self, rows: Numbers, columns: dict[str, Texts]) -> None:
        """Ask in turn for the cases `rows`, and write what comes out into `columns`."""
        seen = [self._see(row) for row in rows.tolist()]
        on_duty = [one["worker_id"] for case in seen for one in (*case["roster"], *case["others"])]
        self._look_up(on_duty)
        for row, case in zip(rows.tolist(), seen, strict=True):
            asked = [one["worker_id"] for one in (*case["roster"], *case["others"])]
            case["loads"] = {str(worker): self.loads[worker] for worker in asked}
            decision = settle(case)
            if decision.worker_id is not None:
                self.loads[decision.worker_id] += 1
            told = {name: value for name, value in decision._asdict().items() if value is not None}
            columns["explanation"][row] = orjson.dumps(case | told).decode()[:-1]
            for name in HOLDER:
                columns[name][row] = told.get(name)

    def _see(self, row: int) -> dict[str, Any]:
        """Everything that is seen of one case, except loads."""
        at = int(self.at[row])
        seen: dict[str, Any] = orjson.loads(f'{self.seen[row]}, "roster": {self.book.roster[at]}}}')
        agencies = self.book.agencies_of(int(self.rule[row]), at)
        on_cell = {one["worker_id"] for one in seen["roster"]}
        others = self.known.others.get(str(self.book.places["community_code"].iat[at]), []) if seen["cell"] else []
        return seen | {
            "agencies": [orjson.loads(self.known.agency_texts[agency]) for agency in agencies],
            "load_max": self.known.load_max,
            "others": [one for one in others if one["worker_id"] not in on_cell],
            "level_before": str(self.cases["level_before"].iat[row]),
            "returns": self.cases["returns"].tolist()[row],
            "refused_by": self.cases["refused_by"].iat[row] or [],
        }

    def _with_clocks(self, columns: dict[str, Texts]) -> Decided:
        limit, deadlines = self.known.limits[self.rule], self.moment.deadlines
        which, limits = pd.factorize(limit, use_na_sentinel=False)
        known = [None if pd.isna(one) else one for one in limits.tolist()]
        clock = texts(f', "clock": {orjson.dumps(deadlines.clock(one)).decode()}}}' for one in known)[which]
        is_running = self.cases["due_at"].notna().to_numpy()
        if is_running.any():
            kept = (
                ', "clock": {"due_at": "'
                + self.cases["due_at"].to_numpy(dtype=object)[is_running]
                + '", "is_kept": true}}'
            )
            clock[is_running] = kept
        told = {"level": self.cases["level"].to_numpy(dtype=object), "rule_id": self.known.rule_ids[self.rule]}
        told |= {"time_limit": limit, "explanation": columns["explanation"] + clock}
        clocks = [(one, *(deadlines.of(one) or (None, False))) for one in known]
        return Decided(pd.DataFrame(columns | told, dtype=object), pd.DataFrame(clocks, columns=CLOCK, dtype=object))


def _heads(cases: pd.DataFrame, located: pd.DataFrame) -> Texts:
    """How each explanation begins: where the case lies, and what it is."""
    head = '{"located": "' + located["located"].to_numpy(dtype=object) + '", "candidates": '
    points = pairs(cases[["x", "y"]].to_numpy(dtype=float))
    facts = (f', "{name}": ' + _words(cases[name]) for name in CASE)
    text: Texts = head + located["candidates"].to_numpy(dtype=object) + ', "at": ' + points
    for fact in facts:
        text = text + fact
    return text


def _words(column: pd.Series) -> Texts:
    known = np.append(values(column.cat.categories), "null")
    return known[column.cat.codes]

"""What became of the demo's cases: who got each by the rules that hold for all, when it was due, and how it went.

Moments are UTC, missing while they lie in the future. How long each step takes is a share of the case's limit, counted on the
same clock as the limit, so that nobody works at night on what has till tomorrow noon.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely

from data.situation import Situation
from geo import deciding
from geo.blocks import Floats
from geo.book import Book
from geo.calendars import Calendar
from geo.deadlines import Deadlines
from geo.deciding import Moment
from geo.limits import Limit, parse_stages
from geo.rules import LEVELS, SOURCES, words
from geo.worktime import due_many

MANY = 10**9
"""As open cases of a worker: a year's cases are decided as if each had come alone."""
ON_TIME = {"cell_worker": 0.94, "station": 0.92, "committee": 0.9, "street_team": 0.87, "department": 0.83}
"""Share of the cases that are closed before they are due, by who handles them."""
REWORKED = 0.06
RATED = 0.38
SATISFACTION = {5: 0.46, 4: 0.31, 3: 0.13, 2: 0.06, 1: 0.04}
DISPLEASED = {5: 0.08, 4: 0.2, 3: 0.32, 2: 0.23, 1: 0.17}
"""Of those whose case was late or had to be done again."""
STEPS = (
    "accepted_at",
    "finished_at",
    "checked_at",
    "rejected_at",
    "finished_again_at",
    "checked_again_at",
    "closed_at",
)


def hand_out(cases: gpd.GeoDataFrame, located: pd.DataFrame, known: Situation) -> pd.DataFrame:
    """`worker_id`, `desk_code`, `agency_id`, `rule_id`, `time_limit`, `handler_kind` and `explanation` of each case, all missing
    while it waits. `cases` has `category_code`, `source`, `dispatched_at` and geometry (EPSG:4490)."""
    xy = shapely.get_coordinates(cases.geometry)
    taken = pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "returns": 0, "refused_by": None, "due_at": None})
    category = pd.Index(known.categories["code"]).get_indexer(cases["category_code"])
    source = pd.Index(SOURCES).get_indexer(cases["source"])
    taken = taken.assign(
        category=words(category, known.categories["code"]),
        source=words(source, SOURCES),
        level=words(np.zeros(len(cases), dtype=int), LEVELS),
    )
    book = Book.of(known.ground, replace(known.book.known, load_max=MANY))
    alone = Moment(lambda workers: {}, Deadlines(known.moment, known.calendar))
    rows = deciding.decide(taken, located, book, alone).rows
    told = rows[["worker_id", "desk_code", "agency_id", "rule_id", "time_limit", "explanation"]]
    told = told.assign(handler_kind=_kinds(rows["step"]))
    return pd.DataFrame(told.where(cases["dispatched_at"].notna()))


def _kinds(step: pd.Series) -> pd.Series:
    """Agencies by their kind, everybody else as a cell's worker."""
    return step.where(step.isin(ON_TIME), "cell_worker")


def live(cases: pd.DataFrame, calendar: Calendar, as_of: datetime, rng: np.random.Generator) -> pd.DataFrame:
    """`due_at`, `is_provisional`, the moments of `STEPS`, `rated_at`, `satisfaction`, `is_answered` and `is_solved`.

    In: `dispatched_at`, `time_limit`, `handler_kind`.
    """
    count = len(cases)
    share = _shares(cases["handler_kind"], rng)
    moments = {"due_at": np.ones(count)} | share
    spans = {name: _after(cases, part, calendar) for name, part in moments.items()}
    lived = pd.DataFrame({name: span["due"] for name, span in spans.items()}, index=cases.index)
    lived["is_provisional"] = spans["due_at"]["is_provisional"].fillna(False).astype(bool)
    happened = list(share)
    lived[happened] = lived[happened].where(lived[happened] <= as_of)
    return lived.join(_ratings(lived, as_of, rng))


def _shares(kind: pd.Series, rng: np.random.Generator) -> dict[str, Floats]:
    """After which part of its limit each step of a case comes; rejected and what follows only where it was done again."""
    count = len(kind)
    is_on_time = rng.random(count) < kind.map(ON_TIME).fillna(1).to_numpy(dtype=float)
    closed = np.where(is_on_time, 0.04 + 0.94 * rng.beta(2, 2.4, count), 1.02 + rng.exponential(0.35, count))
    finished = closed * rng.uniform(0.45, 0.75, count)
    left, is_again = closed - finished, rng.random(count) < REWORKED
    again = {name: np.where(is_again, finished + part * left, np.nan) for name, part in _AGAIN.items()}
    first = {"accepted_at": finished * rng.uniform(0.05, 0.35, count), "finished_at": finished}
    return first | {"checked_at": finished + 0.15 * left} | again | {"closed_at": closed}


_AGAIN = {"rejected_at": 0.3, "finished_again_at": 0.7, "checked_again_at": 0.8}


def _after(cases: pd.DataFrame, share: Floats, calendar: Calendar) -> pd.DataFrame:
    """When this part of its limit is over for each case: `due` (UTC), `is_provisional`; missing where the share is."""
    parts = [
        _of_limit(text, rows, pd.Series(share, cases.index), calendar) for text, rows in cases.groupby("time_limit")
    ]
    return pd.concat(parts).reindex(cases.index) if parts else pd.DataFrame(columns=["due", "is_provisional"])


def _of_limit(text: Any, cases: pd.DataFrame, share: pd.Series, calendar: Calendar) -> pd.DataFrame:
    limit: Limit = parse_stages(text)[-1]
    begun = cases["dispatched_at"].where(share.loc[cases.index].notna())
    minutes = share.loc[cases.index].fillna(0) * limit.minutes(calendar.hours)
    if limit.is_round_the_clock:
        return pd.DataFrame(
            {"due": begun + pd.to_timedelta(minutes, unit="min").dt.round("s"), "is_provisional": False}
        )
    found = due_many(begun, minutes.to_numpy(), calendar)
    return found.assign(due=found["due"].dt.tz_convert("UTC").dt.round("s"))


def _ratings(lived: pd.DataFrame, as_of: datetime, rng: np.random.Generator) -> pd.DataFrame:
    count = len(lived)
    said = lived["closed_at"] + pd.to_timedelta(rng.lognormal(np.log(9), 1.0, count), unit="h").round("s")
    is_said = (rng.random(count) < RATED) & (said <= as_of).to_numpy()
    is_sore = (lived["closed_at"] > lived["due_at"]) | lived["rejected_at"].notna()
    pleased, sore = (rng.choice(list(odds), count, p=list(odds.values())) for odds in (SATISFACTION, DISPLEASED))
    satisfaction = np.where(is_sore, sore, pleased)
    is_solved = (satisfaction > 2) | (rng.random(count) < 0.45)
    is_answered = is_solved | (rng.random(count) < 0.8)
    return pd.DataFrame(
        {
            "rated_at": said.where(is_said),
            "satisfaction": satisfaction,
            "is_answered": is_answered,
            "is_solved": is_solved,
        },
        index=lived.index,
    )


def explain(cases: pd.DataFrame, calendar: Calendar, load_max: int) -> pd.Series:
    """The explanations of open cases, with the clock that they run by; closed ones are old and have none."""
    is_open = cases["dispatched_at"].notna() & cases["closed_at"].isna()
    texts = [_with_clock(row, calendar, load_max) for row in cases[is_open].itertuples()]
    return pd.Series(texts, index=cases.index[is_open], dtype=object).reindex(cases.index)


def _with_clock(case: Any, calendar: Calendar, load_max: int) -> str:
    told = orjson.loads(case.explanation)
    if told.get("clock"):
        clock = {
            "due_at": case.due_at.tz_convert(calendar.zone).isoformat(),
            "is_provisional": bool(case.is_provisional),
        }
        told["clock"] = clock | {"calendar": calendar.digest}
    if "load_max" in told:
        told["load_max"] = load_max
    return orjson.dumps(told).decode()

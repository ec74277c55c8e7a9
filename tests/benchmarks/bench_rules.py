"""What a case costs to decide with 20 handling rules and with 2,000: everything but storing, in batches of 5,000.

The rules name categories, communities, streets, levels, area classes, sources and agencies at random. Processor time, the
first batch included: what is found is remembered from batch to batch.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from data import reference
from geo.book import Book, Known
from geo.calendars import Calendar, parse_hours
from geo.deadlines import Deadlines
from geo.deciding import Moment, decide
from geo.location import Ground, locate
from geo.rules import CLASSES, LEVELS, SOURCES, Rules, words
from tests import town
from tests.benchmarks.report import Row

CASES, BATCHES, TURNS = 5_000, 8, 3
FEW, MANY = 20, 2_000
TOWN = town.build(50, 40)
CATEGORIES = pd.DataFrame(reference.rows("categories"), dtype=object)[["code", "parent_code"]]
ZONE = ZoneInfo("Asia/Shanghai")


def rows() -> Iterator[Row]:
    cells, communities, streets = town.layers(TOWN)
    ground = Ground.of(cells, communities, streets, tolerance_m=30, srid=4548)
    batches = [_batch(number) for number in range(BATCHES)]
    places = [locate(batch[["x", "y"]].to_numpy(), ground) for batch in batches]
    spent: dict[int, float] = {}
    for count in (FEW, MANY) * TURNS:
        book = Book.of(ground, _known(count))
        begun = time.process_time()
        for cases, located in zip(batches, places, strict=True):
            _decide(cases, located, book)
        taken = time.process_time() - begun
        spent[count] = min(spent.get(count, np.inf), taken / BATCHES / CASES * 1e6)
    name = f"decide a case with {MANY:,} rules"
    yield Row(name, spent[MANY], "µs", spent[FEW], f"with {FEW} rules", aim="aim: the same")


def _decide(cases: pd.DataFrame, located: pd.DataFrame, book: Book) -> None:
    deadlines = Deadlines(datetime(2026, 5, 6, 10, tzinfo=ZONE), Calendar(parse_hours("09:00-12:00,13:00-18:00"), ZONE))
    decided = decide(cases, located, book, Moment(lambda workers: {}, deadlines))
    assert len(decided.rows) == CASES


def _known(rules: int) -> Known:
    heads = TOWN.cells.assign(worker_id=range(len(TOWN.cells)), name="张*", role="head", is_on_duty=True)
    kinds = {"station": TOWN.communities, "committee": TOWN.communities, "street_team": TOWN.streets}
    agencies = [
        areas.assign(kind=kind, area_code=areas["code"], code=areas["code"] + kind) for kind, areas in kinds.items()
    ]
    return Known.of(
        rules=Rules.of(_rules(rules), CATEGORIES),
        agencies=pd.concat(agencies, ignore_index=True).assign(id=lambda frame: range(len(frame))),
        roster=heads.rename(columns={"code": "cell_code"}),
        workers=heads[["community_code", "worker_id", "name"]],
        area_classes={},
        load_max=1000,
        returns_max=2,
    )


def _rules(count: int) -> pd.DataFrame:
    """One for everything, and others that each name some of what a rule can name."""
    rng = np.random.default_rng(7)
    areas = pd.concat([TOWN.communities.assign(level="community"), TOWN.streets.assign(level="street")])
    area = areas.iloc[rng.integers(0, len(areas), count)].reset_index(drop=True)
    named = {
        "category_code": rng.choice(CATEGORIES["code"].to_numpy(), count),
        "level": rng.choice(LEVELS, count),
        "area_class": rng.choice(CLASSES, count),
        "source": rng.choice(SOURCES, count),
        "area_code": area["code"].to_numpy(),
    }
    frame = pd.DataFrame(named, dtype=object)
    frame = frame.mask(rng.random(frame.shape) > (0.8, 0.2, 0.2, 0.3, 0.5), None)
    frame.iloc[0] = None
    limits = rng.choice(["2h", "4wh", "2wd", "7d"], count)
    handlers = rng.choice(["cell_worker", "station", "committee", "street_team", "department"], count)
    told = {
        "agency_code": None,
        "time_limit": limits,
        "basis": "-",
        "valid_from": date(2020, 1, 1),
        "handler": handlers,
    }
    frame = frame.assign(id=range(1, count + 1), code=[f"r{number}" for number in range(count)], **told)
    return frame.assign(area_level=area["level"].where(frame["area_code"].notna(), None)).astype(object)


def _batch(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    west, south, east, north = TOWN.bounds
    return pd.DataFrame(
        {
            "category": words(rng.integers(0, len(CATEGORIES), CASES), CATEGORIES["code"]),
            "level": words(np.zeros(CASES, dtype=int), LEVELS),
            "source": words(rng.integers(0, len(SOURCES), CASES), SOURCES),
            "returns": 0,
            "refused_by": pd.Series([None] * CASES, dtype=object),
            "due_at": pd.Series([None] * CASES, dtype=object),
            "x": rng.uniform(west, east, CASES),
            "y": rng.uniform(south, north, CASES),
        }
    )

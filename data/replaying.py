"""Decide again with the data of then: ground, rules, agencies, rosters and leave as they held, the case as its ledger tells it.

What leaves no trace is taken from the explanation: how far up the case had come, who had how many open cases, and which cell its
reporter had picked.
The calendar is that of now; its digest tells whether it is another. Points in EPSG:4490.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely
from psycopg import Connection

from data import calendars, handling
from data.database import sql
from data.settings import settings
from geo import comparing
from geo.book import Book, Known
from geo.deadlines import Deadlines
from geo.deciding import Moment, decide
from geo.location import SRID, Ground, locate
from geo.rules import LEVELS, SOURCES, words

AREA = ["id", "code", "name", "parent_code", "area_class", "geom"]
CELL = ["id", "code", "name", "parent_code", "geom"]
FROM_RECORD = ["level", "loads"]
PICKED = "picked"


@dataclass(frozen=True)
class Past:
    """What held at a moment; cases that were dispatched together share it."""

    connection: Connection[Any]
    moment: datetime

    @cached_property
    def numbers(self) -> dict[str, float]:
        return handling.read_numbers(self.connection, self.moment.date())

    @cached_property
    def known(self) -> Known:
        return handling.read(self.connection, self.moment, {}, self.numbers)

    @cached_property
    def categories(self) -> list[str]:
        return [str(code) for code in handling.read_categories(self.connection)["code"]]

    def ground_at(self, lon: float, lat: float) -> tuple[Ground, dict[str, str | None]]:
        """The ground around a point, and the area class of each community by its code."""
        at = {"day": self.moment.date(), "lon": lon, "lat": lat}
        cells = self._frame("cells_near", CELL, at | {"tolerance_m": self.numbers["border_tolerance_m"]})
        communities = self._frame("areas_near", AREA, at | {"level": "community", "codes": _codes(cells)})
        streets = self._frame("areas_near", AREA, at | {"level": "street", "codes": _codes(communities)})
        tolerance_m, srid = self.numbers["border_tolerance_m"], settings().metric_srid
        classes = dict(zip(communities["code"], communities["area_class"], strict=True))
        return Ground.of(cells, communities, streets, tolerance_m=tolerance_m, srid=srid), classes

    def _frame(self, name: str, columns: list[str], wish: Mapping[str, Any]) -> gpd.GeoDataFrame:
        frame = pd.DataFrame(self.connection.execute(sql(name), wish).fetchall(), columns=columns, dtype=object)
        shapes = shapely.from_wkb(frame.pop("geom").to_numpy(dtype=object))
        return gpd.GeoDataFrame(frame, geometry=shapes, crs=SRID)


def replay(connection: Connection[Any], case: Mapping[str, Any], past: Past | None = None) -> dict[str, Any]:
    """Take a decision again. `case` is a row of data/sql/case_as_it_was.sql with an explanation.

    Returns `agrees`, `explanation` as it comes out now, `differences` (member: `then`, `again`) and `from_record`.
    """
    then = case["explanation"]
    past = past or Past(connection, moment_of(case))
    ground, classes = past.ground_at(case["lon"], case["lat"])
    picks = {0: then["cell"]["code"]} if then["located"] == PICKED else {}
    located = locate(np.array([[case["lon"], case["lat"]]], dtype=float), ground, picks)
    book = Book.of(ground, past.known.with_classes(classes))
    decided = decide(_as_it_was(case, past.categories), located, book, _moment(connection, case))
    again = orjson.loads(decided.rows["explanation"][0])
    found = comparing.differences(then, again)
    return {
        "agrees": comparing.agrees(then, again),
        "explanation": again,
        "differences": found,
        "from_record": FROM_RECORD,
    }


def moment_of(case: Mapping[str, Any]) -> datetime:
    """When rosters and rules were looked at, in the city's time."""
    seen_at = case["explanation"].get("seen_at")
    moment: datetime = datetime.fromisoformat(seen_at) if seen_at else case["at"]
    return moment.astimezone(ZoneInfo(settings().timezone))


def _moment(connection: Connection[Any], case: Mapping[str, Any]) -> Moment:
    loads = {int(worker): int(load) for worker, load in case["explanation"].get("loads", {}).items()}
    seen_at = case["explanation"].get("seen_at")
    deadlines = Deadlines(case["at"], calendars.read(connection))
    return Moment(lambda workers: loads, deadlines, datetime.fromisoformat(seen_at) if seen_at else None)


def _as_it_was(case: Mapping[str, Any], categories: list[str]) -> pd.DataFrame:
    then = case["explanation"]
    level, clock = then.get("level_before", then["level"]), then["clock"] or {}
    category = categories.index(case["category"]) if case["category"] in categories else -1
    return pd.DataFrame(
        {
            "category": words(np.array([category]), categories),
            "level": words(np.array([LEVELS.index(level)]), LEVELS),
            "source": words(np.array([SOURCES.index(case["source"])]), SOURCES),
            "returns": then.get("returns", 0),
            "refused_by": pd.Series([case["refused_by"]], dtype=object),
            "due_at": pd.Series([clock["due_at"] if clock.get("is_kept") else None], dtype=object),
            "x": [case["lon"]],
            "y": [case["lat"]],
        }
    )


def _codes(frame: pd.DataFrame) -> list[str]:
    return [str(code) for code in frame["parent_code"]]

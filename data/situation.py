"""What the dispatcher knows: today's ground, rules and who is on duty, kept in memory until it changes. Boundaries in EPSG:4490.

Every change of areas, cells, workers, assignments, leave, agencies, rules or the calendar raises `ground_revision`; a planned
change (midnight, the end of a leave) has its moment. Cells whose rows did not change keep their shapes, so that moving one
border costs one shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from psycopg import Connection

from data import calendars, handling, rosters
from data.database import sql
from data.settings import settings
from geo.book import Book
from geo.calendars import Calendar
from geo.errors import NotReady
from geo.location import SRID, Ground, Layer, project
from geo.rules import words

SHAPES = ["geometry", "plane"]
REVISION = "SELECT revision, clock_timestamp() FROM ground_revision"


@dataclass(frozen=True)
class Situation:
    """Ground, rules and rosters as of one revision, good until `until`."""

    revision: int
    moment: datetime
    """When it was read, by the database's clock, in the city's time."""
    until: datetime
    ground: Ground
    book: Book
    categories: pd.DataFrame
    """`code` and `hash`, rising by `hash`."""
    calendar: Calendar
    shapes: pd.DataFrame
    """The cells' shapes by `id` and `version`: `geometry` in degrees and `plane` in the zone."""

    def holds(self, revision: int, moment: datetime) -> bool:
        return revision == self.revision and moment < self.until

    def name_categories(self, hashes: pd.Series) -> Any:
        """The categories of taken cases, named by the hashes of their codes."""
        known = self.categories["hash"].to_numpy(dtype=np.int64)
        at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
        return words(np.where(known[at] == hashes, at, -1), self.categories["code"])


def look(connection: Connection[Any], known: Situation | None = None) -> Situation:
    """The situation of now: `known` if it still holds, else read again. The caller's transaction must see each commit."""
    row = connection.execute(REVISION).fetchone()
    if row is None:
        raise NotReady("no revision of the ground: run `wangge db migrate`")
    revision, moment = int(row[0]), row[1].astimezone(ZoneInfo(settings().timezone))
    if known and known.holds(revision, moment):
        return known
    return _read(connection, revision, moment, known)


def _read(connection: Connection[Any], revision: int, moment: datetime, known: Situation | None) -> Situation:
    day = {"day": moment.date()}
    cells, shapes = _cells(connection, day, known)
    communities, area_classes = _areas(connection, day | {"level": "community"})
    streets, _ = _areas(connection, day | {"level": "street"})
    numbers = handling.read_numbers(connection, moment.date())
    planes = shapes["plane"].to_numpy(dtype=object)
    ground = Ground(cells, communities, streets, numbers["border_tolerance_m"], settings().metric_srid, planes)
    return Situation(
        revision=revision,
        moment=moment,
        until=_until(connection, moment),
        ground=ground,
        book=Book.of(ground, handling.read(connection, moment, area_classes, numbers)),
        categories=handling.read_categories(connection).sort_values("hash", ignore_index=True),
        calendar=calendars.read(connection),
        shapes=shapes,
    )


def _until(connection: Connection[Any], moment: datetime) -> datetime:
    midnight = datetime.combine(moment.date() + timedelta(days=1), time(), tzinfo=moment.tzinfo)
    change = rosters.next_change(connection, moment)
    return min(midnight, change) if change else midnight


def _cells(connection: Connection[Any], day: dict[str, Any], known: Situation | None) -> tuple[Layer, pd.DataFrame]:
    cursor = connection.execute(sql("cells_now"), day)
    frame = pd.DataFrame(cursor.fetchall(), columns=["id", "version", "code", "name", "parent_code"])
    frame = frame.sort_values("code", ignore_index=True)
    versions = pd.MultiIndex.from_frame(frame[["id", "version"]])
    kept = known.shapes if known else pd.DataFrame(columns=SHAPES, index=versions[:0], dtype=object)
    missing = versions[~versions.isin(kept.index)]
    shapes = pd.concat([kept, _shapes(connection, missing)]).reindex(versions)
    return Layer(frame.drop(columns="version"), shapes["geometry"].to_numpy(dtype=object)), shapes


def _shapes(connection: Connection[Any], versions: pd.Index[Any]) -> pd.DataFrame:
    """Shapes of cells by id; a row that changes meanwhile keeps the older version's name and is read again next time."""
    ids = versions.get_level_values(0).tolist()
    rows = connection.execute("SELECT id, ST_AsBinary(geom) FROM cell WHERE id = ANY(%s)", [ids]).fetchall()
    found = pd.Series([row[1] for row in rows], index=[row[0] for row in rows], dtype=object).reindex(ids)
    shapes = shapely.from_wkb(found.to_numpy(dtype=object))
    shapely.prepare(shapes)
    return pd.DataFrame(
        {"geometry": shapes, "plane": project(shapes, settings().metric_srid)}, index=versions, dtype=object
    )


def _areas(connection: Connection[Any], which: dict[str, Any]) -> tuple[Layer, dict[str, str | None]]:
    """The areas of a level, and the area class of each by its code."""
    rows = connection.execute(sql("areas_now"), which).fetchall()
    frame = pd.DataFrame(rows, columns=["id", "code", "name", "parent_code", "area_class", "geom"])
    shapes = shapely.from_wkb(frame.pop("geom").to_numpy(dtype=object))
    classes = dict(zip(frame["code"], frame["area_class"], strict=True))
    return Layer.of(gpd.GeoDataFrame(frame, geometry=shapes, crs=SRID)), classes

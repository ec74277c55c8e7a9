"""What the dispatcher knows: today's ground and who is on duty, kept in memory until it changes. Boundaries in EPSG:4490.

Every change of areas, cells, workers, assignments or leave raises `ground_revision`; a planned change (midnight, the end of a
leave) has its moment. Cells whose rows did not change keep their shapes, so that moving one border costs one shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
import shapely
from psycopg import Connection

from data import rosters
from data.database import sql
from data.settings import settings
from geo import routing
from geo.errors import NotReady
from geo.location import SRID, Ground, Layer, project

SHAPES = ["geometry", "plane"]
TOLERANCE = """
    SELECT value FROM parameter
    WHERE name = 'border_tolerance_m' AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
"""


@dataclass(frozen=True)
class Situation:
    """Ground and rosters as of one revision, good until `until`."""

    revision: int
    until: datetime
    ground: Ground
    duty: pd.DataFrame
    book: routing.Book
    shapes: pd.DataFrame
    """The cells' shapes by `id` and `version`: `geometry` in degrees and `plane` in the zone."""

    def holds(self, revision: int, moment: datetime) -> bool:
        return revision == self.revision and moment < self.until


def look(connection: Connection[Any], known: Situation | None = None) -> Situation:
    """The situation of now: `known` if it still holds, else read again. The caller's transaction must see each commit."""
    moment = datetime.now(ZoneInfo(settings().timezone))
    row = connection.execute("SELECT revision FROM ground_revision").fetchone()
    revision = int(row[0]) if row else 0
    if known and known.holds(revision, moment):
        return known
    return _read(connection, revision, moment, known)


def _read(connection: Connection[Any], revision: int, moment: datetime, known: Situation | None) -> Situation:
    day = {"day": moment.date()}
    cells, shapes = _cells(connection, day, known)
    communities, streets = (_areas(connection, day | {"level": level}) for level in ("community", "street"))
    planes = shapes["plane"].to_numpy(dtype=object)
    ground = Ground(cells, communities, streets, _tolerance(connection, day), settings().metric_srid, planes)
    duty = routing.draw_up(rosters.read(connection, moment))
    book = routing.write_book(ground.places(), duty)
    return Situation(revision, _until(connection, moment), ground, duty, book, shapes)


def _until(connection: Connection[Any], moment: datetime) -> datetime:
    midnight = datetime.combine(moment.date() + timedelta(days=1), time(), tzinfo=moment.tzinfo)
    change = rosters.next_change(connection, moment)
    return min(midnight, change) if change else midnight


def _tolerance(connection: Connection[Any], day: dict[str, Any]) -> float:
    row = connection.execute(TOLERANCE, day).fetchone()
    if row is None:
        raise NotReady("no value for border_tolerance_m today: run `wangge db migrate`")
    return float(row[0])


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


def _areas(connection: Connection[Any], which: dict[str, Any]) -> Layer:
    rows = connection.execute(sql("areas_now"), which).fetchall()
    frame = pd.DataFrame(rows, columns=["id", "code", "name", "parent_code", "geom"])
    shapes = shapely.from_wkb(frame.pop("geom").to_numpy(dtype=object))
    return Layer.of(gpd.GeoDataFrame(frame, geometry=shapes, crs=SRID))

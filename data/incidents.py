"""Report an incident: stored and located by one statement. EPSG:4490; distances are metres."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from psycopg import AsyncConnection as PsycopgConnection
from psycopg import OperationalError, errors
from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncConnection

from data.database import async_driver_connection, sql
from data.days import today
from data.settings import settings
from geo.cases import refuse
from geo.errors import BadInput, KeyReused, Unavailable
from geo.masking import mask_named

GIVEN = (
    *("key", "source", "category", "description", "reported_at"),
    *("cell", "accuracy_m", "observed_at", "reported_by"),
)
"""What of a report goes into the statement as it is."""


@dataclass(frozen=True)
class Report:
    """What somebody tells us. `lon`, `lat` in `datum` as given; `point` is the same place as (lon, lat) in EPSG:4490."""

    lon: float
    lat: float
    datum: str
    point: tuple[float, float]
    category: str
    description: str = ""
    source: str = "resident"
    key: str | None = None
    """Idempotency key: the same key with the same content is the same report."""
    reported_at: datetime | None = None
    cell: str | None = None
    """The code of the cell that the reporter picked among those within the tolerance."""
    accuracy_m: float | None = None
    observed_at: datetime | None = None
    """When it was seen; what lies in the future counts as now, and so does nothing."""
    own_name: str | None = None
    """What the reporter calls himself: masked in the description before that is stored; no part of the content."""
    reported_by: str | None = None
    """`worker:<id>` where a grid worker reports."""

    def digest(self) -> str:
        """SHA-256 of the content, by which a repeated report is known from another one under the same key."""
        told = [self.lon, self.lat, self.datum, self.category, self.description, self.source]
        told += [one for one in (self.cell, self.accuracy_m, self.observed_at) if one is not None]
        return hashlib.sha256(orjson.dumps(told)).hexdigest()


@dataclass(frozen=True)
class Place:
    """A cell, community or street by the version that holds today."""

    id: int
    code: str
    name: str


@dataclass(frozen=True)
class Reported:
    """What the reporter is told. `located`: inside, border, gap, picked, none; `candidates`: `code`, `distance_m`, the nearest
    first."""

    id: int
    state: str
    reported_at: datetime
    located: str | None
    candidates: list[dict[str, Any]]
    cell: Place | None
    community: Place | None
    street: Place | None
    is_replayed: bool = False
    """Stored by an earlier call with the same key; the answer is that of now."""


async def report(connection: AsyncConnection, report: Report) -> Reported:
    """Store and locate a report, its case and its first event. Commit, then call `data.live.wake` so that nobody sleeps on.

    In a transaction that sees everything: whoever reports is told where it lies, though he may not see it afterwards.
    Raises: BadInput for an unknown category, and for a picked cell that is not within the tolerance; KeyReused for a known key with
    another content.
    """
    driver = await async_driver_connection(connection)
    row = await _one(driver, "report_incident", _parameters(report))
    if row:
        return _reported(row)
    return await _replay(driver, report)


async def _one(driver: PsycopgConnection[Any], name: str, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    async with driver.cursor(row_factory=dict_row) as cursor:
        try:
            await cursor.execute(sql(name), parameters, prepare=True)
        except errors.ForeignKeyViolation as error:
            category = parameters.get("category")
            raise BadInput(f"no category {category}", fields=[{"field": "category", "value": category}]) from error
        except OperationalError as error:
            raise Unavailable(f"the database does not answer: {error}") from error
        return await cursor.fetchone()


def _parameters(report: Report) -> dict[str, Any]:
    x, y = report.point
    given = {name: getattr(report, name) for name in GIVEN}
    given["description"] = mask_named(report.description, report.own_name)
    where = {"lon": report.lon, "lat": report.lat, "datum": report.datum, "x": x, "y": y}
    return given | where | {"digest": report.digest(), "today": today(), "metric_srid": settings().metric_srid}


async def _replay(driver: PsycopgConnection[Any], report: Report) -> Reported:
    row = await _one(driver, "reported_incident", {"key": report.key})
    if row is None and report.cell:
        raise refuse("cell", report.cell, "does not lie within the tolerance of the point")
    if row is None or row["content_digest"] != report.digest():
        raise KeyReused("this idempotency key belongs to another report", key=report.key)
    return _reported(row, is_replayed=True)


def _reported(row: Mapping[str, Any], *, is_replayed: bool = False) -> Reported:
    told = {name: row[name] for name in ("id", "state", "reported_at", "located")}
    places = {kind: _place(row, kind) for kind in ("cell", "community", "street")}
    return Reported(**told | places, candidates=row["candidates"] or [], is_replayed=is_replayed)


def _place(row: Mapping[str, Any], kind: str) -> Place | None:
    key = row[f"{kind}_id"]
    return None if key is None else Place(key, row[f"{kind}_code"], row[f"{kind}_name"])

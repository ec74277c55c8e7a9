"""Incidents to look at: one with everything about it, many as GeoJSON. EPSG:4490; names of people are masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from data.database import async_driver_connection, sql
from data.geojson import Bbox, Feature, Page, collection, feature, geometry_text
from data.models import Agency, Area, CaseEvent, CaseFile, Category, Cell, Incident, Worker
from geo.errors import BadInput, NotFound
from geo.explaining import explain
from geo.masking import mask_numbers
from geo.sight import Sight

COMMUNITY, STREET, DESK = aliased(Area), aliased(Area), aliased(Area)
CATEGORY = func.coalesce(CaseFile.category_code, Incident.category_code)
HOLDER = ("worker_code", "worker_name", "desk_code", "desk_name", "agency_code", "agency_name")
TOLD = ("id", "state", "category", "category_name", "reported_at", "dispatched_at", "located")
BRIEF: tuple[Any, ...] = (
    Incident.id,
    CaseFile.state,
    CATEGORY.label("category"),
    Category.name.label("category_name"),
    Incident.reported_at,
    CaseFile.dispatched_at,
    CaseFile.located,
    Cell.code.label("cell_code"),
    Cell.name.label("cell_name"),
    Worker.code.label("worker_code"),
    Worker.name.label("worker_name"),
    CaseFile.desk_code,
    DESK.name.label("desk_name"),
    Agency.code.label("agency_code"),
    Agency.name.label("agency_name"),
    geometry_text(Incident.geom).label("geometry"),
)
"""Of every incident in a list; first those that go out as they are, named by `TOLD`."""
WHOLE: tuple[Any, ...] = (
    Incident.lon,
    Incident.lat,
    Incident.datum,
    Incident.description,
    Incident.accuracy_m,
    Incident.observed_at,
    CaseFile.candidates,
    COMMUNITY.code.label("community_code"),
    COMMUNITY.name.label("community_name"),
    STREET.code.label("street_code"),
    STREET.name.label("street_name"),
)
"""What one incident tells besides."""


HOLDERS = {"worker": "worker_id", "desk": "desk_code", "agency": "agency_id"}
ANYWHERE = dict.fromkeys(field.name for field in fields(Bbox))
FROM_THE_NEWEST = {"after_at": None, "after_id": None}


@dataclass(frozen=True)
class Wanted:
    """Which incidents: null means any. `since` is included, `until` is not."""

    state: str | None = None
    cell: str | None = None
    community: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def get_incident(connection: AsyncConnection, incident_id: int, *, language: str = "zh") -> dict[str, Any]:
    """Everything about one incident: what was told, where it lies, who holds it, its history, and why this holder.

    `holder` has `kind` (worker or desk), `code`, `name`; `history` has `at`, `event`, `from_state`, `to_state`, `actor`;
    `why` is the last dispatch's `sentence` in `language` and `explanation`, null before it.
    """
    row = (await connection.execute(_select(*WHOLE).where(Incident.id == incident_id))).one_or_none()
    if row is None:
        raise NotFound(f"no incident {incident_id}", id=incident_id)
    events = (await connection.execute(_events(incident_id))).all()
    return _detail(row) | {"history": [_event(event) for event in events], "why": _why(events, language)}


async def list_incidents(connection: AsyncConnection, page: Page, wanted: Wanted, sight: Sight) -> bytes:
    """A page of the incidents on somebody's ground or in his hands as a FeatureCollection, the newest first."""
    driver = await async_driver_connection(connection)
    where = vars(page.bbox) if page.bbox else ANYWHERE
    after = _read_cursor(page.after) if page.after else FROM_THE_NEWEST
    given = vars(wanted) | where | after | _of(sight) | {"limit": page.limit + 1}
    rows = await (await driver.execute(sql("list_incidents"), given, prepare=False)).fetchall()
    return collection([_feature(row) for row in rows], page.limit, cursor=_cursor)


def _select(*more: ColumnElement[Any]) -> Select[Any]:
    """Rows with the columns of `BRIEF` and `more`."""
    return (
        select(*BRIEF, *more)
        .select_from(Incident)
        .join(CaseFile, CaseFile.id == Incident.id)
        .join(Category, Category.code == CATEGORY)
        .outerjoin(Cell, Cell.id == CaseFile.cell_id)
        .outerjoin(COMMUNITY, COMMUNITY.id == CaseFile.community_id)
        .outerjoin(STREET, STREET.id == CaseFile.street_id)
        .outerjoin(Worker, Worker.id == CaseFile.worker_id)
        .outerjoin(Agency, Agency.id == CaseFile.agency_id)
        .outerjoin(DESK, and_(DESK.code == CaseFile.desk_code, DESK.valid_to.is_(None)))
    )


def _of(sight: Sight) -> dict[str, Any]:
    """His ground and hands. Row-level security leaves hardly more; said here, the database knows how few they are."""
    kind, _, key = sight.actor.partition(":")
    held: dict[str, Any] = dict.fromkeys(HOLDERS.values())
    if kind in HOLDERS:
        held[HOLDERS[kind]] = key if kind == "desk" else int(key)
    return held | {"everything": sight.everything, "areas": list(sight.areas), "cells": list(sight.cells)}


def _events(incident_id: int) -> Select[Any]:
    shown = (
        CaseEvent.at,
        CaseEvent.event,
        CaseEvent.from_state,
        CaseEvent.to_state,
        CaseEvent.actor,
        CaseEvent.explanation,
    )
    return select(*shown).where(CaseEvent.case_id == incident_id).order_by(CaseEvent.seq)


def _event(event: Row[Any]) -> dict[str, Any]:
    return {name: value for name, value in event._mapping.items() if name != "explanation"}


def _why(events: Sequence[Row[Any]], language: str) -> dict[str, Any] | None:
    last = next((event.explanation for event in reversed(events) if event.explanation), None)
    return {"sentence": explain(last, language), "explanation": last} if last else None


def _detail(row: Row[Any]) -> dict[str, Any]:
    told = {
        name: getattr(row, name) for name in (*TOLD, "lon", "lat", "datum", "accuracy_m", "observed_at", "description")
    }
    del told["dispatched_at"]
    told["description"] = mask_numbers(told["description"])
    places = {
        "cell": _place(row.cell_code, row.cell_name),
        "community": _place(row.community_code, row.community_name),
        "street": _place(row.street_code, row.street_name),
    }
    holder = _holder([getattr(row, name) for name in HOLDER])
    shape = orjson.loads(row.geometry)
    return told | places | {"candidates": row.candidates or [], "geometry": shape, "holder": holder}


def _feature(row: Sequence[Any]) -> Feature:
    """Columns of `BRIEF`, taken by place: 5,000 rows by name would cost 40 ms more."""
    *told, cell_code, cell_name, _, _, _, _, _, _, geometry = row
    properties = dict(zip(TOLD, told, strict=True))
    held = _holder(row[-len(HOLDER) - 1 : -1])
    return feature(properties["id"], geometry, **properties, cell=_place(cell_code, cell_name), holder=held)


def _place(code: str | None, name: str | None) -> dict[str, str | None] | None:
    return None if code is None else {"code": code, "name": name}


def _holder(columns: Sequence[Any]) -> dict[str, str | None] | None:
    """From the columns of `HOLDER`."""
    worker_code, worker_name, desk_code, desk_name, agency_code, agency_name = columns
    if worker_code:
        return {"kind": "worker", "code": worker_code, "name": worker_name}
    if agency_code:
        return {"kind": "agency", "code": agency_code, "name": agency_name}
    return {"kind": "desk", "code": desk_code, "name": desk_name} if desk_code else None


def _cursor(one: Feature) -> str:
    moment: datetime = one["properties"]["reported_at"]
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z~{one['id']}"


def _read_cursor(text: str) -> dict[str, Any]:
    try:
        moment, _, key = text.partition("~")
        return {"after_at": datetime.fromisoformat(moment), "after_id": _row_id(key)}
    except ValueError as error:
        fields = [{"field": "after", "value": text, "message": "is not the `next` of a page"}]
        raise BadInput("after: is not the `next` of a page", fields=fields) from error


def _row_id(text: str) -> int:
    """Raises: ValueError where PostgreSQL's bigint ends."""
    if not 0 <= int(text) < 2**63:
        raise ValueError(text)
    return int(text)

"""Incidents to look at: one with everything about it, many as GeoJSON. EPSG:4490; names of people are masked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, Select, and_, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from data.geojson import Feature, Page, collection, feature, geometry_text, touches
from data.models import Area, CaseEvent, CaseFile, Category, Cell, Incident, Worker
from geo.errors import BadInput, NotFound
from geo.explaining import explain
from geo.masking import mask_name

COMMUNITY, STREET, DESK = aliased(Area), aliased(Area), aliased(Area)


CONDITIONS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "state": lambda state: CaseFile.state == state,
    "cell": lambda code: CaseFile.cell_id.in_(select(Cell.id).where(Cell.code == code)),
    "community": lambda code: CaseFile.community_id.in_(select(Area.id).where(Area.code == code)),
    "since": lambda moment: Incident.reported_at >= moment,
    "until": lambda moment: Incident.reported_at < moment,
}


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
    row = (await connection.execute(_select().where(Incident.id == incident_id))).one_or_none()
    if row is None:
        raise NotFound(f"no incident {incident_id}", id=incident_id)
    events = (await connection.execute(_events(incident_id))).all()
    return _detail(row) | {"history": [_event(event) for event in events], "why": _why(events, language)}


async def list_incidents(connection: AsyncConnection, page: Page, wanted: Wanted) -> bytes:
    """A page of incidents as a FeatureCollection, the newest first."""
    found = _select().where(touches(Incident.geom, page.bbox), *_conditions(wanted))
    if page.after:
        found = found.where(tuple_(Incident.reported_at, Incident.id) < tuple_(*_read_cursor(page.after)))
    found = found.order_by(Incident.reported_at.desc(), Incident.id.desc()).limit(page.limit + 1)
    rows = (await connection.execute(found)).all()
    return collection([_feature(row) for row in rows], page.limit, cursor=_cursor)


def _select() -> Select[Any]:
    told = (Incident.id, Incident.reported_at, CaseFile.located, CaseFile.candidates, Incident.lon, Incident.lat)
    more = (
        Incident.datum,
        Incident.description,
        CaseFile.state,
        CaseFile.dispatched_at,
        Category.name.label("category_name"),
    )
    holder = (Worker.code.label("worker_code"), Worker.name.label("worker_name"), CaseFile.desk_code)
    places = [
        column.label(f"{kind}_{column.key}")
        for kind, table in (("cell", Cell), ("community", COMMUNITY), ("street", STREET))
        for column in (table.code, table.name)
    ]
    category, desk = Incident.category_code.label("category"), DESK.name.label("desk_name")
    return (
        select(*told, *more, *holder, *places, category, desk, geometry_text(Incident.geom).label("geometry"))
        .join(CaseFile, CaseFile.id == Incident.id)
        .join(Category, Category.code == Incident.category_code)
        .outerjoin(Cell, Cell.id == CaseFile.cell_id)
        .outerjoin(COMMUNITY, COMMUNITY.id == CaseFile.community_id)
        .outerjoin(STREET, STREET.id == CaseFile.street_id)
        .outerjoin(Worker, Worker.id == CaseFile.worker_id)
        .outerjoin(DESK, and_(DESK.code == CaseFile.desk_code, DESK.valid_to.is_(None)))
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [CONDITIONS[name](value) for name, value in vars(wanted).items() if value is not None]


def _events(incident_id: int) -> Select[Any]:
    shown = (
        CaseEvent.at,
        CaseEvent.event,
        CaseEvent.from_state,
        CaseEvent.to_state,
        CaseEvent.actor,
        CaseEvent.explanation,
    )
    return select(*shown).where(CaseEvent.case_id == incident_id).order_by(CaseEvent.id)


def _event(event: Row[Any]) -> dict[str, Any]:
    return {name: value for name, value in event._mapping.items() if name != "explanation"}


def _why(events: Sequence[Row[Any]], language: str) -> dict[str, Any] | None:
    last = next((event.explanation for event in reversed(events) if event.explanation), None)
    return {"sentence": explain(last, language), "explanation": last} if last else None


def _detail(row: Row[Any]) -> dict[str, Any]:
    names = ("id", "reported_at", "located", "lon", "lat", "datum", "description", "state", "category", "category_name")
    told = {name: getattr(row, name) for name in names}
    places = {kind: _place(row, kind) for kind in ("cell", "community", "street")}
    shape = orjson.loads(row.geometry)
    return told | places | {"candidates": row.candidates or [], "geometry": shape, "holder": _holder(row)}


def _feature(row: Row[Any]) -> Feature:
    names = ("id", "state", "category", "category_name", "reported_at", "dispatched_at", "located")
    properties = {name: getattr(row, name) for name in names}
    return feature(row.id, row.geometry, **properties, cell=_place(row, "cell"), holder=_holder(row))


def _place(row: Row[Any], kind: str) -> dict[str, str] | None:
    code, name = row._mapping[f"{kind}_code"], row._mapping[f"{kind}_name"]
    return None if code is None else {"code": code, "name": name}


def _holder(row: Row[Any]) -> dict[str, str | None] | None:
    if row.worker_code:
        return {"kind": "worker", "code": row.worker_code, "name": mask_name(row.worker_name)}
    return {"kind": "desk", "code": row.desk_code, "name": row.desk_name} if row.desk_code else None


def _cursor(one: Feature) -> str:
    moment: datetime = one["properties"]["reported_at"]
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z~{one['id']}"


def _read_cursor(text: str) -> tuple[Any, Any]:
    try:
        moment, _, key = text.partition("~")
        return literal(datetime.fromisoformat(moment)), literal(_row_id(key))
    except ValueError as error:
        fields = [{"field": "after", "value": text, "message": "is not the `next` of a page"}]
        raise BadInput("after: is not the `next` of a page", fields=fields) from error


def _row_id(text: str) -> int:
    """Raises: ValueError where PostgreSQL's bigint ends."""
    if not 0 <= int(text) < 2**63:
        raise ValueError(text)
    return int(text)

"""Reporting incidents and asking about them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, BackgroundTasks, Depends, Path, Query, Request, Response
from pydantic import AwareDatetime

from api.caching import GEOJSON, answer
from api.caller import CallerDep, count_report
from api.dependencies import CellCode, ConnectionDep, Key, LiftedDep, PageDep, RowId, SightDep, UnitCode, talk
from api.models.incidents import IncidentCollection, IncidentDetail, NewIncident, Reported, State
from api.responses import ready_made, refusals
from data import contacts, incident_lists, incidents, links, versions
from data.incident_lists import Wanted
from data.settings import settings
from geo import datum
from geo.callers import Caller
from geo.offices import Office

router = APIRouter(prefix="/api/incidents", tags=["incidents"])


@router.post("", status_code=201, dependencies=[Depends(count_report)], responses=refusals(400, 409, 413))
async def report_incident(
    *,
    request: Request,
    response: Response,
    connection: LiftedDep,
    me: CallerDep,
    given: NewIncident,
    after_commit: BackgroundTasks,
    key: Key = None,
) -> Reported:
    """Report an incident: it is stored, located and answered at once, and dispatched within the second."""
    told = await incidents.report(connection, _report(given, me, key))
    if given.contact and not told.is_replayed:
        await talk(connection, contacts.store(told.id, contacts.Contact(**given.contact.model_dump())))
    after_commit.add_task(request.app.state.feed.wake)
    if told.is_replayed:
        response.headers["Idempotency-Replayed"] = "true"
    shown = {name: value for name, value in vars(told).items() if name in Reported.model_fields}
    return Reported.model_validate(shown | {"link": links.address(told.id)}, from_attributes=True)


def _report(given: NewIncident, me: Caller, key: str | None) -> incidents.Report:
    lon, lat = datum.convert(given.lon, given.lat, source=given.datum)
    told = given.model_dump(exclude={"contact"}) | {"own_name": given.contact.name if given.contact else None}
    if me.office is Office.WORKER:
        told |= {"source": "grid_worker", "reported_by": me.actor}
    return incidents.Report(**told, point=(float(lon), float(lat)), key=key)


def parse_wanted(
    state: State | None = None,
    cell: Annotated[CellCode | None, Query(description="Code of the cell that it lies in")] = None,
    community: Annotated[UnitCode | None, Query(description="Code of the community that it lies in")] = None,
    since: Annotated[
        AwareDatetime | None, Query(description="Reported at or after", examples=["2026-05-01T00:00+08:00"])
    ] = None,
    until: Annotated[AwareDatetime | None, Query(description="Reported before")] = None,
) -> Wanted:
    return Wanted(state=state, cell=cell, community=community, since=since, until=until)


@router.get("", responses=ready_made(IncidentCollection, GEOJSON) | refusals())
async def list_incidents(
    *,
    request: Request,
    connection: ConnectionDep,
    sight: SightDep,
    page: PageDep,
    wanted: Annotated[Wanted, Depends(parse_wanted)],
) -> Response:
    """Incidents, the newest first; reported from `since` on and before `until`."""
    version = f"{await versions.ground(connection)} {await versions.cases(connection)}"
    return await answer(request, version, lambda: incident_lists.list_incidents(connection, page, wanted, sight))


@router.get("/{incident_id}", response_model=IncidentDetail, responses=refusals(404))
async def get_incident(
    connection: ConnectionDep,
    incident_id: Annotated[RowId, Path(description="`id` of an incident", examples=[50501])],
    lang: Annotated[Literal["zh", "en"] | None, Query(description="Language of `why.sentence`")] = None,
) -> Any:
    """Everything about one incident: where it lies, who has it, what happened, and why."""
    return await incident_lists.get_incident(connection, incident_id, language=lang or settings().language)

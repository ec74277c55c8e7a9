"""Files brought in by the browser: taken in, looked at, checked, let in. The importer does what is asked for here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import ClientDisconnect

from api.caller import CallerDep
from api.dependencies import ConnectionDep, RowId, address, entered, let_go, talk
from api.errors import DATABASE_AWAY
from api.followers import Allowed, FollowingDep
from api.models.uploads import (
    EVENTS,
    Asked,
    Forgotten,
    Name,
    UploadAnswer,
    UploadCheck,
    UploadChoice,
    UploadConfirmation,
    UploadList,
)
from api.responses import Responses, refusals
from api.routes.pages import LanguageDep
from data import audit, kept_files, uploads
from data.dialogues import Row
from data.imports import rejects as data_rejects
from data.kept_files import Arrival, Part
from geo.audit import Action
from geo.callers import Caller
from geo.errors import BadInput, Forbidden, NotFound, Unavailable
from geo.lifecycle import Role
from web import refusals as web_refusals

CHUNK_BYTES = 1 << 20
POLL_S = 0.25
HEARTBEAT_S = 15
CSV: Responses = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
Names = Annotated[
    list[Name],
    Query(alias="name", min_length=1, max_length=20, description="What a file is called; once for each file"),
]
Sizes = Annotated[
    list[Annotated[int, Query(ge=0)]],
    Query(alias="size", max_length=20, description="How many bytes it has; needed where there are several"),
]
UploadId = Annotated[RowId, Path(description="`id` of an upload", examples=[7])]

log = logging.getLogger("wangge.api")


async def officer(me: CallerDep) -> Caller:
    """Raises: Forbidden for who is not of the district's office, whose business the ground is."""
    if me.role is not Role.DISTRICT:
        raise Forbidden("imports are the business of the district's office", actor=me.actor)
    return me


OfficerDep = Annotated[Caller, Depends(officer)]
router = APIRouter(prefix="/api/uploads", tags=["imports"], dependencies=[Depends(officer)])


@router.post("", status_code=201, response_model=Asked, responses=refusals(403, 413), openapi_extra=BODY)
async def bring(request: Request, connection: ConnectionDep, me: OfficerDep, names: Names, sizes: Sizes = []) -> Any:  # noqa: B006
    """Bring a file, or several that belong together one after the other; it is looked at as soon as it is whole."""
    await let_go(connection)
    arrival = await asyncio.to_thread(Arrival, _parts(names, sizes))
    try:
        await _take_in(request, arrival)
        async with entered(me, address(request)) as opened:
            upload_id = await talk(opened, uploads.add(arrival, me.account or me.actor))
    except OSError as error:
        log.warning("an upload could not be written: %s", error)
        raise Unavailable("the server has no room for the file") from error
    finally:
        await asyncio.to_thread(arrival.close)
    return {"id": upload_id, "turn": 1}


def _parts(names: Sequence[str], sizes: Sequence[int]) -> list[Part]:
    if not sizes:
        return [Part(name) for name in names]
    if len(sizes) != len(names):
        raise BadInput("name each file with its size")
    return [Part(name, size) for name, size in zip(names, sizes, strict=True)]


async def _take_in(request: Request, arrival: Arrival) -> None:
    """Chunk by chunk to the disk; what is in memory is bounded, whatever the size. Raises: BadInput when it breaks off."""
    waiting = bytearray()
    try:
        async for chunk in request.stream():
            waiting += chunk
            if len(waiting) >= CHUNK_BYTES:
                await asyncio.to_thread(arrival.write, bytes(waiting))
                waiting.clear()
    except ClientDisconnect as error:
        raise BadInput("the body broke off") from error
    await asyncio.to_thread(arrival.write, bytes(waiting))


@router.get("", response_model=UploadList, responses=refusals(403))
async def list_uploads(connection: ConnectionDep) -> Any:
    """Files that are at work or wait for somebody, newest first."""
    return {"uploads": await talk(connection, uploads.unfinished())}


@router.get("/{upload_id}", response_model=UploadAnswer, responses=refusals(403, 404))
async def get_upload(connection: ConnectionDep, upload_id: UploadId) -> Any:
    """Everything about a file: what it is taken for, what was chosen, what the check found."""
    row = await talk(connection, uploads.read(upload_id))
    return {name: row[name] for name in UploadAnswer.model_fields}


@router.post("/{upload_id}/propose", response_model=Asked, responses=refusals(403, 404, 409))
async def propose(connection: ConnectionDep, upload_id: UploadId, choice: UploadChoice) -> Any:
    """Look at the file anew: as another layer, with another encoding, or at another sheet of it."""
    asked = uploads.ask_for(upload_id, "reading", choice.kind, choice.options.plain())
    return {"id": upload_id, "turn": await talk(connection, asked)}


@router.post("/{upload_id}/check", response_model=Asked, responses=refusals(403, 404, 409))
async def check(connection: ConnectionDep, upload_id: UploadId, choice: UploadCheck) -> Any:
    """Do everything that the import would do, and take it back; the report then says what would come of it."""
    asked = uploads.ask_for(upload_id, "checking", choice.kind, choice.options.plain())
    return {"id": upload_id, "turn": await talk(connection, asked)}


@router.post("/{upload_id}/confirm", response_model=Asked, responses=refusals(403, 404, 409))
async def confirm(connection: ConnectionDep, upload_id: UploadId, given: UploadConfirmation, me: OfficerDep) -> Any:
    """Let in exactly what was checked under this `digest`."""
    turn = await talk(connection, uploads.confirm(upload_id, given.digest, me.account or me.actor))
    told = audit.record(Action.IMPORT, f"upload:{upload_id}", {"confirmed": given.digest}, account=me.account)
    await talk(connection, told)
    return {"id": upload_id, "turn": turn}


@router.delete("/{upload_id}", response_model=Forgotten, responses=refusals(403, 404, 409))
async def cancel(connection: ConnectionDep, upload_id: UploadId) -> Any:
    """Forget a file that is not in; an import at work is taken back."""
    await talk(connection, uploads.cancel(upload_id))
    return {"id": upload_id}


@router.get("/{upload_id}/rejects.csv", response_class=StreamingResponse, responses=CSV | refusals(403, 404))
async def rejects(connection: ConnectionDep, upload_id: UploadId, language: LanguageDep) -> Response:
    """Every row that was refused: line, field, value, reason, in the language of the page.

    What begins like a formula is written after an apostrophe.
    """
    await talk(connection, uploads.state(upload_id))
    path = kept_files.rejects_path(upload_id)
    if not path.is_file():
        raise NotFound(f"no rows of upload {upload_id} were refused", upload_id=upload_id)
    return StreamingResponse(
        data_rejects.reworded(path, partial(web_refusals.in_language, language)),
        media_type="text/csv; charset=utf-8",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="rejects-{upload_id}.csv"',
            "Vary": "Cookie",
        },
    )


@router.get("/{upload_id}/events", response_class=EventSourceResponse, responses=EVENTS | refusals(403, 404))
async def events(
    connection: ConnectionDep, me: OfficerDep, following: FollowingDep, upload_id: UploadId
) -> EventSourceResponse:
    """How far a file is, as server-sent events."""
    await talk(connection, uploads.state(upload_id))
    return EventSourceResponse(_events(upload_id, me, following()), ping=HEARTBEAT_S, sep="\n")


async def _events(upload_id: int, me: Caller, allowed: Allowed) -> AsyncIterator[ServerSentEvent]:
    """One for each change; a lost database ends the stream, and the browser comes back by itself."""
    try:
        async with allowed, aclosing(_changes(upload_id, me)) as changes:
            async for now in changes:
                told = {name: now[name] for name in ("state", "progress", "import_id")}
                yield ServerSentEvent(orjson.dumps(told).decode(), event="state")
    except NotFound:
        yield ServerSentEvent("{}", event="gone")
    except DATABASE_AWAY as error:
        log.warning("events of upload %s end: %s", upload_id, error)


async def _changes(upload_id: int, me: Caller) -> AsyncGenerator[Row]:
    """The state of a file, and again whenever it is another, until nobody is at work on it."""
    before: Row = {}
    while not before or before["state"] in uploads.AT_WORK:
        async with entered(me) as opened:
            now = await talk(opened, uploads.state(upload_id))
        if now != before:
            yield now
        before = now
        await asyncio.sleep(POLL_S)

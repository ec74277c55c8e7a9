"""Photos of cases: taken in, made safe, shown to those who have to do with the case."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from api.caller import CallerDep
from api.dependencies import ConnectionDep, Key, RowId, talk
from api.models.photos import StoredPhoto
from api.responses import Responses, refusals
from api.routes.moves import REFUSED, CaseId
from data import audit, photos, pictures
from geo.audit import Action

router = APIRouter(prefix="/api", tags=["cases"])
JPEG = "image/jpeg"
BINARY = {"schema": {"type": "string", "format": "binary"}}
BODY = {"requestBody": {"required": True, "content": dict.fromkeys((JPEG, "image/png", "image/webp"), BINARY)}}
SHOWN: Responses = {200: {"content": {JPEG: BINARY}, "description": "The photo"}}
INLINE = {"Content-Disposition": "inline"}


@router.post(
    "/cases/{case_id}/photos", status_code=201, response_model=StoredPhoto, responses=REFUSED, openapi_extra=BODY
)
async def add_photo(
    *,
    request: Request,
    response: Response,
    connection: ConnectionDep,
    case_id: CaseId,
    me: CallerDep,
    key: Key = None,
) -> Any:
    """Add a photo (JPEG, PNG or WebP): it is kept upright, as a JPEG of at most 1,600 pixels, without the camera's notes."""
    await talk(connection, photos.check_may_add(case_id, me))
    content = await request.body()
    known = await talk(connection, photos.claim(case_id, content, me, key))
    if known:
        response.headers["Idempotency-Replayed"] = "true"
        return known
    picture = await asyncio.to_thread(pictures.clean, content)
    await asyncio.to_thread(pictures.keep, picture)
    return await talk(connection, photos.add(case_id, picture, me, key))


@router.get("/photos/{photo_id}", response_class=Response, responses=SHOWN | refusals(403, 404))
async def get_photo(
    connection: ConnectionDep,
    photo_id: Annotated[RowId, Path(description="`id` of a photo", examples=[12])],
    me: CallerDep,
) -> Response:
    """A photo of a case."""
    digest = await talk(connection, photos.digest(photo_id, me))
    await talk(connection, audit.record(Action.PHOTO_READ, f"photo:{photo_id}", account=me.account))
    return Response(await asyncio.to_thread(pictures.read, digest), media_type=JPEG, headers=INLINE)

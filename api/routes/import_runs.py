"""What went in, by the browser or by command, and its files."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import FileResponse, Response

from api.dependencies import ConnectionDep, RowId, talk
from api.models.uploads import ImportList
from api.responses import Responses, refusals
from api.routes.uploads import OfficerDep, officer
from data import audit, uploads
from geo.audit import Action

router = APIRouter(prefix="/api/imports", tags=["imports"], dependencies=[Depends(officer)])
Before = Annotated[RowId | None, Query(description="`next` of the page before")]
Rows = Annotated[int, Query(ge=1, le=500, description="Rows of one page")]
FILE: Responses = {
    200: {
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        "description": "The file",
    }
}


@router.get("", response_model=ImportList, responses=refusals(403))
async def list_imports(connection: ConnectionDep, before: Before = None, limit: Rows = 100) -> Any:
    """Every import, newest first."""
    rows = await talk(connection, uploads.imported(before, limit))
    return {"imports": rows, "next": rows[-1]["id"] if len(rows) == limit else None}


@router.get("/{import_id}/file", response_class=FileResponse, responses=FILE | refusals(403, 404))
async def get_file(
    connection: ConnectionDep,
    import_id: Annotated[RowId, Path(description="`id` of an import", examples=[12])],
    me: OfficerDep,
) -> Response:
    """The file as it was brought; to take it away is put on record."""
    name, path = await talk(connection, uploads.kept_file(import_id))
    await talk(connection, audit.record(Action.EXPORT, f"import:{import_id}", {"file": name}, account=me.account))
    return FileResponse(
        path, media_type="application/octet-stream", filename=name, headers={"Cache-Control": "no-store"}
    )

"""Files that went in: their reports as they were kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.errors import NotFound
from geo.masking import mask_texts

KEPT = text(
    "SELECT import_run.report || jsonb_build_object('file', import_run.file_name, 'uploader', import_run.uploader,"
    " 'sha256', import_run.sha256, 'started_at', import_run.started_at, 'import_id', import_run.id,"
    " 'upload_id', upload.id, 'is_kept', upload.id IS NOT NULL AND removed_at IS NULL)"
    " FROM import_run LEFT JOIN upload ON upload.import_id = import_run.id WHERE import_run.id = :id"
)


async def report(connection: AsyncConnection, import_id: int) -> dict[str, Any]:
    """What became of a file, with its name and who brought it; numbers of people that it quotes are masked. Raises: NotFound."""
    kept: dict[str, Any] | None = await connection.scalar(KEPT, {"id": import_id})
    if kept is None:
        raise NotFound(f"no import {import_id}", import_id=import_id)
    told: dict[str, Any] = mask_texts(kept)
    return told

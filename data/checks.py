"""Reading checks of floor-area standards: the latest run, its findings, two runs beside each other. Floor areas are m²."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from data.models import CheckRun, Standard
from geo.errors import NotFound


async def latest_run_id(connection: AsyncConnection, standard: str) -> int | None:
    """The newest run against any edition of `standard`; none when it was never checked or no standard is loaded yet."""
    runs = select(CheckRun.id).where(CheckRun.standard_id == Standard.id).order_by(CheckRun.checked_at.desc())
    newest = runs.limit(1).correlate(Standard).scalar_subquery()
    editions = (await connection.scalars(select(newest).where(Standard.name == standard))).all()
    if not editions and await connection.scalar(select(select(Standard.id).exists())):
        raise NotFound(f"no standard {standard!r}", standard=standard)
    return max((run for run in editions if run is not None), default=None)

"""Water, railways and parks as GeoJSON: drawn under the layers so that people know where they are. EPSG:4490."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from data.geojson import Page, collection, feature, geometry_text, touches
from data.models import Landmark


async def list_landmarks(connection: AsyncConnection, page: Page) -> bytes:
    """A page of landmarks by id, as a FeatureCollection."""
    wanted = select(Landmark.id, Landmark.kind, Landmark.name, geometry_text(Landmark.geom))
    wanted = wanted.where(touches(Landmark.geom, page.bbox), Landmark.id > int(page.after or 0))
    rows = await connection.execute(wanted.order_by(Landmark.id).limit(page.limit + 1))
    return collection([feature(key, shape, kind=kind, name=name) for key, kind, name, shape in rows], page.limit)

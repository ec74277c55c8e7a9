"""Vector tiles (Mapbox Vector Tile) for layers of many features. Stored in EPSG:4490, drawn in web mercator (EPSG:3857)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from data.database import sql
from geo.errors import BadInput


@dataclass(frozen=True)
class Layer:
    """A layer's own SQL in `data/sql/tile_<name>.sql`; below `min_zoom` its tiles are empty, for nobody could read them."""

    name: str
    min_zoom: int


LAYERS = {
    layer.name: layer
    for layer in (Layer("streets", 9), Layer("residences", 13), Layer("cells", 9), Layer("incidents", 6))
}
MAX_ZOOM = 22


async def tile(connection: AsyncConnection, layer: str, z: int, x: int, y: int, *, on: date) -> bytes:
    """One tile with a single layer of that name; empty where there is nothing."""
    if max(x, y) >= 2**z:
        raise BadInput(
            f"zoom {z} has tiles 0 to {2**z - 1}", fields=[{"field": "x, y", "message": "outside of the zoom"}]
        )
    if z < LAYERS[layer].min_zoom:
        return b""
    found = await connection.exec_driver_sql(sql(f"tile_{layer}"), {"z": z, "x": x, "y": y, "on": on})
    return bytes(found.scalar() or b"")

"""What the layers of a database hold, without its numbers of rows, and which way round rings are drawn, which a shapefile turns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, Engine, text

from data import sealing
from data.exports.run import Wish, export_layer
from geo.persons import Kind
from tests.data.files import put
from tests.data.nasty_towns import Town, write_table

ORDER = ("streets", "communities", "cells", "facilities", "residences", "workers", "network", "incidents", "calendar")
"""Kinds in the order in which each finds what it needs."""
AREAS = """
    SELECT code, level, parent_code, name, name_en, area_class, households, residents, is_derived, source, attributes::text,
           ST_AsBinary(point), ST_AsBinary(ST_ForcePolygonCCW(geom))
    FROM area WHERE level = '{}' AND valid_to IS NULL ORDER BY code
"""
HELD = {
    "streets": AREAS.format("street"),
    "communities": AREAS.format("community"),
    "cells": """
        SELECT code, community_code, name, kind, households, residents, source, ST_AsBinary(ST_ForcePolygonCCW(geom))
        FROM cell WHERE valid_to IS NULL ORDER BY code
    """,
    "facilities": """
        SELECT code, name, level, floor_area_m2, staff, address, source, attributes::text,
               (SELECT jsonb_object_agg(community_code, share) FROM facility_serves s WHERE s.facility_id = f.id)::text,
               ST_AsBinary(geom)
        FROM facility f WHERE valid_to IS NULL ORDER BY code
    """,
    "residences": """
        SELECT external_id, address, households, residents, source, ST_AsBinary(geom) FROM residence ORDER BY external_id
    """,
    "workers": """
        SELECT code, name_sealed, phone_sealed, name, phone, kind, community_code, is_active,
               (SELECT jsonb_object_agg(cell_code, role) FROM assignment a WHERE a.worker_id = w.id AND upper_inf(during))::text
        FROM worker w ORDER BY code
    """,
    "network": """
        SELECT external_id, source_id, target_id, kind, name, length_m, is_oneway, is_walkable, ST_AsBinary(geom)
        FROM street_edge ORDER BY external_id
    """,
    "nodes": "SELECT id, ST_AsBinary(geom) FROM street_node ORDER BY id",
    "incidents": """
        SELECT CASE WHEN idempotency_key LIKE 'import:%%' THEN idempotency_key
                    ELSE concat('import:reported-', id, '-', left(content_digest, 12)) END AS known,
               content_digest, source, category_code, description, date_trunc('second', reported_at), lon, lat, datum,
               coalesce(attributes, '{}')::text, ST_AsBinary(geom)
        FROM incident ORDER BY known
    """,
    "calendar": "SELECT day, is_working, name, name_en, source FROM calendar_day ORDER BY day",
}
FORMATS = {
    "geojson": ".geojson",
    "geojsonl": ".geojsonl",
    "gpkg": ".gpkg",
    "shapefile": ".zip",
    "parquet": ".parquet",
    "fgb": ".fgb",
    "csv": ".csv",
    "xlsx": ".xlsx",
}
"""Name → ending, of those that come back exactly."""
MAPS = ("shapefile", "fgb")
"""Formats that hold nothing without places."""
PROJECTED: tuple[Mapping[str, str], ...] = ({"crs": "zone"}, {"crs": "EPSG:32650"})
PLANE = ("geojson", "gpkg", "shapefile", "parquet", "fgb", "csv", "xlsx")
PLACES: tuple[Mapping[str, str], ...] = ({}, {"datum": "gcj02"}, *PROJECTED, {"datum": "wgs84"})
CLOSE = 1e-9
"""Degrees, a tenth of a millimetre, within which what was shifted or projected comes back."""
Row = tuple[Any, ...]


def state(connection: Connection, layer: str) -> list[Row]:
    """Shapes as WKB; what is sealed is opened, since it looks different each time."""
    rows = connection.execute(text(HELD[layer].replace("%%", "%"))).mappings()
    return [tuple(_opened(str(name), value) for name, value in row.items()) for row in rows]


def _opened(name: str, value: Any) -> Any:
    return sealing.open_(Kind(name.removesuffix("_sealed")), value) if name.endswith("_sealed") else value


def differences(before: list[Row], after: list[Row], *, within: float = 0.0) -> list[tuple[Row, Row]]:
    """Rows that are not the same; vertices may lie `within` degrees of where they were."""
    assert len(before) == len(after), (len(before), len(after))
    pairs = zip(before, after, strict=True)
    return [(one, other) for one, other in pairs if not _are_same(one, other, within)]


def _are_same(one: Row, other: Row, within: float) -> bool:
    return all(a == b or _lie_close(a, b, within) for a, b in zip(one, other, strict=True))


def _lie_close(one: Any, other: Any, within: float) -> bool:
    if not (within and isinstance(one, bytes) and isinstance(other, bytes)):
        return False
    a, b = shapely.from_wkb(one), shapely.from_wkb(other)
    here, there = shapely.get_coordinates(a), shapely.get_coordinates(b)
    is_alike = a.geom_type == b.geom_type and here.shape == there.shape
    return is_alike and bool(np.abs(here - there).max(initial=0) <= within)


def there_and_back(here: Engine, there: Engine, town: Town, *, turn: int, folder: Path) -> None:
    """Bring the town in `here`, take each layer to the empty database `there`, and compare. Both are left as they were.

    Each layer has another format; `turn` turns formats and coordinates on, so that in as many turns as there are formats every
    layer meets each of them.
    """
    with here.connect() as ours, there.connect() as theirs, ours.begin() as a, theirs.begin() as b:
        for kind in ORDER:
            put(ours, kind, write_table(folder / f"{kind}.txt", town[kind]))
        for number, kind in enumerate(ORDER):
            form, place = _chosen(kind, number + turn), PLACES[(number + 2 * turn) % len(PLACES)]
            place = place if form in PLANE or place not in PROJECTED else {}
            _take(ours, theirs, kind, form=form, place=place, folder=folder)
        a.rollback()
        b.rollback()


def _chosen(kind: str, number: int) -> str:
    name = list(FORMATS)[number % len(FORMATS)]
    is_possible = name not in MAPS or (
        kind not in ("workers", "calendar") and not (name == "fgb" and kind == "streets")
    )
    return name if is_possible else "csv"


def _take(
    ours: Connection, theirs: Connection, kind: str, *, form: str, place: Mapping[str, str], folder: Path
) -> None:
    options = {"nodes": _export(ours, "nodes", form, place, folder)} if kind == "network" else {}
    file = _export(ours, kind, form, place, folder)
    assert put(theirs, kind, file, **options).rejected == 0, (kind, form, place)
    again = put(theirs, kind, file, **options)
    assert (again.stored, again.updated) == (0, 0), (kind, form, place)
    for layer in (kind, "nodes") if kind == "network" else (kind,):
        within = CLOSE if place.get("datum") == "gcj02" or place in PROJECTED else 0.0
        assert differences(state(ours, layer), state(theirs, layer), within=within) == [], (layer, form, place)


def _export(connection: Connection, layer: str, form: str, place: Mapping[str, str], folder: Path) -> Path:
    path = folder / f"{layer}-{form}{FORMATS[form]}"
    export_layer(connection, Wish(layer, form, **place, is_personal=True), path)
    return path

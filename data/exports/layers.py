"""What can be taken away: the layers, their statements in data/sql/export_*.sql, and by what each can be narrowed. EPSG:4490."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import psycopg
import shapely
from psycopg.rows import dict_row

from data.database import sql
from data.days import today
from data.geojson import Bbox
from data.models import SRID
from data.settings import settings
from geo.callers import UNIT_DIGITS
from geo.errors import BadInput, NotFound
from geo.persons import Kind

Held = Literal["area", "polygon", "line", "point", "any", "none"]
"""What the rows of a layer are on the map: `area` is a boundary or, as long as that is not known, a point."""


@dataclass(frozen=True)
class Layer:
    """`narrowed_by`: filters that the statement knows; `given`: what else it is told."""

    name: str
    shape: Held
    statement: str
    narrowed_by: frozenset[str]
    given: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Kind] = field(default_factory=dict)
    """Columns that are masked, and sealed whole in `<name>_sealed`."""
    written: tuple[str, ...] = ()
    """Columns of texts in which people may have written numbers of theirs or others."""


@dataclass(frozen=True)
class Narrowing:
    """What part of a layer is wanted; days are the city's, the bbox is in degrees of EPSG:4490."""

    on: date | None = None
    bbox: Bbox | None = None
    area: str | None = None
    """Code of a district, street, community or cell."""
    kind: str | None = None
    since: date | None = None
    until: date | None = None

    def told(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if value is not None}


def _layer(name: str, shape: Held, narrowed_by: str, statement: str | None = None, **more: Any) -> Layer:
    return Layer(name, shape, f"export_{statement or name}", frozenset(narrowed_by.split()), **more)


LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        _layer("streets", "area", "on bbox area", "areas", given={"level": "street"}),
        _layer("communities", "area", "on bbox area", "areas", given={"level": "community"}),
        _layer("cells", "polygon", "on bbox area kind"),
        _layer("facilities", "point", "on bbox area kind"),
        _layer("network", "line", "bbox area kind"),
        _layer("nodes", "point", "bbox area"),
        _layer("residences", "point", "bbox area"),
        _layer("workers", "none", "on area kind", people={"name": Kind.NAME, "phone": Kind.PHONE}),
        _layer("incidents", "point", "bbox area kind since until", written=("description", "attributes")),
        _layer("cases", "point", "bbox area kind since until", written=("description",)),
        _layer("service-areas", "polygon", "bbox area kind", "service_areas"),
        _layer("landmarks", "any", "bbox area kind"),
        _layer("calendar", "none", ""),
    )
}


def layer_named(name: str) -> Layer:
    """Raises: BadInput."""
    if name not in LAYERS:
        raise BadInput(f"unknown layer {name}: one of {', '.join(LAYERS)}", layer=name)
    return LAYERS[name]


def parameters(connection: psycopg.Connection[Any], layer: Layer, wanted: Narrowing) -> dict[str, Any]:
    """What the layer's statement is given. Raises: BadInput for a filter that it does not know; NotFound for an unknown area."""
    for name in wanted.told():
        if name not in layer.narrowed_by:
            known = ", ".join(sorted(layer.narrowed_by)) or "nothing"
            raise BadInput(f"{layer.name} can't be narrowed by {name}, but by {known}", filter=name)
    on = wanted.on or today()
    prefix, ground = _ground(connection, layer, wanted.area, on) if wanted.area else (None, None)
    return {
        **layer.given,
        "on": on,
        "moment": _moment(on),
        "bbox": _box(wanted.bbox),
        "prefix": prefix,
        "ground": ground,
        "kind": wanted.kind,
        "begin": _midnight(wanted.since),
        "until": _midnight(wanted.until and wanted.until + timedelta(days=1)),
    }


def _ground(connection: psycopg.Connection[Any], layer: Layer, code: str, on: date) -> tuple[str, str | None]:
    """The digits with which codes in the unit begin, and its boundary, without which places can't be told."""
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(sql("export_ground"), {"code": code, "on": on}).fetchone()
    if row is None:
        raise NotFound(f"no area or cell {code} on {on}", code=code, on=str(on))
    if row["geom"] is None and "on" not in layer.narrowed_by:
        raise BadInput(f"the boundary of {code} is not known: narrow {layer.name} by bbox instead", code=code)
    return code[: UNIT_DIGITS.get(row["level"], len(code))], row["geom"]


def _moment(on: date) -> datetime:
    """Now, or noon of another day."""
    now = datetime.now(ZoneInfo(settings().timezone))
    return now if on == now.date() else datetime.combine(on, time(12), tzinfo=now.tzinfo)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(settings().timezone)) if day else None


def _box(bbox: Bbox | None) -> str | None:
    if bbox is None:
        return None
    box = shapely.box(bbox.min_lon, bbox.min_lat, bbox.max_lon, bbox.max_lat)
    return str(shapely.to_wkb(shapely.set_srid(box, SRID), hex=True, include_srid=True))

"""Pages of GeoJSON as bytes. Longitude and latitude in EPSG:4490, rounded to 6 decimals (0.1 m).

The database writes the geometry, `orjson` the rest around it: 2,000 polygons cost some 15 ms, 5,000 points 40 ms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import orjson
import shapely
from sqlalchemy import ColumnElement, func, true
from sqlalchemy.orm import InstrumentedAttribute

from data.models import SRID
from geo.errors import BadGeometry, BadInput

DECIMALS = 6
Feature = dict[str, Any]


@dataclass(frozen=True)
class Bbox:
    """A rectangle in degrees of longitude and latitude, EPSG:4490."""

    min_lon: float
    min_lat: float
    max_lon: float
    max_lat: float


@dataclass(frozen=True)
class Page:
    """Which part of a list: in `bbox`, valid on the day `on`, after the row with key `after`, at most `limit` rows."""

    on: date
    bbox: Bbox | None = None
    after: str | None = None
    limit: int = 5000


def geometry_text(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """The column as GeoJSON text without a CRS member."""
    written: ColumnElement[str] = func.ST_AsGeoJSON(column, DECIMALS, 0)
    return written


def touches(column: InstrumentedAttribute[Any], bbox: Bbox | None) -> ColumnElement[bool]:
    """Whether the geometry has a point in `bbox`; always true without one. The literal is built, the column left alone."""
    if bbox is None:
        return true()
    envelope = func.ST_MakeEnvelope(bbox.min_lon, bbox.min_lat, bbox.max_lon, bbox.max_lat, SRID)
    found: ColumnElement[bool] = func.ST_Intersects(column, envelope)
    return found


def read_bbox(told: str) -> Bbox:
    """`minlon,minlat,maxlon,maxlat` in degrees. Raises: BadInput."""
    try:
        numbers = [float(part) for part in told.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise BadInput("must be four numbers: minlon,minlat,maxlon,maxlat", bbox=told)
    found = Bbox(*numbers)
    if not (-180 <= found.min_lon < found.max_lon <= 180 and -90 <= found.min_lat < found.max_lat <= 90):
        raise BadInput("must be within ±180, ±90 and each minimum below its maximum", bbox=told)
    return found


def read_polygon(text: str) -> bytes:
    """WKB of a polygon or multipolygon in degrees, EPSG:4490. Raises: BadGeometry saying what is wrong with it."""
    try:
        shape = shapely.from_geojson(text)
    except (shapely.errors.GEOSException, UnicodeError) as error:  # its message is cut off in the middle of a character
        raise BadGeometry("is no GeoJSON") from error
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        raise BadGeometry("must be a polygon or multipolygon")
    if (
        not shape.is_valid
        or not np.isfinite(shape.bounds).all()
        or not -180 <= shape.bounds[0] <= shape.bounds[2] <= 180
    ):
        raise BadGeometry("must be valid, in degrees")
    written: bytes = shapely.to_wkb(shapely.force_2d(shape))
    return written


def feature(key: str | int, geometry: str | None, **properties: Any) -> Feature:
    """One feature; `geometry` is GeoJSON text."""
    shape = orjson.Fragment(geometry) if geometry else None
    return {"type": "Feature", "id": key, "geometry": shape, "properties": properties}


def _key(one: Feature) -> str:
    return str(one["id"])


def collection(
    features: Sequence[Feature], limit: int, *, cursor: Callable[[Feature], str] = _key, **members: Any
) -> bytes:
    """A FeatureCollection of at most `limit` features; `next` names the last one when there are more."""
    page = features[:limit]
    following = cursor(page[-1]) if len(features) > limit else None
    return orjson.dumps({"type": "FeatureCollection", "features": page, "next": following, **members})

"""GeoJSON (RFC 7946), typed by its properties. Longitude and latitude in degrees, EPSG:4490, 6 decimals."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.models.base import Shape

Position = Annotated[list[float], Field(min_length=2, max_length=2)]


class Point(Shape):
    type: Literal["Point"]
    coordinates: Position


class LineString(Shape):
    type: Literal["LineString"]
    coordinates: list[Position]


class MultiLineString(Shape):
    type: Literal["MultiLineString"]
    coordinates: list[list[Position]]


class Polygon(Shape):
    type: Literal["Polygon"]
    coordinates: list[list[Position]]


class MultiPolygon(Shape):
    type: Literal["MultiPolygon"]
    coordinates: list[list[list[Position]]]


Geometry = Annotated[Point | LineString | MultiLineString | Polygon | MultiPolygon, Field(discriminator="type")]

POINT_EXAMPLE = {"type": "Point", "coordinates": [116.366251, 39.911803]}
AREA_EXAMPLE = {
    "type": "MultiPolygon",
    "coordinates": [[[[116.36, 39.91], [116.37, 39.91], [116.37, 39.92], [116.36, 39.91]]]],
}
Next = Annotated[str | None, Field(description="Give it as `after` for the next page; null: this is the last one")]

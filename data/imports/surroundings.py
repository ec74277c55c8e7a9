"""What the checks of an import look at: units on their way in, those beside, above and below. EPSG:4490."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import orjson
import pandas as pd
import psycopg
import shapely
from psycopg import sql as compose

from data.database import sql
from data.imports.editions import Edition, Gone
from data.imports.tolerances import Tolerances
from data.imports.versions import Layer
from data.models import SRID
from data.settings import settings
from geo.topology import Measure

MOST_DRAWN = 500
STEPS = 2000
"""Across the whole of a drawing: finer than a screen shows."""
DEGREES = 1e-6
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Surroundings:
    """Frames with line (missing: stored), code, name, above, households, point, geometry; labels are unique across `everyone`."""

    units: gpd.GeoDataFrame
    around: gpd.GeoDataFrame
    above: gpd.GeoDataFrame
    below: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    limits: Tolerances
    is_of_cells: bool

    def measure(self, tolerated_m2: float) -> Measure:
        """In the city's zone; what is narrower than coordinates are exact is noise."""
        return Measure(settings().metric_srid, tolerated_m2, self.limits.noise_width_m)

    @property
    def everyone(self) -> gpd.GeoDataFrame:
        """All units of the level as they will be."""
        return self.units if self.around.empty else pd.concat([self.units, self.around])


def look(connection: psycopg.Connection[Any], layer: Layer, edition: Edition, gone: Sequence[Gone]) -> Surroundings:
    """Read what lies around the rows of `incoming` on the day that they are compared with."""
    ended = [end.id for end in gone if end.table == layer.table]
    day, is_area = edition.looked_at, layer.table == "area"
    units = read(connection, layer.statement("versions_units"))
    around = read(connection, layer.statement("versions_around", day=day, gone=ended))
    return Surroundings(
        units,
        around.set_index(around.index + len(units)),
        read(connection, layer.statement("versions_above", day=day)),
        read(connection, layer.statement("areas_below", day=day)) if is_area else units.iloc[:0],
        units.iloc[:0] if is_area else read(connection, layer.statement("cells_communities", day=day)),
        edition.limits,
        is_of_cells=not is_area,
    )


def outlines(near: Surroundings) -> list[dict[str, Any]]:
    """Boundaries to show findings on, as GeoJSON with `code` and `kind` (unit, above), made simpler and at most `MOST_DRAWN`."""
    return _drawn((near.everyone, "unit"), (near.above, "above"))


def ground(connection: psycopg.Connection[Any], box: Box) -> list[dict[str, Any]]:
    """The same of the communities and streets that now lie in a box of degrees: west, south, east, north."""
    edges = dict(zip(("west", "south", "east", "north"), map(compose.Literal, box), strict=True))
    found = read(connection, compose.SQL(sql("import_ground")).format(**edges, most=compose.Literal(MOST_DRAWN)))
    return _drawn((found[found["level"] == "community"], "unit"), (found[found["level"] == "street"], "above"))


def _drawn(*told: tuple[gpd.GeoDataFrame, str]) -> list[dict[str, Any]]:
    frames = [units.loc[units.geometry.notna(), ["code", "geometry"]].assign(kind=kind) for units, kind in told]
    drawn = pd.concat([frame.head(MOST_DRAWN) for frame in frames])
    if drawn.empty:
        return []
    west, south, east, north = drawn.total_bounds
    simple = shapely.set_precision(
        drawn.geometry.simplify(max(east - west, north - south) / STEPS), DEGREES, mode="pointwise"
    )
    shapes = map(orjson.loads, shapely.to_geojson(simple))
    rows = zip(drawn["code"], drawn["kind"], shapes, strict=True)
    return [{"code": code, "kind": kind, "shape": shape} for code, kind, shape in rows]


def read(connection: psycopg.Connection[Any], statement: compose.Composed) -> gpd.GeoDataFrame:
    """The rows of a statement; `geom` becomes the geometry, and `point` shapes too."""
    with connection.cursor(binary=True) as cursor:
        cursor.execute(statement)
        frame = pd.DataFrame(cursor.fetchall(), columns=[column.name for column in cursor.description or ()])
    if "point" in frame:
        frame["point"] = shapely.from_wkb(frame["point"].to_numpy(dtype=object))
    return gpd.GeoDataFrame(
        frame.drop(columns="geom"), geometry=shapely.from_wkb(frame["geom"].to_numpy(dtype=object)), crs=SRID
    )

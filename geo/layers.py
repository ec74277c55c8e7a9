"""Check and repair the shapes of a layer. Any CRS for checks; areas of repairs are m² in a metric CRS. Frames in, frames out.

Nothing is raised for a row: what is wrong comes back as a frame `field`, `value`, `reason` with the index of the rows.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from shapely import GeometryType as Type

from geo import crs as systems

Shape = Literal["area", "polygon", "line", "point"]
"""An area is a polygon, or only a point as long as its boundary is not known."""
Shapes = np.ndarray[Any, Any]
NOUNS = {"area": "polygon or point", "polygon": "polygon", "line": "line", "point": "point"}
REASONS = ["field", "value", "reason"]
TYPES: dict[Shape, tuple[Type, ...]] = {
    "area": (Type.POLYGON, Type.MULTIPOLYGON, Type.POINT),
    "polygon": (Type.POLYGON, Type.MULTIPOLYGON),
    "line": (Type.LINESTRING,),
    "point": (Type.POINT,),
}


class Checked(NamedTuple):
    """`good`: rows fit to store. `rejects`: field, value, reason. `repairs`: reason, area_before_m2, area_after_m2."""

    good: gpd.GeoDataFrame
    rejects: pd.DataFrame
    repairs: pd.DataFrame


def check(
    layer: gpd.GeoDataFrame,
    *,
    shape: Shape,
    is_required: bool = True,
    repair: bool = False,
    metric_crs: CRS | str | int,
) -> Checked:
    """Sort the rows of `layer` (lon/lat or any CRS) into good ones and rejects; with `repair`, mend invalid polygons first.

    Empty geometries count as missing, which is an error only if `is_required`. Multi-part lines of one piece become lines,
    multipoints of one point points; Z is dropped. Order and index stay.
    """
    layer = layer.set_geometry(simplest(layer.geometry.to_numpy(), shape), crs=layer.crs)
    reasons = _missing_or_wrong_type(layer.geometry, shape, is_required)
    reasons = reasons.mask(reasons.isna() & not_finite(layer.geometry), "a coordinate is not a finite number")
    repairs = _no_repairs()
    if repair and shape in ("area", "polygon"):
        layer, repairs = _mend(layer, reasons.isna(), metric_crs)
    reasons = reasons.mask(reasons.isna(), _invalid(layer.geometry))
    return Checked(
        layer[reasons.isna()],
        _rejects(layer.geometry, reasons),
        repairs[repairs.index.isin(layer.index[reasons.isna()])],
    )


def simplest(shapes: Shapes, shape: Shape) -> Shapes:
    """Without Z, empty ones missing, and single parts taken out of their collection where the layer is of single parts."""
    flat = shapely.force_2d(shapes)
    flat = blank(flat, shapely.is_empty(flat))
    if shape == "line":
        multi = shapely.get_type_id(flat) == Type.MULTILINESTRING
        flat[multi] = shapely.line_merge(flat[multi])
    if shape == "point":
        single = (shapely.get_type_id(flat) == Type.MULTIPOINT) & (shapely.get_num_geometries(flat) == 1)
        flat[single] = shapely.get_geometry(flat[single], 0)
    return flat


def blank(shapes: Shapes, mask: Shapes) -> Shapes:
    """The shapes, missing where `mask`."""
    kept: Shapes = shapes.astype(object)
    kept[mask] = None
    return kept


def _missing_or_wrong_type(shapes: gpd.GeoSeries, shape: Shape, is_required: bool) -> pd.Series:
    kinds = shapely.get_type_id(shapes.to_numpy())
    reasons = pd.Series(pd.NA, index=shapes.index, dtype="str")
    if is_required:
        reasons = reasons.mask(kinds == -1, "no geometry")
    wrong = ~np.isin(kinds, [-1, *TYPES[shape]])
    return reasons.mask(wrong, "is a " + shapes.geom_type.astype("str") + f", not a {NOUNS[shape]}")


def not_finite(shapes: gpd.GeoSeries) -> pd.Series:
    """Which shapes have a vertex that is NaN or infinite."""
    coordinates, rows = shapely.get_coordinates(shapes.to_numpy(), return_index=True)
    found = pd.Series(False, index=shapes.index)
    found.iloc[np.unique(rows[~np.isfinite(coordinates).all(axis=1)])] = True
    return found


def _invalid(shapes: gpd.GeoSeries) -> pd.Series:
    """GEOS's reason and place where a shape is invalid; a line without length is invalid too."""
    values = shapes.to_numpy()
    wrong = ~(shapely.is_valid(values) | shapely.is_missing(values))
    reasons = pd.Series(pd.NA, index=shapes.index, dtype="str")
    if wrong.any():
        reasons[wrong] = shapely.is_valid_reason(values[wrong])
    return reasons


def _mend(
    layer: gpd.GeoDataFrame, sound: pd.Series, metric_crs: CRS | str | int
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Invalid polygons made valid; what collapses to less than a polygon stays as it was, and is refused later."""
    reasons = _invalid(layer.geometry).where(sound)
    broken = reasons.notna().to_numpy()
    if not broken.any():
        return layer, _no_repairs()
    before = layer.geometry[broken]
    made = gpd.GeoSeries(mended(before.to_numpy()), before.index, crs=layer.crs)
    after = made.where(made.notna(), before)
    repairs = pd.DataFrame(
        {
            "reason": reasons[broken],
            "area_before_m2": area_m2(before, metric_crs),
            "area_after_m2": area_m2(after, metric_crs),
        }
    )
    shapes = layer.geometry.copy()
    shapes[broken] = after
    return layer.set_geometry(shapes), repairs


def mended(shapes: Shapes) -> Shapes:
    """Polygons made valid by the structure of their rings; missing where less than a polygon is left."""
    return polygons_of(shapely.make_valid(shapes, method="structure", keep_collapsed=False))


def polygons_of(shapes: Shapes) -> Shapes:
    """Only the polygons of each shape, as one polygon or multipolygon; missing where there are none."""
    parts, rows = shapely.get_parts(shapes, return_index=True)
    inner, of_part = shapely.get_parts(parts, return_index=True)
    kept = (shapely.get_type_id(inner) == Type.POLYGON) & ~shapely.is_empty(inner)
    made = np.full(len(shapes), None, dtype=object)
    if kept.any():
        shapely.multipolygons(inner[kept], indices=rows[of_part][kept], out=made)
    return made


def area_m2(shapes: gpd.GeoSeries, metric_crs: CRS | str | int) -> pd.Series:
    """Area in the zone; of an invalid polygon what its rings enclose by sign, which is what it was drawn as."""
    systems.require_metric(metric_crs)
    areas: pd.Series = shapes.to_crs(metric_crs).area
    return areas


def _rejects(shapes: gpd.GeoSeries, reasons: pd.Series) -> pd.DataFrame:
    wrong = reasons[reasons.notna()]
    value = pd.Series(shapely.to_wkt(shapes[wrong.index].to_numpy(), rounding_precision=6), wrong.index, dtype="str")
    return pd.DataFrame({"field": "geometry", "value": value.str.slice(0, 80), "reason": wrong}, columns=REASONS)


def _no_repairs() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reason": pd.Series(dtype="str"),
            "area_before_m2": pd.Series(dtype=float),
            "area_after_m2": pd.Series(dtype=float),
        }
    )

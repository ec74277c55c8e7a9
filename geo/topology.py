"""What is wrong within the polygons of a layer and between them. Overlaid in the CRS of the layer, measured in a metric one.

A line that is straight in degrees is none in a zone, by metres over some kilometres: boundaries that share it in degrees would
seem to overlap if they were projected first. Lengths are metres, areas m². Frames in, frames out: `row` and `other` are labels
of the index of what was given, `geometry` is the place of the trouble in the CRS of the layer.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import GeometryType as Type
from shapely.geometry.base import BaseGeometry

SHARED_BORDER = 0.9
"""A gap is enclosed: so much of its border at least is that of its neighbours. The rest is a notch in the outline."""
Shapes = np.ndarray[Any, Any]


class Measure(NamedTuple):
    """How ground is measured, and how little of it is no trouble: `tolerated_m2` in all, or narrower than `noise_m`."""

    metric_crs: int | str
    tolerated_m2: float
    noise_m: float = 0.0


def repeated_points(shapes: gpd.GeoSeries, *, metric_crs: int | str, distance_m: float) -> gpd.GeoDataFrame:
    """Rings with vertices that lie within `distance_m` of the one before: `row`, `count`, `geometry` (the first such vertex)."""
    parts, of_part = shapely.get_parts(shapes.to_crs(metric_crs).to_numpy(), return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    points, of_point = shapely.get_coordinates(rings, return_index=True)
    steps = np.hypot(*np.diff(points, axis=0).T)
    again = np.flatnonzero((steps <= distance_m) & (np.diff(of_point) == 0))
    rows = shapes.index.to_numpy()[of_part[of_ring[of_point[again]]]]
    found = pd.DataFrame({"row": rows, "x": points[again, 0], "y": points[again, 1]})
    first = found.groupby("row", sort=False).agg(count=("x", "size"), x=("x", "first"), y=("y", "first")).reset_index()
    places = gpd.points_from_xy(first["x"], first["y"])
    return gpd.GeoDataFrame(first[["row", "count"]], geometry=places, crs=metric_crs).to_crs(shapes.crs)


def slivers(shapes: gpd.GeoSeries, *, metric_crs: int | str, width_m: float) -> gpd.GeoDataFrame:
    """Parts that are narrower than `width_m` on the average (twice the area by the perimeter): `row`, `width_m`, `area_m2`."""
    parts, rows = shapely.get_parts(shapes.to_numpy(), return_index=True)
    areas, widths = sizes(gpd.GeoSeries(parts, crs=shapes.crs), metric_crs)
    thin = (widths < width_m) & (shapely.get_type_id(parts) == Type.POLYGON)
    told = {"row": shapes.index.to_numpy()[rows[thin]], "width_m": widths[thin], "area_m2": areas[thin]}
    return gpd.GeoDataFrame(told, geometry=parts[thin], crs=shapes.crs)


def overlaps(shapes: gpd.GeoSeries, others: gpd.GeoSeries, measure: Measure) -> gpd.GeoDataFrame:
    """Pairs of `shapes` and `others` that share more than is tolerated: `row`, `other`, `area_m2`; each pair of labels once."""
    left, right = shapely.STRtree(others.to_numpy()).query(shapes.to_numpy(), predicate="intersects")
    rows, partners = shapes.index.to_numpy()[left], others.index.to_numpy()[right]
    once = (rows != partners) & ~(np.isin(partners, shapes.index) & (rows < partners))
    shared = shapely.intersection(shapes.to_numpy()[left[once]], others.to_numpy()[right[once]])
    return _troubles(shared, shapes.crs, measure, row=rows[once], other=partners[once])


def outside(shapes: gpd.GeoSeries, within: gpd.GeoSeries, measure: Measure) -> gpd.GeoDataFrame:
    """What of each shape lies outside the one of `within` with the same label: `row`, `area_m2`, where more than tolerated."""
    parts = shapely.difference(shapes.to_numpy(), within.reindex(shapes.index).to_numpy())
    return _troubles(parts, shapes.crs, measure, row=shapes.index.to_numpy())


def gaps(shapes: gpd.GeoSeries, within: BaseGeometry | None, measure: Measure, *, width_m: float) -> gpd.GeoDataFrame:
    """Ground between `shapes` that is nobody's: `area_m2`, largest first.

    Of `within`, all that is left over; where it is not known, holes and cracks of at most `width_m` between neighbours.
    """
    union = shapely.union_all(shapes.to_numpy())
    if within is None:
        left = np.concatenate([_holes(union), _cracks(union, shapes.crs, measure, width_m)])
    else:
        left = shapely.get_parts(shapely.difference(within, union))
    found = _troubles(left, shapes.crs, measure)
    return found.sort_values("area_m2", ascending=False, ignore_index=True)


def sizes(shapes: gpd.GeoSeries, metric_crs: int | str) -> tuple[Shapes, Shapes]:
    """Area in m² and mean width in m (twice the area by the perimeter) of each shape."""
    measured = shapes.to_crs(metric_crs)
    areas, lengths = measured.area.to_numpy(), measured.length.to_numpy()
    return areas, np.divide(2 * areas, lengths, out=np.zeros_like(areas), where=lengths > 0)


def _troubles(shapes: Shapes, crs: Any, measure: Measure, **labels: Shapes) -> gpd.GeoDataFrame:
    """The polygons of each shape that are no noise, where they are more than tolerated, with their `labels`."""
    parts, rows = _polygons(shapes)
    areas, widths = sizes(gpd.GeoSeries(parts, crs=crs), measure.metric_crs)
    wide = widths >= measure.noise_m
    totals = np.bincount(rows[wide], weights=areas[wide], minlength=len(shapes))
    whole: Shapes = np.full(len(shapes), None, dtype=object)
    if wide.any():
        shapely.multipolygons(parts[wide], indices=rows[wide], out=whole)
    big = totals > measure.tolerated_m2
    told = {name: values[big] for name, values in labels.items()}
    return gpd.GeoDataFrame(told | {"area_m2": totals[big]}, geometry=whole[big], crs=crs)


def _polygons(shapes: Shapes) -> tuple[Shapes, Shapes]:
    """The polygons of which shapes consist, however nested, and the place in `shapes` of each."""
    parts, rows = shapely.get_parts(shapes, return_index=True)
    inner, of_part = shapely.get_parts(parts, return_index=True)
    kept = (shapely.get_type_id(inner) == Type.POLYGON) & ~shapely.is_empty(inner)
    return inner[kept], rows[of_part[kept]]


def _holes(union: BaseGeometry) -> Shapes:
    filled = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(union))))
    holes: Shapes = shapely.get_parts(shapely.difference(filled, union))
    return holes


def _cracks(union: BaseGeometry, crs: Any, measure: Measure, width_m: float) -> Shapes:
    """What closes when the shapes grow by half of `width_m` and shrink again, but for notches in the outline.

    Thousands of corners close on a real outline, and each is held against all of it: only those that matter are.
    """
    outline = gpd.GeoSeries(shapely.get_parts(union), crs=crs).to_crs(measure.metric_crs)
    filled = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(outline.to_numpy())))
    grown = shapely.buffer(filled, width_m / 2, join_style="mitre")
    closed = shapely.get_parts(shapely.difference(shapely.buffer(grown, -width_m / 2, join_style="mitre"), filled))
    closed = closed[shapely.area(closed) > measure.tolerated_m2]
    border = shapely.buffer(shapely.boundary(filled), width_m / 1000)
    shared = shapely.length(shapely.intersection(shapely.boundary(closed), border))
    cracks = closed[shared >= SHARED_BORDER * shapely.length(closed)]
    found: Shapes = gpd.GeoSeries(cracks, crs=measure.metric_crs).to_crs(crs).to_numpy()
    return found

"""Coordinate systems: stored in EPSG:4490 (longitude, latitude in degrees), measured in metres in the city's zone."""

from __future__ import annotations

import warnings
from functools import lru_cache

import geopandas as gpd
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from geo.errors import NotMetric

STORED_SRID = 4490
WGS84_SRID = 4326
ZONE_M = 1_000_000
ZONES = ((range(16, 24), 4494), (range(25, 46), 4513))
"""Numbers of zones of 6 and of 3 degrees, and the EPSG code of the first. Those below 16 might be Web Mercator as well."""
WEB_MERCATOR = 3857
"""Nominally metres, but it stretches areas by 69 % in Beijing: never measured in."""


@lru_cache
def transformer(source_srid: int, target_srid: int) -> Transformer:
    """From one EPSG code to another; x is always easting or longitude, y northing or latitude."""
    return Transformer.from_crs(source_srid, target_srid, always_xy=True)


def to_metric(frame: gpd.GeoDataFrame, srid: int) -> gpd.GeoDataFrame:
    """`frame` in the zone `srid`, in metres. Raises NotMetric if `srid` is no metric system or `frame` has no CRS."""
    require_metric(srid)
    if frame.crs is None:
        raise NotMetric("the layer does not say which coordinate system it is in")
    return frame.to_crs(srid)


def to_stored(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """`frame` in EPSG:4490."""
    return frame.to_crs(STORED_SRID)


@lru_cache
def require_metric(crs: CRS | str | int | None) -> CRS:
    """`crs` as an object. Raises NotMetric unless lengths in it are metres on the ground."""
    try:
        given = CRS.from_user_input(crs)
    except CRSError as error:
        raise NotMetric(f"{crs} is no known coordinate system", crs=str(crs)) from error
    units = {axis.unit_name for axis in given.axis_info}
    if not given.is_projected or units != {"metre"} or given.to_epsg() == WEB_MERCATOR:
        raise NotMetric(f"lengths can't be measured in {given.name}; use the city's zone", crs=given.to_string())
    return given


def into_stored(crs: CRS) -> tuple[Transformer, float | None]:
    """From `crs` to WGS84, which CGCS2000 agrees with to centimetres, and how exact that is in m; None: nobody knows.

    By way of WGS84, since hardly any conversion to CGCS2000 itself is published.
    """
    if crs.geodetic_crs is not None and crs.geodetic_crs.to_epsg() == STORED_SRID:
        return Transformer.from_crs(crs, STORED_SRID, always_xy=True), 0.0
    with warnings.catch_warnings(action="ignore"):  # of better conversions that need a grid nobody has here
        known = TransformerGroup(crs, WGS84_SRID, always_xy=True, allow_ballpark=False).transformers
    if not known:
        return Transformer.from_crs(crs, WGS84_SRID, always_xy=True), None
    return known[0], known[0].accuracy if known[0].accuracy >= 0 else None


def zoned(x: float, y: float) -> str | None:
    """`EPSG:N` of the CGCS2000 Gauss–Krüger zone whose number stands before the easting, whichever of the two that is."""
    zone = int(max(x, y) // ZONE_M)
    return next((f"EPSG:{first + zone - zones[0]}" for zones, first in ZONES if zone in zones), None)

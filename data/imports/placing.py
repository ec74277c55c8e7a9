"""Where the rows of a file are: its shapes, or coordinates in columns, brought to EPSG:4490 (lon, lat in degrees)."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from pyproj.exceptions import CRSError

from data.imports import coordinates, trials
from data.imports.columns import UNSHIFTED, Columns
from data.imports.formats import isolation
from data.imports.options import Options
from data.imports.reading import Table
from data.imports.sheet import Sheet, plain_records
from data.models import SRID
from data.settings import settings
from geo import crs as systems
from geo import datum, layers
from geo.errors import BadFile, BadInput

Shapes = np.ndarray[Any, Any]
SEVERAL = 2
"""Places from which on the file is asked about, not the row refused."""
POINT = "point_wkt"
"""The field of a point that a unit has beside its boundary."""
EXACT_M = 1.0
"""Accuracy of a conversion down to which nothing need be said of it."""
NEAR = 5
"""Degrees around the area that a CRS is made for, within which it is used all the same."""


def place(sheet: Sheet, table: Table, columns: Columns, options: Options, *, is_required: bool) -> None:
    """Give `sheet.frame` a column `geometry`: shapes in EPSG:4490 or missing. Rows that lie nowhere on earth are refused.

    `lon`, `lat` and `datum` keep the degrees of points as they were given.

    Raises: BadFile if nothing in the file says where, though it `is_required`, or if plane coordinates come without a CRS;
    BadInput for an unknown CRS.
    """
    if is_required and table.shapes is None and not coordinates.are_told(columns) and "place_code" not in columns.of:
        raise BadFile("no columns for the place: name them with --map lon=COLUMN --map lat=COLUMN, or --map wkt=COLUMN")
    shapes = _found(sheet, table, columns)
    if options.is_swapped:
        shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    sheet.frame = sheet.frame.assign(geometry=pd.Series(shapes, index=sheet.frame.index, dtype=object))
    _refuse_not_finite(sheet)
    crs = _crs(table, sheet, options)
    _question_order(sheet, crs, options)
    if crs.is_geographic:
        _refuse_off_the_globe(sheet)
    shapes = sheet.frame["geometry"].to_numpy()
    stored = _stored(sheet, shapes, crs, columns.datum) if len(shapes) else shapes
    if sheet.has(POINT):
        _place_points(sheet, crs, columns.datum)
    told, of_datum = (shapes, columns.datum) if crs.is_geographic else (stored, "cgcs2000")
    sheet.frame = sheet.frame.assign(geometry=stored, lon=shapely.get_x(told), lat=shapely.get_y(told), datum=of_datum)


def _place_points(sheet: Sheet, crs: pyproj.CRS, of_datum: str) -> None:
    """The points that stand beside boundaries, in the coordinates of the file, as shapes in EPSG:4490."""
    given = sheet.frame[POINT]
    read = pd.Series(
        shapely.from_wkt(given.astype(object).where(given.notna(), None), on_invalid="ignore"), given.index
    )
    is_point = shapely.get_type_id(read.to_numpy()) == shapely.GeometryType.POINT
    is_good = is_point & np.isfinite(shapely.get_x(read.to_numpy())) & np.isfinite(shapely.get_y(read.to_numpy()))
    sheet.refuse(given.notna() & ~is_good, POINT, "can't be read as WKT")
    shapes = read[sheet.frame.index].to_numpy(dtype=object)
    sheet.frame = sheet.frame.assign(**{POINT: _stored(sheet, shapes, crs, of_datum) if len(shapes) else shapes})


def check(sheet: Sheet, *, shape: layers.Shape, is_required: bool, options: Options, name: str) -> None:
    """Refuse shapes that are wrong, or mend them first; what was mended is told by line and the column `name`."""
    _refuse_hopeless(sheet, options)
    layer = gpd.GeoDataFrame(sheet.frame, geometry="geometry", crs=SRID)
    checked = layers.check(
        layer, shape=shape, is_required=is_required, repair=options.is_repairing, metric_crs=settings().metric_srid
    )
    lines = sheet.frame.loc[checked.rejects.index, "line"]
    sheet.rejects.append(checked.rejects.assign(line=lines))
    mended = sheet.frame.reindex(index=checked.repairs.index, columns=["line", name])
    sheet.repairs += plain_records(mended.rename(columns={name: "row"}).join(checked.repairs))
    sheet.frame = pd.DataFrame(checked.good)


def _refuse_hopeless(sheet: Sheet, options: Options) -> None:
    told = settings()
    limits = trials.Limits(
        told.import_shape_s, told.import_patience_s, isolation.allowed_mb(), told.import_shape_vertices
    )
    shapes = sheet.frame["geometry"].to_numpy(dtype=object)
    found = trials.hopeless(shapes, is_mending=options.is_repairing, limits=limits)
    reasons = pd.Series(found, dtype="str").set_axis(sheet.frame.index[list(found)]).reindex(sheet.frame.index)
    sheet.refuse(reasons.notna(), "geometry", reasons, "")


def _found(sheet: Sheet, table: Table, columns: Columns) -> Shapes:
    if table.shapes is None:
        return coordinates.read(sheet, table, columns)
    own: Shapes = table.shapes[sheet.frame.index.to_numpy()]
    return own


def _refuse_not_finite(sheet: Sheet) -> None:
    wrong = layers.not_finite(gpd.GeoSeries(sheet.frame["geometry"]))
    sheet.refuse(wrong, "geometry", "a coordinate is not a finite number", _shown(sheet))


def _refuse_off_the_globe(sheet: Sheet) -> None:
    bounds = pd.DataFrame(
        shapely.bounds(sheet.frame["geometry"].to_numpy()), index=sheet.frame.index, columns=list("wsen")
    )
    off = (bounds["w"] < -180) | (bounds["e"] > 180) | (bounds["s"] < -90) | (bounds["n"] > 90)
    is_swapped = off & (bounds[["w", "e"]].abs() <= 90).all(axis=1) & (bounds[["s", "n"]].abs() <= 180).all(axis=1)
    reason = pd.Series("outside -180..180 and -90..90 degrees", index=bounds.index)
    reason = reason.mask(is_swapped, reason + "; are longitude and latitude swapped?")
    nowhere = (bounds == 0).all(axis=1)
    sheet.refuse(off | nowhere, "geometry", reason.mask(nowhere, "0, 0 stands for a missing place"), _shown(sheet))


def _question_order(sheet: Sheet, crs: pyproj.CRS, options: Options) -> None:
    """Raises: BadFile if the middle of the file is where no coordinates of its CRS are, but would be with the two swapped."""
    bounds = shapely.bounds(sheet.frame["geometry"].to_numpy(dtype=object)).reshape(-1, 4)
    known = bounds[np.isfinite(bounds).all(axis=1)]
    if options.is_insisting or len(known) < SEVERAL:
        return
    west, south, east, north = np.median(known, axis=0)
    east, north = (west + east) / 2, (south + north) / 2
    if _is_possible(crs, east, north):
        return
    told = f"the coordinates of the file lie around {east:.8g}, {north:.8g}, which {crs.name} does not have"
    if _is_possible(crs, north, east):
        raise BadFile(
            f"{told}, but has the other way round: say --swap if longitude (or easting) and latitude (or northing) are swapped",
            better="swapped",
        )
    if crs.is_projected:
        raise BadFile(f"{told}: say in which CRS they are with --crs EPSG:N", needs="crs")


def _is_possible(crs: pyproj.CRS, east: float, north: float) -> bool:
    """Whether a place of a CRS lies on the globe or, in a plane, within five degrees of where the CRS is used."""
    if crs.is_geographic:
        return abs(east) <= 180 and abs(north) <= 90
    lon, lat = pyproj.Transformer.from_crs(crs, SRID, always_xy=True).transform(east, north)
    area = crs.area_of_use
    if area is None or not np.isfinite([lon, lat]).all():
        return False
    return bool(area.west - NEAR <= lon <= area.east + NEAR and area.south - NEAR <= lat <= area.north + NEAR)


def _shown(sheet: Sheet) -> pd.Series:
    shapes = sheet.frame["geometry"]
    return pd.Series(shapely.to_wkt(shapes.to_numpy(), rounding_precision=6), shapes.index, dtype="str").str.slice(
        0, 80
    )


def _crs(table: Table, sheet: Sheet, options: Options) -> pyproj.CRS:
    """As told, else the file's own, else degrees if most places could be in degrees: a slip in one row is that row's."""
    given = options.crs or table.crs
    if given:
        return _known(given, options)
    farthest = np.abs(shapely.bounds(sheet.frame["geometry"].to_numpy(dtype=object))).max(axis=1, initial=0)
    known = farthest[~np.isnan(farthest)]
    if known.size and np.median(known) > 360:
        hint = systems.zoned(*np.nanmedian(_middles(sheet), axis=0))
        told = f"; their eastings begin like those of {hint}" if hint else ""
        raise BadFile(
            f"the coordinates are no degrees and the file does not say its CRS: give --crs EPSG:N{told}", needs="crs"
        )
    return pyproj.CRS(SRID)


def _middles(sheet: Sheet) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The middle of each shape: x, y."""
    bounds = shapely.bounds(sheet.frame["geometry"].to_numpy(dtype=object)).reshape(-1, 4)
    middles: np.ndarray[Any, np.dtype[np.float64]] = (bounds[:, :2] + bounds[:, 2:]) / 2
    return middles


def _known(given: str, options: Options) -> pyproj.CRS:
    try:
        crs = pyproj.CRS.from_user_input(given)
    except CRSError as error:
        raise BadInput(f"unknown CRS {given}", crs=given) from error
    if options.datum in ("gcj02", "bd09") and not crs.is_geographic:
        raise BadInput(f"{options.datum} is shifted in degrees, but the coordinates are in {crs.name}", crs=given)
    return crs


def _stored(sheet: Sheet, shapes: Shapes, crs: pyproj.CRS, of_datum: str) -> Shapes:
    """Degrees are taken as what the datum says, and other systems as what they say themselves."""
    is_shifted = of_datum not in UNSHIFTED
    if is_shifted or crs in (pyproj.CRS(SRID), pyproj.CRS(4326), pyproj.CRS("OGC:CRS84")):
        moved: Shapes = datum.convert_geometries(shapes, source=of_datum)
    else:
        to_stored, accuracy_m = systems.into_stored(crs)
        moved = shapely.transform(shapes, to_stored.transform, interleaved=False)
        sheet.remarks += _doubts(crs, accuracy_m)
    return moved


def _doubts(crs: pyproj.CRS, accuracy_m: float | None) -> list[str]:
    if accuracy_m is None:
        return [f"no exact conversion from {crs.name} is known here: places may lie a hundred metres off"]
    return [f"converted from {crs.name} to within {accuracy_m:g} m"] if accuracy_m > EXACT_M else []

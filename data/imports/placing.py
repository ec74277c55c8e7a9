"""Where the rows of a file are: its shapes, a WKT column or two columns of numbers, brought to EPSG:4490 (lon, lat in degrees)."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from pyproj.exceptions import CRSError

from data.imports.columns import UNSHIFTED, Columns
from data.imports.options import Options
from data.imports.reading import Table
from data.imports.sheet import Sheet, plain_records
from data.imports.values import as_text, decimal
from data.models import SRID
from data.settings import settings
from geo import datum, layers
from geo.errors import BadFile, BadInput

Shapes = np.ndarray[Any, Any]


def place(sheet: Sheet, table: Table, columns: Columns, options: Options, *, is_required: bool) -> None:
    """Give `sheet.frame` a column `geometry`: shapes in EPSG:4490 or missing. Rows that lie nowhere on earth are refused.

    `lon`, `lat` and `datum` keep the degrees of points as they were given.

    Raises: BadFile if nothing in the file says where, though it `is_required`, or if plane coordinates come without a CRS;
    BadInput for an unknown CRS.
    """
    if is_required and not _says_where(table, columns):
        raise BadFile("no columns for the place: name them with --map lon=COLUMN --map lat=COLUMN, or --map wkt=COLUMN")
    shapes = _found(sheet, table, columns, options)
    sheet.frame = sheet.frame.assign(geometry=pd.Series(shapes, index=sheet.frame.index, dtype=object))
    _refuse_not_finite(sheet)
    crs = _crs(table, sheet, options)
    if crs.is_geographic:
        _refuse_off_the_globe(sheet)
    shapes = sheet.frame["geometry"].to_numpy()
    stored = _stored(shapes, crs, columns.datum) if len(shapes) else shapes
    told, of_datum = (shapes, columns.datum) if crs.is_geographic else (stored, "cgcs2000")
    sheet.frame = sheet.frame.assign(geometry=stored, lon=shapely.get_x(told), lat=shapely.get_y(told), datum=of_datum)


def check(sheet: Sheet, *, shape: layers.Shape, is_required: bool, options: Options, name: str) -> None:
    """Refuse shapes that are wrong, or mend them first; what was mended is told by line and the column `name`."""
    layer = gpd.GeoDataFrame(sheet.frame, geometry="geometry", crs=SRID)
    checked = layers.check(
        layer, shape=shape, is_required=is_required, repair=options.is_repairing, metric_crs=settings().metric_srid
    )
    lines = sheet.frame.loc[checked.rejects.index, "line"]
    sheet.rejects.append(checked.rejects.assign(line=lines))
    mended = sheet.frame.reindex(index=checked.repairs.index, columns=["line", name])
    sheet.repairs += plain_records(mended.rename(columns={name: "row"}).join(checked.repairs))
    sheet.frame = pd.DataFrame(checked.good)


def _says_where(table: Table, columns: Columns) -> bool:
    return table.shapes is not None or "wkt" in columns.of or {"lon", "lat"} <= columns.of.keys()


def _found(sheet: Sheet, table: Table, columns: Columns, options: Options) -> Shapes:
    if table.shapes is not None:
        own: Shapes = table.shapes[sheet.frame.index.to_numpy()]
        return own
    if "wkt" in columns.of:
        return _from_wkt(sheet, table, columns)
    if "lon" in columns.of and "lat" in columns.of:
        return _from_numbers(sheet, table, columns, options)
    return np.full(len(sheet.frame), None, dtype=object)


def _from_wkt(sheet: Sheet, table: Table, columns: Columns) -> Shapes:
    given = as_text(table.frame[columns.of["wkt"]]).str.replace(r"^SRID=\d+;", "", regex=True)[sheet.frame.index]
    with np.errstate(invalid="ignore"):  # a coordinate NaN is refused later, by name
        read = shapely.from_wkt(given.astype(object).where(given.notna(), None).to_numpy(), on_invalid="ignore")
    shapes = pd.Series(read, given.index)
    sheet.refuse(given.notna() & shapes.isna(), "wkt", "can't be read as WKT", given.str.slice(0, 80))
    return shapes[sheet.frame.index].to_numpy(dtype=object)


def _from_numbers(sheet: Sheet, table: Table, columns: Columns, options: Options) -> Shapes:
    """Points; both numbers or none. The numbers stay in the sheet as `lon` and `lat`, as they were given."""
    for field in ("lon", "lat"):
        column = columns.of[field]
        given = as_text(table.frame[column])[sheet.frame.index]
        numbers = decimal(given, options)
        sheet.frame = sheet.frame.assign(**{field: numbers})
        sheet.refuse(given.notna() & numbers.isna(), field, "is not a number", given)
    half = sheet.frame["lon"].isna() != sheet.frame["lat"].isna()
    sheet.refuse(half, "lon", "one of the two coordinates is missing")
    lon, lat = sheet.frame["lon"], sheet.frame["lat"]
    shapes = np.full(len(lon), None, dtype=object)
    shapes[lon.notna()] = shapely.points(lon[lon.notna()], lat[lon.notna()])
    return shapes


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
        raise BadFile("the coordinates are no degrees and the file does not say its CRS: give --crs EPSG:N")
    return pyproj.CRS(SRID)


def _known(given: str, options: Options) -> pyproj.CRS:
    try:
        crs = pyproj.CRS.from_user_input(given)
    except CRSError as error:
        raise BadInput(f"unknown CRS {given}", crs=given) from error
    if options.datum in ("gcj02", "bd09") and not crs.is_geographic:
        raise BadInput(f"{options.datum} is shifted in degrees, but the coordinates are in {crs.name}", crs=given)
    return crs


def _stored(shapes: Shapes, crs: pyproj.CRS, of_datum: str) -> Shapes:
    """Degrees are taken as what the datum says, and other systems as what they say themselves."""
    is_shifted = of_datum not in UNSHIFTED
    if is_shifted or crs in (pyproj.CRS(SRID), pyproj.CRS(4326), pyproj.CRS("OGC:CRS84")):
        moved: Shapes = datum.convert_geometries(shapes, source=of_datum)
    else:
        to_stored = pyproj.Transformer.from_crs(crs, SRID, always_xy=True)
        moved = shapely.transform(shapes, to_stored.transform, interleaved=False)
    return moved

"""Which formats a layer can be taken away in: what each can hold, and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from data.exports import geojson, parquet, shapefiles, tables, vectors, workbooks
from data.exports.batches import Batch, Head
from data.exports.layers import Layer
from data.exports.places import Place
from geo.errors import BadInput

Write = Callable[[Path, Head, Iterator[Batch]], None]


@dataclass(frozen=True)
class Format:
    """`tells_crs`: any system, `degrees` only, or `columns`: by a column of its own. `is_map`: it is nothing without places."""

    name: str
    ending: str
    media_type: str
    write: Write
    tells_crs: str = "any"
    is_map: bool = False
    can_be_gbk: bool = False


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format("geojson", ".geojson", "application/geo+json", geojson.write_collection),
        Format("geojsonl", ".geojsonl", "application/geo+json-seq", geojson.write_lines, tells_crs="degrees"),
        Format("gpkg", ".gpkg", "application/geopackage+sqlite3", vectors.write_geopackage),
        Format("shapefile", ".zip", "application/zip", shapefiles.write, is_map=True, can_be_gbk=True),
        Format("parquet", ".parquet", "application/vnd.apache.parquet", parquet.write),
        Format("fgb", ".fgb", "application/flatgeobuf", vectors.write_flatgeobuf, is_map=True),
        Format(
            "kml",
            ".kml",
            "application/vnd.google-earth.kml+xml",
            vectors.write_kml,
            tells_crs="degrees",
            is_map=True,
        ),
        Format("csv", ".csv", "text/csv", tables.write, tells_crs="columns", can_be_gbk=True),
        Format("xlsx", ".xlsx", XLSX, workbooks.write, tells_crs="columns"),
    )
}
ENDINGS = {one.ending: one.name for one in FORMATS.values()} | {".json": "geojson", ".ndjson": "geojsonl"}
ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "gbk": "gb18030", "gb18030": "gb18030"}
"""GB18030 holds all of Unicode; whoever reads GBK reads every character that GBK has."""


def chosen(name: str | None, path: Path) -> Format:
    """The format of this name, else what the ending of the file says. Raises: BadInput."""
    told = name or ENDINGS.get(path.suffix.lower(), "")
    if told not in FORMATS:
        what = f"unknown format {name}" if name else f"the ending of {path.name} tells no format: say --format"
        raise BadInput(f"{what}, one of {', '.join(FORMATS)}", format=told)
    return FORMATS[told]


def encoding_named(name: str | None, form: Format) -> str:
    """Python's name of the encoding. Raises: BadInput for one that is not known, or that the format does not have."""
    told = ENCODINGS.get((name or "utf-8").lower())
    if told is None:
        raise BadInput(f"unknown encoding {name}: utf-8 or gbk", encoding=name)
    if told != "utf-8" and not form.can_be_gbk:
        able = ", ".join(one.name for one in FORMATS.values() if one.can_be_gbk)
        raise BadInput(f"{form.name} is always UTF-8; only {able} can be in GBK", encoding=name)
    return told


def check(form: Format, layer: Layer, place: Place) -> None:
    """Raises: BadInput for what the format can't hold."""
    if form.is_map and layer.shape == "none":
        raise BadInput(f"{layer.name} have no place on the map, {form.name} is for places: take csv or xlsx")
    if form.tells_crs == "degrees" and not place.is_geographic:
        raise BadInput(f"{form.name} is in degrees by definition: take {place.name} in geojson, gpkg or shapefile")
    if form.name == "kml" and place.crs is None:
        raise BadInput(f"kml is WGS84 by definition: take {place.name} in another format")


def needs_crs_column(form: Format, place: Place) -> bool:
    """Whether the rows have to say in which coordinates they are, because the format can't."""
    return place.crs is None or (form.tells_crs == "columns" and not place.is_geographic)

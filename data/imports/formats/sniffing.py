"""Which format a file is. Its first bytes decide; names lie, and only choose between kinds of text."""

from __future__ import annotations

import zipfile
from pathlib import Path

from geo.errors import BadFile

HEAD_BYTES = 65_536
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"SQLite format 3\x00", "geopackage"),
    (b"fgb\x03fgb", "flatgeobuf"),
    (b"PAR1", "parquet"),
    (b"\x00\x00\x27\x0a", "shapefile"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
)
REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"Rar!", "a RAR archive: unpack it, or pack it anew as ZIP"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it, or pack it anew as ZIP"),
    (b"%PDF", "a PDF: ask for the table or the layer that it was made from"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"!table", "a MapInfo table: export it as GeoPackage, or as a shapefile with all its parts in one ZIP"),
    (b"AC10", "a DWG drawing: export it as DXF or GeoPackage and give its layer a CRS"),
)
ROOTS = {"kml": "kml", "osm": "osm", "graphml": "graphml"}
"""Root element of XML → format."""
ENDINGS = {".geojsonl": "lines", ".geojsons": "lines", ".ndjson": "lines", ".jsonl": "lines"}
SIDE_FILES = (".shx", ".dbf", ".prj", ".cpg")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
BOM = b"\xef\xbb\xbf"


def format_of(path: Path) -> str:
    """zip, gzip, geopackage, flatgeobuf, parquet, shapefile, workbook, pbf, geojson, lines, kml, osm, graphml or text.

    Raises: BadFile, naming what the file is, where nobody here reads it.
    """
    head = _head(path)
    for signature, what in REFUSED:
        if head.startswith(signature):
            raise BadFile(f"{path.name} is {what}", file=str(path))
    for signature, name in SIGNATURES:
        if head.startswith(signature):
            return name
    if path.suffix.lower() in SIDE_FILES:
        raise BadFile(f"{path.name} is a part of a shapefile: give its .shp, or all its parts as a ZIP", file=str(path))
    return "pbf" if b"OSMHeader" in head[:64] else _kind_of_text(path, head)


def zipped_format(path: Path) -> str | None:
    """A workbook and a KMZ are archives too; None for a plain one."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadFile(f"{path.name} is a broken archive: {error}", file=str(path)) from error
    is_workbook = "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names
    return "workbook" if is_workbook else None


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise BadFile(f"{path.name} can't be read: {error.strerror}", file=str(path)) from error
    if not head:
        raise BadFile(f"{path.name} is empty", file=str(path))
    return head


def _kind_of_text(path: Path, head: bytes) -> str:
    if head.startswith(UTF_16):
        return "text"
    if head.count(0) > len(head) // 20:
        raise BadFile(f"{path.name} is in no format that is known here", file=str(path))
    start = head.removeprefix(BOM).lstrip()
    if not start:
        raise BadFile(f"{path.name} is empty", file=str(path))
    if start[:1] in (b"{", b"[", b"\x1e"):
        return _kind_of_json(path, start)
    return _kind_of_xml(path, start) if start[:1] == b"<" else "text"


def _kind_of_json(path: Path, start: bytes) -> str:
    """Lines of features each begin anew with a brace; one collection has its brace once."""
    if start[:1] == b"[":
        told = f"{path.name} is a list in JSON, no GeoJSON: save it as a table (CSV, XLSX) or as a FeatureCollection"
        raise BadFile(told, file=str(path))
    if start[:1] == b"\x1e" or path.suffix.lower() in ENDINGS:
        return "lines"
    first, _, rest = start.partition(b"\n")
    is_whole = first.rstrip().endswith(b"}") and first.count(b"{") == first.count(b"}")
    return "lines" if is_whole and rest.lstrip()[:1] == b"{" else "geojson"


def _kind_of_xml(path: Path, start: bytes) -> str:
    text = start[:4096].lower()
    if b"<!doctype html" in text or b"<html" in text:
        raise BadFile(f"{path.name} is a web page: perhaps a login page was saved instead of the file", file=str(path))
    for root, name in ROOTS.items():
        if f"<{root}".encode() in text or f":{root} ".encode() in text:
            return name
    raise BadFile(f"{path.name} is XML, but neither KML, GraphML nor OpenStreetMap's", file=str(path))

"""Files of any format as tables of what they say. Any CRS, not judged here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from data.imports.formats import archives, isolation, scratch, sniffing, texts
from data.imports.formats.tables import Choice, Table, Tables, Wanted, join
from data.imports.options import Share, unwatched
from data.settings import settings
from geo.errors import BadFile

__all__ = ["Table", "Wanted", "batches", "read"]

Unpack = Callable[[Path, Path, Wanted], tuple[Path, list[str]]]
NEEDED_ENDINGS = {"geojson": ".geojson", "lines": ".geojsonl", "kml": ".kml", "geopackage": ".gpkg", "flatgeobuf": ".fgb",
                  "pbf": ".osm.pbf", "osm": ".osm"}  # fmt: skip
"""Libraries look at the name first. A file that is called otherwise is read by another name."""
SURELY = 1.2
"""How many times too large a file has to look by its beginning to be refused there: the rest may be smaller."""
LEAST_SHARE = 1e-6
MAX_LAYERS = 3
"""Of packing: a file in a ZIP in a GZ."""


def read(path: Path, wanted: Wanted | None = None, share: Share = unwatched) -> Table:
    """Every row of the file. A line is the physical one in a CSV, the row of a sheet, else the feature's number from 1.

    Raises: BadFile, also when all of it would take more memory than the setting allows.
    """
    return join(_within_memory(path, batches(path, wanted or Wanted()), share))


def _within_memory(path: Path, tables: Tables, share: Share) -> Tables:
    """Raises: BadFile as soon as it can be told that all of it would take more than the setting allows."""
    size_mb, most_mb = 0.0, isolation.allowed_mb()
    with closing(tables):
        for table in tables:
            size_mb += table.bytes / (1 << 20)
            whole_mb = size_mb / max(table.share, LEAST_SHARE)
            if size_mb > most_mb or whole_mb > SURELY * most_mb:
                told = (
                    f"{path.name} takes about {whole_mb:,.0f} MB to be looked at as a whole, at most {most_mb:,} are allowed "
                    "(WANGGE_IMPORT_MEMORY_MB): bring it in parts, a street or a district each"
                )
                raise BadFile(told, file=str(path))
            share(table.share)
            yield table


def batches(path: Path, wanted: Wanted) -> Tables:
    """The same in tables of at most `wanted.rows` rows, at least one. What was unpacked is gone when they are through."""
    if not path.is_file():
        raise BadFile(f"there is no file {path}", file=str(path))
    count = 0
    with ExitStack() as stack:
        file, name, remarks, choice = _unpacked(path, wanted, stack)
        for table in _tables(file, name, wanted, stack):
            table.remarks, remarks = remarks + table.remarks, []
            table.choice = table.choice or choice
            count += table.read
            yield table
    if count == 0:
        raise BadFile(f"{path.name} has no rows", file=str(path))


def _unpacked(path: Path, wanted: Wanted, stack: ExitStack) -> tuple[Path, str, list[str], Choice | None]:
    """The file itself, its format, what was left out on the way, and what it was chosen among."""
    remarks: list[str] = []
    choice: Choice | None = None
    for _ in range(MAX_LAYERS):
        name = sniffing.format_of(path)
        if name == "zip" and sniffing.zipped_format(path) == "workbook":
            archives.check_sizes(path, limit_mb=settings().import_unpacked_mb)
            return path, "workbook", remarks, choice
        if name not in ("zip", "gzip"):
            return path, name, remarks, choice
        into = stack.enter_context(scratch.folder())
        if name == "gzip":
            path = archives.gunzip(path, into, limit_mb=settings().import_unpacked_mb)
        else:
            path, said, choice = archives.unzip(path, into, limit_mb=settings().import_unpacked_mb, layer=wanted.layer)
            remarks += said
    raise BadFile(f"{path.name} is packed more than {MAX_LAYERS} times", file=str(path))


def _tables(path: Path, name: str, wanted: Wanted, stack: ExitStack) -> Tables:
    if name == "text":
        return texts.read(path, wanted)
    if wanted.layer in (path.name, path.stem):
        wanted = replace(wanted, layer=None)
    ending = NEEDED_ENDINGS.get(name, "")
    if not path.name.lower().endswith(ending):
        link = stack.enter_context(scratch.folder()) / (path.stem + ending)
        link.symlink_to(path.resolve())
        path = link
    told = settings()
    limits = isolation.Limits(isolation.allowed_mb(), told.import_patience_s, told.import_shape_vertices)
    return isolation.read(name, path, wanted, limits)

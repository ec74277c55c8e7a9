"""Files as tables of what they say: CSV through the standard reader, the rest through GDAL. Any CRS, not judged here."""

from __future__ import annotations

import csv
import gzip
import io
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import shapely

from geo.errors import BadFile

CSV_ENDINGS = (".csv", ".csv.gz", ".tsv", ".txt")
ENCODINGS = ("utf-8-sig", "gb18030")
"""Tried in turn; gb18030 holds GBK and GB2312."""
DELIMITERS = (",", "\t", ";", "|")
FIELD_LIMIT = 1 << 30
"""Characters in one field of a CSV: a boundary as WKT can be long."""


@dataclass
class Table:
    """`frame`: the columns of the file; `lines`: the line of each row; `shapes`: its geometry, if the file has any."""

    frame: pd.DataFrame
    lines: np.ndarray[Any, Any]
    shapes: np.ndarray[Any, Any] | None = None
    crs: str | None = None
    ragged: pd.DataFrame | None = None
    """Rows that are no rows, ready to be refused: line, field, value, reason."""

    @property
    def read(self) -> int:
        return len(self.frame) + (0 if self.ragged is None else len(self.ragged))


def read(path: Path, *, layer: str | None = None, encoding: str | None = None) -> Table:
    """Every row of the file. A line is the physical one in a CSV, else the feature's number from 1. Raises: BadFile."""
    if not path.is_file():
        raise BadFile(f"there is no file {path}", file=str(path))
    table = _read_csv(path, encoding) if path.name.lower().endswith(CSV_ENDINGS) else _read_layer(path, layer, encoding)
    if table.read == 0:
        raise BadFile(f"{path.name} has no rows", file=str(path))
    return table


def _read_csv(path: Path, encoding: str | None) -> Table:
    text = _decode(_bytes(path), encoding, path.name)
    csv.field_size_limit(FIELD_LIMIT)
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = _header(next(reader, []), path.name)
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise BadFile(f"{path.name}, line {reader.line_num}: {error}", file=str(path)) from error
    return _table(header, rows, has_nul="\0" in text)


def _table(header: list[str], rows: list[tuple[int, list[str]]], *, has_nul: bool) -> Table:
    """Rows that no table can hold stand apart."""
    whole, ragged = [], []
    for line, row in rows:
        reason = _problem(row, len(header), has_nul)
        if reason:
            ragged.append({"line": line, "field": "", "value": ",".join(row)[:200].replace("\0", ""), "reason": reason})
        else:
            whole.append((line, row))
    frame = pd.DataFrame([row for _, row in whole], columns=header, dtype=str)
    return Table(
        frame, np.array([line for line, _ in whole], dtype=int), ragged=pd.DataFrame(ragged) if ragged else None
    )


def _problem(row: list[str], width: int, has_nul: bool) -> str | None:
    if len(row) != width:
        return f"{len(row)} fields, the header has {width}"
    return "contains a NUL character" if has_nul and any("\0" in value for value in row) else None


def _header(names: list[str], file: str) -> list[str]:
    header = [name.strip() or f"column {number}" for number, name in enumerate(names, start=1)]
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        raise BadFile(f"{file}: two columns are named {twice[0]}", file=file)
    return header


def _bytes(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes()) if path.suffix.lower() == ".gz" else path.read_bytes()
    except (OSError, EOFError) as error:
        raise BadFile(f"{path.name} can't be read: {error}", file=str(path)) from error


def _decode(content: bytes, encoding: str | None, file: str) -> str:
    for name in (encoding,) if encoding else ENCODINGS:
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise BadFile(f"unknown encoding {name}", file=file) from error
    raise BadFile(
        f"{file} is neither UTF-8 nor GBK: give --encoding" if not encoding else f"{file} is not {encoding}", file=file
    )


def _read_layer(path: Path, layer: str | None, encoding: str | None) -> Table:
    try:
        with warnings.catch_warnings(action="ignore"):
            layer = layer or _only_layer(path)
            meta, _, wkb, fields = pyogrio.raw.read(path, layer=layer, force_2d=True, encoding=encoding)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeError, LookupError) as error:
        raise BadFile(f"{path.name} can't be read as a layer: {error}", file=str(path)) from error
    names = _header(list(meta["fields"]), path.name)
    rows = len(wkb) if wkb is not None else len(fields[0])
    frame = pd.DataFrame(dict(zip(names, fields, strict=True)), index=pd.RangeIndex(rows))
    shapes = None if wkb is None else shapely.from_wkb(wkb, on_invalid="ignore")
    return Table(frame, np.arange(1, rows + 1), shapes, meta["crs"])


def _only_layer(path: Path) -> str:
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    if len(names) != 1:
        raise BadFile(
            f"{path.name} has {len(names)} layers: choose one with --layer ({', '.join(names)})", file=str(path)
        )
    return names[0]

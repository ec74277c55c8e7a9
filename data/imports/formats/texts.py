"""CSV and its like, read in batches: any delimiter, any encoding of the country, a header anywhere in the first rows."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from data.imports.formats import headers
from data.imports.formats.tables import Table, Tables, Wanted
from geo.errors import BadFile

ENCODINGS = ("utf-8-sig", "gb18030")
"""Tried in turn; gb18030 holds GBK and GB2312."""
MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
DELIMITERS = (",", "\t", ";", "|")
FIELD_LIMIT = 1 << 26
"""Characters in one field of a CSV: a boundary as WKT can be long, but not longer than a million vertices."""
CHUNK_BYTES = 1 << 20
AT_ONCE_BYTES = 1 << 28
"""Size up to which a text is read at once; larger ones are read row by row, however little memory there is."""
BLOCK_BYTES = 1 << 24
SAMPLE_CHARACTERS = 1 << 16
Numbered = tuple[int, list[str]]


def read(path: Path, wanted: Wanted) -> Tables:
    """Lines are the physical ones, from 1. Raises: BadFile."""
    encoding = _encoding(path, wanted.encoding)
    csv.field_size_limit(FIELD_LIMIT)
    delimiter = _delimiter(path, encoding)
    with path.open("rb") as file:
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        rows = _rows(text, delimiter, path)
        first = list(itertools.islice(rows, headers.SEARCHED_ROWS))
        if not first:
            raise BadFile(f"{path.name} is empty", file=str(path))
        header = headers.find([[value.strip() for value in row] for _, row in first])
        whole = _at_once(path, header, delimiter, encoding) if first[0][0] == header.end == 1 else None
        if whole is None:
            yield from _batches(header, itertools.chain(first[header.end :], rows), file, wanted.rows)
        else:
            yield from _slices(whole, header.remarks, wanted.rows)


def _at_once(path: Path, header: headers.Header, delimiter: str, encoding: str) -> pa.Table | None:
    """The rows of a file that is not too large and as plain as most are: every row one line, of as many fields as the header.

    Read in a tenth of the time; None for any other file.
    """
    if path.stat().st_size > AT_ONCE_BYTES or b"\0" in (content := path.read_bytes()):
        return None
    try:
        table = pacsv.read_csv(
            pa.BufferReader(content),
            pacsv.ReadOptions(column_names=header.names, skip_rows=1, encoding=encoding, block_size=BLOCK_BYTES),
            pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=True),
            pacsv.ConvertOptions(column_types=dict.fromkeys(header.names, pa.string()), strings_can_be_null=False),
        )
    except (pa.ArrowException, UnicodeError, LookupError):
        return None
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    return table if table.num_rows + 1 == lines else None


def _slices(whole: pa.Table, remarks: list[str], count: int) -> Tables:
    """Line 1 is the header."""
    for start in range(0, max(whole.num_rows, 1), count):
        part = whole.slice(start, count)
        lines = np.arange(start + 2, start + 2 + part.num_rows)
        share = (start + part.num_rows) / max(whole.num_rows, 1)
        yield Table(part.to_pandas(), lines, remarks=remarks if start == 0 else [], share=share)


def _batches(header: headers.Header, rows: Iterator[Numbered], file: IO[bytes], count: int) -> Tables:
    """At least one table, which may have no rows."""
    remarks, size = header.remarks, max(os.fstat(file.fileno()).st_size, 1)
    is_first = True
    while (batch := list(itertools.islice(rows, count))) or is_first:
        table = _table(header.names, batch)
        table.remarks, table.share = remarks, file.tell() / size
        yield table
        is_first, remarks = False, []


def _rows(stream: io.TextIOWrapper, delimiter: str, path: Path) -> Iterator[Numbered]:
    reader = csv.reader(stream, delimiter=delimiter)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        told = f"a field is longer than {FIELD_LIMIT:,} characters" if "limit" in str(error) else str(error)
        raise BadFile(f"{path.name}, line {reader.line_num}: {told}", file=str(path)) from error


def _delimiter(path: Path, encoding: str) -> str:
    """The one that splits the first lines into the most fields, most often alike."""
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        lines = file.read(SAMPLE_CHARACTERS).splitlines()[: headers.SEARCHED_ROWS]
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: Sequence[str], delimiter: str) -> int:
    widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    split = [width for width in widths if width > 1]
    return max((widths.count(width) * (width - 1) for width in set(split)), default=0)


def _table(names: list[str], rows: list[Numbered]) -> Table:
    """Rows that no table can hold stand apart."""
    width = len(names)
    is_whole = [len(row) == width and not any("\0" in value for value in row) for _, row in rows]
    whole = rows if all(is_whole) else list(itertools.compress(rows, is_whole))
    columns: Iterable[Any] = zip(*(row for _, row in whole), strict=True) if whole else ([] for _ in names)
    frame = pd.DataFrame(
        {name: pd.array(list(values), dtype="str") for name, values in zip(names, columns, strict=True)},
        index=pd.RangeIndex(len(whole)),
    )
    ragged = [_ragged(line, row, width) for (line, row), good in zip(rows, is_whole, strict=True) if not good]
    lines = np.array([line for line, _ in whole], dtype=int)
    return Table(frame, lines, ragged=pd.DataFrame(ragged) if ragged else None)


def _ragged(line: int, row: list[str], width: int) -> dict[str, Any]:
    reason = f"{len(row)} fields, the header has {width}" if len(row) != width else "contains a NUL character"
    return {"line": line, "field": "", "value": ",".join(row)[:200].replace("\0", ""), "reason": reason}


def _encoding(path: Path, told: str | None) -> str:
    """As told or marked, else the first that all of the file can be read in."""
    head = _chunks(path, 2)
    marked = MARKS.get(next(head, b""))
    candidates = [name for name in (told or marked,) if name] or list(ENCODINGS)
    reason = None
    for name in candidates:
        reason = _undecodable(path, name)
        if reason is None:
            return name
    if told:
        raise BadFile(f"{path.name} is not {told}: {reason}", file=str(path))
    raise BadFile(f"{path.name} is neither UTF-8 nor GBK ({reason}): give --encoding", file=str(path))


def _undecodable(path: Path, encoding: str) -> str | None:
    """Where the file can't be read in `encoding`; None if all of it can. Raises: BadFile for an encoding that nobody knows."""
    line = 1
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        for chunk in _chunks(path, CHUNK_BYTES):
            decoder.decode(chunk)
            line += chunk.count(b"\n")
        decoder.decode(b"", final=True)
    except LookupError as error:
        raise BadFile(f"unknown encoding {encoding}", file=str(path)) from error
    except UnicodeError as error:
        before = error.object[: error.start].count(b"\n") if isinstance(error, UnicodeDecodeError) else 0
        return f"line {line + before} can't be read"
    return None


def _chunks(path: Path, size: int) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(size):
                yield chunk
    except OSError as error:
        raise BadFile(f"{path.name} can't be read: {error.strerror}", file=str(path)) from error

"""CSV and its like, read in batches: any delimiter, any encoding of the country, a header anywhere in the first rows."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import os
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple, TextIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from data.formulas import APOSTROPHE, TAMED, untame
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
BLOCK_BYTES = 1 << 22
"""Of a plain text that is in memory at a time."""
SAMPLE_CHARACTERS = 1 << 16
EMPTY_ROW = re.compile(rb"^[,;|\t]+\r?$", re.MULTILINE)
"""Separators alone: left out, as an empty line is."""
Numbered = tuple[int, list[str]]


def read(path: Path, wanted: Wanted) -> Tables:
    """Lines are the physical ones, from 1. Raises: BadFile."""
    encoding = _encoding(path, wanted.encoding)
    csv.field_size_limit(FIELD_LIMIT)
    delimiter = _delimiter(path, encoding)
    first = _first(path, encoding, delimiter)
    header = headers.find([[value.strip() for value in row] for _, row in first])
    size, remarks = max(path.stat().st_size, 1), header.remarks
    with path.open("rb") as file:
        rest = Rest(0, 0)
        if first[0][0] == header.end == 1 and encoding in ENCODINGS:
            rest = yield from _plain_tables(file, header, delimiter, encoding, wanted.rows)
            remarks = [] if rest.start else remarks
        if rest.start == size:
            return
        file.seek(rest.start)
        with io.TextIOWrapper(file, encoding=encoding, newline="") as text:
            rows = itertools.islice(_rows(text, delimiter, path, rest.line), 0 if rest.start else header.end, None)
            told = (numbered for numbered in rows if any(numbered[1]))
            yield from _batches(header.names, told, file, wanted.rows, remarks)


class Rest(NamedTuple):
    """What is still to be read: the byte and the number of lines where it begins."""

    start: int
    line: int


def _first(path: Path, encoding: str, delimiter: str) -> list[Numbered]:
    with path.open(encoding=encoding, newline="") as text:
        first = list(itertools.islice(_rows(text, delimiter, path, 0), headers.SEARCHED_ROWS))
    if not first:
        raise BadFile(f"{path.name} is empty", file=str(path))
    return first


def _plain_tables(
    file: IO[bytes], header: headers.Header, delimiter: str, encoding: str, count: int
) -> Generator[Table, None, Rest]:
    """The rows of a file as plain as most are: every row one line, of as many fields as the header; and what is left of it.

    Read in a tenth of the time, block by block. A block that is not plain ends it, and so does a header that is all there is.
    """
    size, rest = os.fstat(file.fileno()).st_size, Rest(0, 0)
    line = 1 if file.readline(FIELD_LIMIT) else 0
    while block := file.read(BLOCK_BYTES) + file.readline(FIELD_LIMIT):
        whole, before = _plain(block, header.names, delimiter, encoding), file.tell() - len(block)
        if whole is None:
            break
        for start in range(0, whole.num_rows, count):
            part = whole.slice(start, count)
            lines = np.arange(line + start + 1, line + start + 1 + part.num_rows)
            share = (before + len(block) * (start + part.num_rows) / whole.num_rows) / size
            yield Table(part.to_pandas(), lines, remarks=header.remarks if line + start == 1 else [], share=share)
        line += whole.num_rows
        rest = Rest(before + len(block), line)
    return rest


def _plain(block: bytes, names: list[str], delimiter: str, encoding: str) -> pa.Table | None:
    """The rows of whole lines; None where a line is not a row, or a row not as wide as the header."""
    if b"\0" in block or EMPTY_ROW.search(block):
        return None
    try:
        table = pacsv.read_csv(
            pa.BufferReader(block),
            pacsv.ReadOptions(column_names=names, encoding=encoding.removesuffix("-sig"), block_size=len(block) + 1),
            pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=True),
            pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except (pa.ArrowException, UnicodeError, LookupError):
        return None
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    return _untamed(table) if table.num_rows == lines else None


def _untamed(table: pa.Table) -> pa.Table:
    """Texts without the apostrophe that keeps a spreadsheet from running them."""
    for number, name in enumerate(table.column_names):
        column = table.column(number)
        if pc.any(pc.starts_with(column, APOSTROPHE)).as_py():
            table = table.set_column(number, name, pc.replace_substring_regex(column, TAMED, r"\1"))
    return table


def _batches(names: list[str], rows: Iterator[Numbered], file: IO[bytes], count: int, remarks: list[str]) -> Tables:
    """At least one table, which may have no rows."""
    size, is_first = max(os.fstat(file.fileno()).st_size, 1), True
    while (batch := list(itertools.islice(rows, count))) or is_first:
        table = _table(names, batch)
        table.remarks, table.share = remarks, file.tell() / size
        yield table
        is_first, remarks = False, []


def _rows(stream: TextIO, delimiter: str, path: Path, line: int) -> Iterator[Numbered]:
    """Rows with the number of their last line, counted on from `line`."""
    reader = csv.reader(_lines(stream), delimiter=delimiter)
    try:
        for row in reader:
            if row:
                yield line + reader.line_num, row
    except csv.Error as error:
        told = f"a field or line is longer than {FIELD_LIMIT:,} characters" if "limit" in str(error) else str(error)
        raise BadFile(f"{path.name}, line {line + reader.line_num}: {told}", file=str(path)) from error


def _lines(stream: TextIO) -> Iterator[str]:
    """Never more of one in memory than a field may hold."""
    while line := stream.readline(FIELD_LIMIT):
        if len(line) == FIELD_LIMIT:
            raise csv.Error("beyond the limit")
        yield line


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
        {
            name: pd.array([untame(value) for value in values], dtype="str")
            for name, values in zip(names, columns, strict=True)
        },
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
    raise BadFile(f"{path.name} is neither UTF-8 nor GBK ({reason}): give --encoding", file=str(path), needs="encoding")


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

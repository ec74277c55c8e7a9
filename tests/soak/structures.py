"""Files whose form is right and whose content is not: each format is taken apart, changed in one place and put together again."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.soak import mutations

Random = np.random.Generator
Break = Callable[[Path, Random], bytes]
ODD: tuple[Any, ...] = (
    None, "", " ", -1, 0, 1e308, -1e308, 10**30, float("nan"), float("inf"), True, [], {}, "\x00", "x" * 5000, "=1+1", "０",
    "NULL", "116.39,39.91", "POLYGON((0 0))", "POINT(1e400 1)", [[[]]], {"type": "Point"}, "\ud800", "٣", "١٢", "2026-13-45", "'",
)  # fmt: skip
"""Values that stand where others are expected."""


def rows(path: Path, random: Random) -> bytes:
    """A table of text: columns swapped, fields too many or too few, a value that is none, rows twice, a header twice."""
    lines = list(csv.reader(io.StringIO(path.read_bytes().decode("gb18030"))))
    for _ in range(int(random.integers(1, 4))):
        _change_rows(lines, random)
    delimiter = str(random.choice([",", ",", ",", ";", "\t", "|"]))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=str(random.choice(["\n", "\r\n", "\r"]))).writerows(lines)
    return out.getvalue().encode("gb18030", "replace")


def _change_rows(lines: list[list[str]], random: Random) -> None:
    if not lines:
        return
    row, what = lines[_below(len(lines), random)], int(random.integers(4))
    if what == 0:
        lines.insert(_below(len(lines), random), list(row))
    elif what == 1:
        lines.remove(row)
    elif row:
        _change_fields(lines, row, random)
    else:
        row.append(str(_odd(random)))


def _change_fields(lines: list[list[str]], row: list[str], random: Random) -> None:
    one, other, what = _below(len(row), random), _below(len(row), random), int(random.integers(5))
    if what == 0:
        row[one], row[other] = row[other], row[one]
    elif what == 1:
        del row[one]
    elif what == 2:
        row.append(str(_odd(random)))
    elif what == 3:
        for line in lines:  # the same column of every row
            line[one : one + 1] = line[other : other + 1]
    else:
        row[one] = str(_odd(random))


def tree(path: Path, random: Random) -> bytes:
    """JSON, one document or one a line."""
    text = path.read_text(encoding="utf-8")
    is_lines = path.suffix == ".geojsonl"
    whole = [json.loads(line) for line in text.splitlines() if line] if is_lines else json.loads(text)
    for _ in range(int(random.integers(1, 4))):
        _change_tree(whole, random)
    parts = whole if is_lines and isinstance(whole, list) else [whole]
    return "\n".join(json.dumps(part) for part in parts).encode("utf-8", "replace")


def _change_tree(node: Any, random: Random) -> None:
    """Go down at random, and change one member there."""
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    if not keys:
        return
    key = keys[_below(len(keys), random)]
    if isinstance(node[key], dict | list) and random.random() < 0.8:
        _change_tree(node[key], random)
    elif random.random() < 0.25:
        del node[key]
    elif random.random() < 0.25 and isinstance(node, list):
        node.insert(key, node[key])
    else:
        node[key] = node[keys[_below(len(keys), random)]] if random.random() < 0.3 else _odd(random)


def markup(path: Path, random: Random) -> bytes:
    return _changed_markup(path.read_bytes(), random)


def _changed_markup(content: bytes, random: Random) -> bytes:
    """XML: elements gone, doubled, renamed, with other texts and attributes, or deep within each other."""
    root = Xml.fromstring(content)
    for _ in range(int(random.integers(1, 4))):
        elements = list(root.iter())
        one, other = (elements[_below(len(elements), random)] for _ in range(2))
        _change_element(one, other, random)
    return Xml.tostring(root, encoding="utf-8")


def _change_element(element: Xml.Element, other: Xml.Element, random: Random) -> None:
    what = int(random.integers(6))
    if what == 0:
        element.text = _told(random)
    elif what == 1:
        element.attrib.update(dict.fromkeys(element.attrib, _told(random)))
    elif what == 2:
        element.tag = other.tag
    elif what == 3:
        element[:] = []
    elif what == 4 and other not in list(element.iter()) and element not in list(other.iter()):
        element.append(other)
    else:
        for _ in range(int(random.integers(1, 400))):
            element = Xml.SubElement(element, str(other.tag))


def members(path: Path, random: Random) -> bytes:
    """An archive whose members are broken, while it is whole itself: XML by its elements, others by their bytes."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = list(files)[_below(len(files), random)]
    what = int(random.integers(8))
    if what == 0:
        del files[name]
    elif what == 1:
        files[str(random.choice(["../x", "/x", "x/" * 90 + "x", "甲.csv", ".", "x"]))] = files.pop(name)
    elif what == 2:
        files[name] = files[list(files)[_below(len(files), random)]]
    elif what < 6 and files[name].lstrip().startswith(b"<"):
        files[name] = _changed_markup(files[name], random)
    else:
        files[name] = _broken(files[name], random)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in files.items():
            archive.writestr(member, content)
    return out.getvalue()


def database(path: Path, random: Random) -> bytes:
    """A GeoPackage whose tables say what is not so."""
    (copy := path.with_name("copy.gpkg")).write_bytes(path.read_bytes())
    connection = sqlite3.connect(copy)
    try:
        connection.execute("PRAGMA writable_schema = ON")
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        _change_table(connection, tables[_below(len(tables), random)], random)
        connection.commit()
    except sqlite3.Error:
        connection.rollback()
    finally:
        connection.close()
    content = copy.read_bytes()
    copy.unlink()
    return content


def _change_table(connection: sqlite3.Connection, table: str, random: Random) -> None:
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
    column = columns[_below(len(columns), random)]
    what = int(random.integers(5))
    if what == 0:
        connection.execute(f'DROP TABLE "{table}"')
    elif what == 1:
        connection.execute(f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "{_told(random)[:20]}"')
    elif what == 2:
        connection.execute(f'DELETE FROM "{table}" WHERE rowid % 2 = 0')
    elif what == 3:
        connection.execute(f'UPDATE "{table}" SET "{column}" = substr("{column}", 1, ?)', [int(random.integers(60))])
    else:
        odd = _odd(random)
        connection.execute(f'UPDATE "{table}" SET "{column}" = ?', [odd if isinstance(odd, float) else _told(random)])


def columns(path: Path, random: Random) -> bytes:
    """A Parquet whose columns or metadata are not what they were."""
    table = pq.read_table(path)
    number = _below(table.num_columns, random)
    name, what = table.column_names[number], int(random.integers(5))
    if what == 0:
        table = table.drop_columns([name])
    elif what == 1:
        table = table.set_column(number, name, pa.array([_told(random) for _ in range(table.num_rows)]))
    elif what == 2:
        table = table.append_column(name, table.column(number))
    elif what == 3:
        cut = [
            value[: int(random.integers(90))] if isinstance(value, bytes) else value
            for value in table["geometry"].to_pylist()
        ]
        table = table.set_column(table.column_names.index("geometry"), "geometry", pa.array(cut))
    else:
        told = {key: _broken_text(value, random) for key, value in (table.schema.metadata or {}).items()}
        table = table.replace_schema_metadata(told)
    pq.write_table(table, out := io.BytesIO())
    return out.getvalue()


def _broken_text(value: bytes, random: Random) -> bytes:
    try:
        _change_tree(told := json.loads(value), random)
    except ValueError:
        return _broken(value, random)
    return json.dumps(told).encode("utf-8", "replace")


def _broken(content: bytes, random: Random) -> bytes:
    change = mutations.CHANGES[_below(len(mutations.CHANGES), random)]
    return bytes(change(bytearray(content), random))


def _below(count: int, random: Random) -> int:
    return int(random.integers(max(count, 1)))


def _odd(random: Random) -> Any:
    return ODD[_below(len(ODD), random)]


def _told(random: Random) -> str:
    """As XML can hold it."""
    return "".join(
        character for character in str(_odd(random)) if character >= " " and not "\ud800" <= character < "\ue000"
    )


OF_ENDING: dict[str, Break] = {
    ".csv": rows,
    ".geojson": tree,
    ".geojsonl": tree,
    ".kml": markup,
    ".osm": markup,
    ".graphml": markup,
    ".xlsx": members,
    ".zip": members,
    ".kmz": members,
    ".gpkg": database,
    ".parquet": columns,
}
"""Of FlatGeobuf and PBF only the bytes are broken: nothing here takes them apart."""

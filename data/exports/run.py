"""One layer into one file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pyarrow as pa
from sqlalchemy import Connection

from data import audit
from data.database import driver_connection, sql
from data.dialogues import hold
from data.exports import beside, formats, layers
from data.exports.batches import CRS, Batch, Head, columns_of, declare, fetch
from data.exports.formats import Format
from data.exports.layers import Layer, Narrowing
from data.exports.people import People
from data.exports.places import Place, place
from geo.audit import Action
from geo.errors import BadInput

KINDS: LiteralString = """
    SELECT array_agg(DISTINCT replace(ST_GeometryType(geometry::geometry), 'ST_', '')) FROM ({}) AS layer
    WHERE geometry IS NOT NULL
"""
OWNER_ALONE, EVERYBODY = 0o600, 0o644
FIXED = {"polygon": ["MultiPolygon"], "line": ["LineString"], "point": ["Point"], "none": []}


@dataclass(frozen=True)
class Wish:
    """What is to be written, and how."""

    layer: str
    format: str | None = None
    """None: what the ending of the file says."""
    crs: str | None = None
    datum: str | None = None
    narrowing: Narrowing = field(default_factory=Narrowing)
    encoding: str | None = None
    is_personal: bool = False
    """Names and telephone numbers as they are, not masked."""
    max_rows: int | None = None


@dataclass(frozen=True)
class Written:
    """What became of it."""

    layer: str
    file: str
    format: str
    crs: str
    rows: int
    bytes: int
    seconds: float
    remarks: list[str]

    def figures(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Plan:
    """A wish, understood."""

    layer: Layer
    form: Format
    place: Place
    people: People
    encoding: str
    narrowing: Narrowing

    def on_record(self, rows: int) -> dict[str, Any]:
        narrowed = {name: str(value) for name, value in self.narrowing.told().items()}
        return {"format": self.form.name, "rows": rows, "is_personal": self.people.is_whole, **narrowed}


def export_layer(connection: Connection, wish: Wish, path: Path, *, account: str | None = None) -> Written:
    """Write what `wish` says to `path`, in place of what is there, and put that on record under `account` or the caller's.

    As the connection sees the database: give it one that keeps to one state.

    Raises: BadInput for what the format can't hold or more than `max_rows`; NotFound for an unknown area.
    """
    begun, driver = time.monotonic(), driver_connection(connection)
    plan, counter = _understood(wish, path), _Counter(wish.max_rows)
    with beside.part(path, plan.form.ending) as part, _reading(driver, plan) as (head, batches):
        plan.form.write(part, head, counter.counted(batches))
        line = audit.record(Action.EXPORT, f"layer:{plan.layer.name}", plan.on_record(counter.rows), account=account)
        hold(driver, line)
        part.chmod(OWNER_ALONE if wish.is_personal else EVERYBODY)
        size = part.stat().st_size
        part.replace(path)
    seconds, remarks = round(time.monotonic() - begun, 3), head.remarks + plan.people.remarks()
    return Written(plan.layer.name, str(path), plan.form.name, plan.place.name, counter.rows, size, seconds, remarks)


def _understood(wish: Wish, path: Path) -> Plan:
    """Raises: BadInput."""
    layer, form = layers.layer_named(wish.layer), formats.chosen(wish.format, path)
    where, encoding = place(wish.crs, wish.datum), formats.encoding_named(wish.encoding, form)
    formats.check(form, layer, where)
    return Plan(layer, form, where, People(layer, is_whole=wish.is_personal), encoding, wish.narrowing)


@contextmanager
def _reading(connection: psycopg.Connection[Any], plan: Plan) -> Iterator[tuple[Head, Iterator[Batch]]]:
    """What is known of the layer before its first row, and its rows."""
    layer, where, people = plan.layer, plan.place, plan.people
    given, query = layers.parameters(connection, layer, plan.narrowing), sql(layer.statement)
    kinds = FIXED[layer.shape] if layer.shape in FIXED else _kinds(connection, query, given)
    label = where.name if kinds and formats.needs_crs_column(plan.form, where) else None
    with declare(connection, query, given) as cursor:
        columns = columns_of(cursor.description or (), where)
        fields = [pa.field(people.shown(column.name), column.type) for column in columns]
        schema = pa.schema([*fields, pa.field(CRS, pa.string())] if label else fields)
        batches = (_dressed(batch, schema, label) for batch in fetch(cursor, columns, where, people.changes()))
        yield Head(layer.name, schema, where, kinds, plan.encoding), batches


def _kinds(connection: psycopg.Connection[Any], query: LiteralString, given: dict[str, Any]) -> list[str]:
    """The types of geometry that the rows have, by name."""
    row = connection.execute(KINDS.format(query), given).fetchone()
    return sorted((row and row[0]) or ["MultiPolygon"])


def _dressed(batch: Batch, schema: pa.Schema, label: str | None) -> Batch:
    """Under the names of the file, with the column that says its coordinates."""
    told = [pa.array([label] * batch.rows.num_rows, pa.string())] if label else []
    return Batch(pa.RecordBatch.from_arrays([*batch.rows.columns, *told], schema=schema), batch.shapes)


class _Counter:
    """How many rows went by. Raises: BadInput beyond `limit`."""

    def __init__(self, limit: int | None) -> None:
        self.limit, self.rows = limit, 0

    def counted(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        for batch in batches:
            self.rows += batch.rows.num_rows
            if self.limit is not None and self.rows > self.limit:
                told = f"more than {self.limit:,} rows (WANGGE_EXPORT_MAX_ROWS): narrow by area, bbox or kind"
                raise BadInput(f"{told}, or let `wangge export` write the file", limit=self.limit)
            yield batch

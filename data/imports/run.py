"""One file from end to end. The caller owns the transaction: committed, the file is in; rolled back, it never was."""

from __future__ import annotations

import gc
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from data.database import driver_connection
from data.days import today
from data.imports import (
    addresses,
    areas,
    calendar,
    cells,
    facilities,
    findings,
    fitting,
    incidents,
    network,
    placing,
    plausible,
    reading,
    residences,
    workers,
)
from data.imports import columns as naming
from data.imports.kinds import Kind, fill, keep_attributes, keys
from data.imports.options import Options, Report, Step, quiet
from data.imports.sheet import Sheet, plain_records
from data.imports.tolerances import tolerances
from geo.errors import BadInput

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        areas.STREETS,
        areas.COMMUNITIES,
        cells.CELLS,
        facilities.FACILITIES,
        network.NETWORK,
        residences.RESIDENCES,
        workers.WORKERS,
        incidents.INCIDENTS,
        calendar.CALENDAR,
    )
}
LOCK = "SELECT pg_advisory_xact_lock(hashtext('wangge import'), hashtext(%s))"
RECORD = """
    INSERT INTO import_run (kind, file_name, sha256, started_at, report, edition, uploader)
    VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id
"""
SHOWN_REJECTS = 10


def import_file(
    connection: Connection, kind: str, path: Path, options: Options | None = None, *, step: Step = quiet
) -> tuple[Report, Sheet]:
    """Read, check and store a file of layer `kind`; returns what became of it, and the sheet with its rejects.

    Two imports of one kind wait for each other. Raises: BadInput for an unknown kind or option; BadFile for a file that is
    wrong as a whole. A row that is wrong is refused and named, and never raises.
    """
    begun, started_at = time.monotonic(), datetime.now(UTC)
    chosen, options = kind_named(kind), options or Options()
    if options.edition and not chosen.has_editions:
        raise BadInput(f"{kind} have no editions: import without --edition", kind=kind)
    if options.is_history and chosen.name != incidents.INCIDENTS.name:
        raise BadInput(f"only incidents have a history, not {kind}", kind=kind)
    with _without_garbage_collection():
        sheet = _read(driver_connection(connection), chosen, path, options, step)
    counted = _store(driver_connection(connection), chosen, sheet, options, step)
    report = _report(chosen, sheet, options, counted, time.monotonic() - begun)
    number = _record(driver_connection(connection), report, path, started_at, options)
    return replace(report, import_id=number), sheet


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Half a million small lists without a cycle among them: looking for cycles took a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def kind_named(name: str) -> Kind:
    """Raises: BadInput."""
    if name not in KINDS:
        raise BadInput(f"unknown kind {name}: one of {', '.join(KINDS)}", kind=name)
    return KINDS[name]


def _read(connection: psycopg.Connection[Any], kind: Kind, path: Path, options: Options, step: Step) -> Sheet:
    step(f"reading {path.name}")
    table = reading.read(path, naming.wanted(options, kind.fields, kind.shape))
    columns = naming.recognise(table.frame.columns, kind.fields, options)
    step(f"checking {table.read:,} rows")
    limits = tolerances(connection, today())
    sheet = fill(table, kind, columns, options, path.name)
    sheet.told = keys(table, kind, columns)
    plausible.examine(sheet, limits)
    placing.place(sheet, table, columns, options, is_required=kind.is_shape_required)
    addresses.place(connection, sheet, table, columns)
    kind.prepare(connection, sheet, options)
    fitting.question(connection, sheet, columns.datum, options)
    placing.check(sheet, shape=kind.shape, is_required=kind.is_shape_required, options=options, name=kind.key)
    keep_attributes(sheet, table, columns, kind)
    sheet.frame = sheet.frame.assign(file_name=path.name)
    return sheet


def _store(
    connection: psycopg.Connection[Any], kind: Kind, sheet: Sheet, options: Options, step: Step
) -> dict[str, int]:
    step(f"storing {len(sheet.frame):,} rows")
    connection.execute(LOCK, [kind.name])
    return dict(kind.store(connection, sheet, options))


def _report(kind: Kind, sheet: Sheet, options: Options, counted: dict[str, int], seconds: float) -> Report:
    rejects, found = sheet.rejected(), findings.every(sheet)
    return Report(
        kind=kind.name,
        read=sheet.read,
        **counted,
        rejected=len(rejects),
        repaired=len(sheet.repairs),
        rejects_file=None,
        seconds=round(seconds, 3),
        edition=options.edition,
        changes=sheet.changes,
        numbers=sheet.numbers,
        ground=sheet.ground,
        repairs=sheet.repairs,
        warned=int((found["severity"] == "warn").sum()),
        found=findings.counted(found),
        outlines=sheet.outlines,
        findings=findings.records(found),
        first_rejects=plain_records(rejects.head(SHOWN_REJECTS)),
        remarks=sheet.remarks,
    )


def _record(
    connection: psycopg.Connection[Any], report: Report, path: Path, started_at: datetime, options: Options
) -> int:
    """Keep the checksum, the uploader and the report of a file; returns the number of the run."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    body = Jsonb(orjson.loads(orjson.dumps(report.kept(), default=str)))
    told = [report.kind, path.name, digest, started_at, body, options.edition, options.uploader]
    row = connection.execute(RECORD, told).fetchone() or (0,)
    return int(row[0])

"""One file from end to end. The caller owns the transaction: committed, the file is in; rolled back, it never was."""

from __future__ import annotations

import gc
import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pandas as pd
import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from data import audit
from data.database import driver_connection
from data.days import today
from data.dialogues import hold
from data.imports import (
    addresses,
    areas,
    calendar,
    cells,
    code_lists,
    facilities,
    findings,
    fitting,
    incidents,
    network,
    placing,
    plausible,
    reading,
    residences,
    returning,
    surroundings,
    workers,
)
from data.imports import columns as naming
from data.imports.formats import isolation
from data.imports.kinds import Kind, fill, keep_attributes, keys
from data.imports.options import Options, Report, Share, Step, quiet, unwatched
from data.imports.refused import Refused
from data.imports.repeats import Seen
from data.imports.sheet import Sheet
from data.imports.staging import CHANGES
from data.imports.tally import Tally
from data.imports.tolerances import tolerances
from geo.audit import Action
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


def import_file(
    connection: Connection,
    kind: str,
    path: Path,
    options: Options | None = None,
    *,
    step: Step = quiet,
    share: Share = unwatched,
) -> tuple[Report, Refused]:
    """Read, check and store a file of layer `kind`; returns what became of it, and everything that was refused.

    Two imports of one kind wait for each other. Raises: BadInput for an unknown kind or option; BadFile for a file that is
    wrong as a whole. A row that is wrong is refused and named, and never raises.
    """
    begun, started_at = time.monotonic(), datetime.now(UTC)
    chosen, options = kind_named(kind), options or Options()
    if options.edition and not chosen.has_editions:
        raise BadInput(f"{kind} have no editions: import without --edition", kind=kind)
    if options.is_history and chosen.name != incidents.INCIDENTS.name:
        raise BadInput(f"only incidents have a history, not {kind}", kind=kind)
    with _without_garbage_collection(), isolation.bounded(isolation.allowed_mb(), path):
        bring = _in_parts if chosen.is_in_parts else _as_a_whole
        tally, sheet = bring(driver_connection(connection), _Given(chosen, path, options, step, share))
        sheet.outlines = sheet.outlines or _ground(driver_connection(connection), tally)
    report = _report(chosen, sheet, tally, options, time.monotonic() - begun)
    number = _record(driver_connection(connection), report, path, started_at, options)
    return replace(report, import_id=number), tally.refused


@dataclass(frozen=True)
class _Given:
    """A file, what is known of it, and who is told how far it is."""

    kind: Kind
    path: Path
    options: Options
    step: Step
    share: Share

    @property
    def wanted(self) -> reading.Wanted:
        return naming.wanted(self.options, self.kind.fields, self.kind.shape)


def _as_a_whole(connection: psycopg.Connection[Any], given: _Given) -> tuple[Tally, Sheet]:
    """Where rows are held against each other."""
    given.step(f"reading {given.path.name}")
    table = reading.read(given.path, given.wanted, given.share)
    given.step(f"checking {table.read:,} rows")
    sheet = _checked(connection, given, table)
    given.step(f"storing {len(sheet.frame):,} rows")
    (tally := Tally()).add(sheet, _stored(connection, given, sheet))
    return tally, sheet


def _in_parts(connection: psycopg.Connection[Any], given: _Given) -> tuple[Tally, Sheet]:
    """Where each row stands for itself: no more than a part of the file is in memory, and the sheet is that of the last one."""
    tally, seen, sheet = Tally(), Seen(), Sheet(pd.DataFrame(), 0)
    given.step(f"importing {given.path.name}")
    with closing(reading.batches(given.path, given.wanted)) as tables:
        for table in tables:
            sheet = _checked(connection, given, table, seen)
            tally.add(sheet, _stored(connection, given, sheet))
            gc.collect()
            given.share(table.share)
    if given.kind.finish:
        whole = Sheet(pd.DataFrame({"line": [], "geometry": []}), 0)
        given.kind.finish(connection, whole)
        tally.add(whole, {})
    return tally, sheet


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


def _checked(
    connection: psycopg.Connection[Any], given: _Given, table: reading.Table, seen: Seen | None = None
) -> Sheet:
    kind, options = given.kind, returning.choose(table, given.options)
    table, options, provisional = code_lists.look_up(connection, table, kind.name, options)
    columns = naming.recognise(table.frame.columns, kind.fields, options)
    limits = tolerances(connection, today())
    sheet = fill(table, kind, columns, options, given.path.name)
    sheet.told, sheet.seen = keys(table, kind, columns), seen
    plausible.question_dates(sheet, table, kind, columns)
    plausible.examine(sheet, limits)
    placing.place(sheet, table, columns, options, is_required=kind.is_shape_required)
    addresses.place(connection, sheet, table, columns)
    kind.prepare(connection, sheet, options)
    fitting.question(connection, sheet, columns.datum, options)
    placing.check(sheet, shape=kind.shape, is_required=kind.is_shape_required, options=options, name=kind.key)
    keep_attributes(sheet, table, columns, kind)
    code_lists.tell(sheet, provisional)
    sheet.frame = sheet.frame.assign(file_name=given.path.name)
    return sheet


def _stored(connection: psycopg.Connection[Any], given: _Given, sheet: Sheet) -> Mapping[str, int]:
    connection.execute(LOCK, [given.kind.name])
    return given.kind.store(connection, sheet, given.options)


def _ground(connection: psycopg.Connection[Any], tally: Tally) -> list[dict[str, Any]]:
    """What findings of points and lines are shown on."""
    return surroundings.ground(connection, tally.bounds) if tally.findings and tally.bounds else []


def _report(kind: Kind, sheet: Sheet, tally: Tally, options: Options, seconds: float) -> Report:
    return Report(
        kind=kind.name,
        read=tally.read,
        **{change: tally.changed[change] for change in CHANGES},
        rejected=tally.refused.rows,
        repaired=len(tally.repairs),
        rejects_file=None,
        seconds=round(seconds, 3),
        edition=options.edition,
        changes=sheet.changes,
        numbers=sheet.numbers,
        ground=sheet.ground,
        repairs=tally.repairs,
        warned=tally.warned,
        found={check: tally.found[check] for check in findings.severities() if check in tally.found},
        outlines=sheet.outlines,
        bounds=tally.bounds,
        findings=tally.findings,
        first_rejects=tally.first_rejects,
        remarks=tally.remarks,
    )


def _record(
    connection: psycopg.Connection[Any], report: Report, path: Path, started_at: datetime, options: Options
) -> int:
    """Keep the checksum, the uploader and the report of a file; returns the number of the run."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    body = Jsonb(orjson.loads(orjson.dumps(report.kept(), default=str)))
    told = [report.kind, path.name, digest, started_at, body, options.edition, options.uploader]
    row = connection.execute(RECORD, told).fetchone() or (0,)
    what = {"kind": report.kind, "file": path.name, "read": report.read, "rejected": report.rejected, "sha256": digest}
    by = audit.bringer(options.uploader)
    hold(connection, audit.record(Action.IMPORT, f"import:{row[0]}", what, account=by))
    return int(row[0])

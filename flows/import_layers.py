"""Bring a file into the database: one transaction, the rejects beside it. EPSG:4490 in the database, any CRS in the file."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

from data.database import engine
from data.imports import rejects
from data.imports.options import Options, Report, Share, Step, quiet, unwatched
from data.imports.refused import Refused
from data.imports.run import import_file
from flows.retrying import retried
from web import refusals, sentences


@flow(name="import-layers")
def import_layers(
    kind: str,
    file: Path,
    options: Options | None = None,
    *,
    rejects_file: Path | None = None,
    is_dry: bool = False,
    language: str = sentences.SOURCE,
) -> Report:
    """Import `file` as layer `kind`; tried again if the database was away, shown as a table. See `run`."""
    step = get_run_logger().info
    told: dict[str, Any] = {"step": step, "share": by_tenths(step), "language": language}
    report: Report = retried(run)(kind, file, options, rejects_file=rejects_file, is_dry=is_dry, **told)
    create_table_artifact([report.totals()], key=f"import-{kind}", description=str(file))
    return report


def by_tenths(step: Step) -> Share:
    """Says so when another tenth of a file has been read."""
    told = 0

    def share(read: float) -> None:
        nonlocal told
        if int(read * 10) > told:
            told = int(read * 10)
            step(f"{told * 10} % read")

    return share


def run(
    kind: str,
    file: Path,
    options: Options | None = None,
    *,
    rejects_file: Path | None = None,
    is_dry: bool = False,
    step: Step = quiet,
    share: Share = unwatched,
    language: str = sentences.SOURCE,
) -> Report:
    """Import in a transaction of its own, and write what was refused to `rejects_file` in `language`; default under `WANGGE_HOME`.

    With `is_dry` it is rolled back, and rejects are written only to a `rejects_file`. A killed import leaves nothing behind.
    Raises: BadInput, BadFile when the file is refused as a whole.
    """
    with engine().connect() as connection, connection.begin() as transaction:
        report, refused = import_file(connection, kind, file, options, step=step, share=share)
        report = replace(report, import_id=None) if is_dry else report
        told = rejects_file or (None if is_dry else rejects.default_path(kind, file))
        report = _write_rejects(report, refused, told, language)
        transaction.rollback() if is_dry else transaction.commit()
    return report


def _write_rejects(report: Report, refused: Refused, path: Path | None, language: str) -> Report:
    if path is None or not report.rejected:
        return report
    rejects.write(refused.parts(), path, partial(refusals.in_language, language))
    return replace(report, rejects_file=str(path))

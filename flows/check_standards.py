"""Check the service stations of all communities against a floor-area standard: read, assess, store. Floor areas are m²."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
from prefect import flow
from prefect.artifacts import create_table_artifact

from data import standards
from data.database import engine
from data.days import today
from data.standards import CheckInput
from flows.retrying import plain, retried
from geo.standards import assess, figures

MOST_ROWS = 1000
"""Of the table that Prefect shows; what lacks most comes first."""
SHOWN = ["code", "outcome", "area_class", "required_m2", "actual_m2", "missing_m2", "reason"]


@flow(name="check-standards")
def check_standards(standard: str = "by-area-class", force: bool = False) -> dict[str, Any]:
    """Check every community; the findings are stored as a run and shown as a table. See `check`."""
    return check(standard, force=force, step=retried, show=_publish)


def check(
    standard: str,
    *,
    force: bool = False,
    step: Callable[[Any], Any] = plain,
    show: Callable[[str, pd.DataFrame], None] = lambda standard, findings: None,
) -> dict[str, Any]:
    """Returns `standard`, `checked`, `meets`, `short`, `unknown`, `run`, `is_new`, `on`, `seconds`.

    When nothing has changed since the latest run, that run is kept and answered, unless `force`. `step` wraps what reads and
    stores; `show` is given the findings.
    """
    begun, on = time.monotonic(), today()
    given = step(_read)(standard, on)
    findings = assess(given.communities, given.serves, given.edition.limits, sharing=given.edition.sharing)
    counts = figures(findings)
    run, is_new = step(_store)(given, findings, counts, force)
    show(standard, findings)
    said = {"run": run, "is_new": is_new, "on": on.isoformat(), "seconds": round(time.monotonic() - begun, 3)}
    return {"standard": standard} | counts | said


def _read(standard: str, on: date) -> CheckInput:
    with engine().connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        return standards.read(connection, standard, on)


def _store(given: CheckInput, findings: pd.DataFrame, counts: dict[str, int], force: bool) -> tuple[int, bool]:
    """The run's id, and whether it is a new one."""
    with engine().begin() as connection:
        kept = standards.same_as_latest(connection, given)
        if kept is not None and not force:
            return kept, False
        return standards.store(connection, given, findings, counts), True


def _publish(standard: str, findings: pd.DataFrame) -> None:
    by_lack = findings.sort_values(["missing_m2", "outcome", "code"], ascending=[False, False, True])
    shown = by_lack[SHOWN].head(MOST_ROWS).astype(object)
    rows: list[Any] = shown.where(shown.notna(), None).to_dict("records")
    create_table_artifact(
        rows,
        key=f"standard-{standard.lower().replace('_', '-')}",
        description=", ".join(f"{count} {outcome}" for outcome, count in figures(findings).items()),
    )

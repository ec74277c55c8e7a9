"""Take out what is past its days, every night or by command; a batch is a transaction, so being killed loses nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from prefect import flow
from prefect.artifacts import create_table_artifact

from data import retention
from data.database import connect
from flows.retrying import plain, retried


@flow(name="privacy")
def forget() -> dict[str, Any]:
    """Take out what is past its days. See `run`."""
    found = run(step=retried)
    rows = [{"rule": rule, "rows": rows} for rule, rows in found["rows"].items()]
    create_table_artifact(rows, key="privacy", description="Taken out because its days are over")
    return found


def run(*, is_dry: bool = False, step: Callable[[Any], Any] = plain) -> dict[str, Any]:
    """`rows` (by rule), `files`, `is_dry` and `seconds`; a dry run only counts. `step` wraps what is done rule by rule."""
    begun = time.monotonic()
    cutoffs = step(_cutoffs)()
    rows = {rule: step(_count if is_dry else _sweep)(rule, cutoffs[rule]) for rule in retention.STATEMENTS}
    files = step(_files)(cutoffs[retention.REJECTS], is_dry=is_dry)
    if not is_dry:
        step(_note)(rows | {"files": files})
    return {"rows": rows, "files": files, "is_dry": is_dry, "seconds": round(time.monotonic() - begun, 3)}


def _cutoffs() -> dict[str, datetime]:
    with connect() as line:
        return retention.cutoffs(line)


def _sweep(rule: str, before: datetime) -> int:
    done = 0
    with connect(autocommit=True) as line:
        while rows := _batch(line, rule, before):
            done += rows
    return done


def _batch(line: retention.Line, rule: str, before: datetime) -> int:
    with line.transaction():
        return retention.step(line, rule, before)


def _count(rule: str, before: datetime) -> int:
    with connect() as line:
        return retention.count(line, rule, before)


def _files(before: datetime, *, is_dry: bool) -> int:
    with connect() as line:
        return retention.files(line, before, is_dry=is_dry)


def _note(told: dict[str, int]) -> None:
    with connect() as line:
        retention.note(line, told)

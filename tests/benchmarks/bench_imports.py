"""Importing a file, beside COPY of the very same rows into the same tables by themselves: the floor.

60,000 made-up incidents in a CSV with two formats of times, 12 columns that are kept as attributes, and GCJ-02 coordinates.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psycopg
from sqlalchemy import Connection, create_engine

from data import reference
from data.database import driver_connection, sqlalchemy_url
from data.imports.options import Options
from data.imports.run import import_file
from data.schema import upgrade
from tests.benchmarks.report import Row, seconds
from tests.conftest import Databases

INCIDENTS = 60_000
TABLES = ("incident", "case_file", "case_event")
YARDSTICK = "COPY of the same rows into incident, case_file and case_event"


def rows() -> Iterator[Row]:
    databases = Databases(os.environ["WANGGE_TEST_DATABASE_URL"])
    engine = create_engine(sqlalchemy_url(url := databases.create("bench")))
    try:
        upgrade(url)
        with tempfile.TemporaryDirectory() as folder, engine.connect() as connection:
            reference.load(connection)
            yield from _measured(connection, _file(Path(folder)))
    finally:
        engine.dispose()
        databases.drop_all()


def _measured(connection: Connection, file: Path) -> Iterator[Row]:
    options = Options(datum="gcj02")
    first = seconds(lambda: import_file(connection, "incidents", file, options))
    again = seconds(lambda: import_file(connection, "incidents", file, options))
    floor = _copy_alone(driver_connection(connection))
    connection.rollback()
    yield Row(f"import {INCIDENTS:,} incidents", first, "s", floor, YARDSTICK)
    yield Row("import the same file again", again, "s", floor, YARDSTICK, aim="nothing stored")


def _file(folder: Path) -> Path:
    random = np.random.default_rng(7)
    opened = pd.Timestamp("2025-01-01") + pd.to_timedelta(random.integers(0, 31_000_000, INCIDENTS), unit="s")
    frame = pd.DataFrame(
        {
            "id": np.arange(INCIDENTS),
            "type": random.choice(["暴露垃圾", "占道经营", "噪声", "井盖"], INCIDENTS),
            "opened": opened.strftime("%Y-%m-%d %H:%M:%S"),
            "closed": (opened + pd.Timedelta(days=1)).strftime("%m/%d/%Y %I:%M:%S %p"),
            "lon": random.uniform(116.2, 116.6, INCIDENTS).round(6),
            "lat": random.uniform(39.8, 40.1, INCIDENTS).round(6),
            **{f"note {n}": random.integers(0, 999, INCIDENTS) for n in range(12)},
        }
    )
    frame.to_csv(folder / "incidents.csv", index=False)
    return folder / "incidents.csv"


def _copy_alone(connection: psycopg.Connection[Any]) -> float:
    """Take the rows out, empty the tables, and put the rows back."""
    kept = {table: _out(connection, table) for table in TABLES}
    connection.execute("SET session_replication_role = replica")  # the append-only triggers are in the way
    connection.execute("TRUNCATE incident, case_file, case_event")
    return sum(seconds(lambda t=table: _in(connection, t, kept[t])) for table in TABLES)  # type: ignore[misc]


def _out(connection: psycopg.Connection[Any], table: str) -> bytes:
    with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:  # type: ignore[arg-type]
        return b"".join(copy)


def _in(connection: psycopg.Connection[Any], table: str, content: bytes) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:  # type: ignore[arg-type]
        copy.write(content)

"""Importing a file, beside COPY of the very same rows into the same tables by themselves: the floor.

A year of a city's requests and the street network of another, where the folder of real data is there; else made-up files of as
many rows: requests with two formats of times, 12 columns that are kept as attributes, and GCJ-02 coordinates; bent streets.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
from tests.conftest import REAL_DATA, Databases

REQUESTS, STREETS = 121_145, 41_508
AIM = "within 3 times, which is 0.33 ×"
YARDSTICK = "COPY of the same rows into {}"


@dataclass(frozen=True)
class Case:
    """A file of a kind, and the tables that it fills, in their order."""

    name: str
    kind: str
    file: Path
    options: Options
    tables: tuple[str, ...]


def rows() -> Iterator[Row]:
    databases = Databases(os.environ["WANGGE_TEST_DATABASE_URL"])
    engine = create_engine(sqlalchemy_url(url := databases.create("bench")))
    try:
        upgrade(url)
        with tempfile.TemporaryDirectory() as folder, engine.connect() as connection:
            reference.load(connection)
            connection.commit()
            for case in _cases(Path(folder)):
                yield from _measured(connection, case)
    finally:
        engine.dispose()
        databases.drop_all()


def _cases(folder: Path) -> Iterator[Case]:
    """Of real data, else as many made-up rows."""
    if not REAL_DATA.is_dir():
        print(f"no real data at {REAL_DATA} (WANGGE_REAL_DATA): made-up files of the same size stand in", flush=True)
    requests, streets = _requests(folder), _streets(folder)
    yield replace(requests, tables=("incident", "case_file", "case_event"))
    yield replace(streets, tables=("street_node", "street_edge"))


def _requests(folder: Path) -> Case:
    name = f"import {REQUESTS:,} requests"
    if REAL_DATA.is_dir():
        told = Options(timezone="America/New_York")
        return Case(f"{name} (Boston)", "incidents", REAL_DATA / "boston_311_2015.csv.gz", told, ())
    return Case(f"{name} (made up)", "incidents", _made_up_requests(folder), Options(datum="gcj02"), ())


def _streets(folder: Path) -> Case:
    name = f"import {STREETS:,} streets"
    if REAL_DATA.is_dir():
        own = REAL_DATA / "beijing_osm2013"
        return Case(f"{name} (Beijing)", "network", own / "edges.csv.gz", Options(nodes=own / "nodes.csv"), ())
    return Case(f"{name} (made up)", "network", _made_up_streets(folder), Options(), ())


def _measured(connection: Connection, case: Case) -> Iterator[Row]:
    first = seconds(lambda: import_file(connection, case.kind, case.file, case.options))
    again = seconds(lambda: import_file(connection, case.kind, case.file, case.options))
    driver = driver_connection(connection)
    kept = {table: _out(driver, table) for table in case.tables}
    driver.rollback()
    floor = _copy_alone(driver, kept)
    driver.rollback()
    yardstick = YARDSTICK.format(", ".join(case.tables))
    yield Row(case.name, first, "s", floor, yardstick, aim=AIM)
    yield Row(f"{case.name} again", again, "s", floor, yardstick, aim="nothing stored")


def _made_up_requests(folder: Path) -> Path:
    random = np.random.default_rng(7)
    opened = pd.Timestamp("2025-01-01") + pd.to_timedelta(random.integers(0, 31_000_000, REQUESTS), unit="s")
    frame = pd.DataFrame(
        {
            "id": np.arange(REQUESTS),
            "type": random.choice(["暴露垃圾", "占道经营", "噪声", "井盖"], REQUESTS),
            "opened": opened.strftime("%Y-%m-%d %H:%M:%S"),
            "closed": (opened + pd.Timedelta(days=1)).strftime("%m/%d/%Y %I:%M:%S %p"),
            "lon": random.uniform(116.2, 116.6, REQUESTS).round(6),
            "lat": random.uniform(39.8, 40.1, REQUESTS).round(6),
            **{f"note {n}": random.integers(0, 999, REQUESTS) for n in range(12)},
        }
    )
    frame.to_csv(folder / "incidents.csv", index=False)
    return folder / "incidents.csv"


def _made_up_streets(folder: Path) -> Path:
    """Of a grid, each with a bend."""
    random = np.random.default_rng(7)
    x, y = 116.2 + random.integers(0, 200, STREETS) / 500, 39.8 + random.integers(0, 150, STREETS) / 500
    bends = (
        f"LINESTRING ({a:.6f} {b:.6f}, {a + 0.001:.6f} {b + 0.0003:.6f}, {a + 0.002:.6f} {b:.6f})"
        for a, b in zip(x, y, strict=True)
    )
    frame = pd.DataFrame({"external_id": np.arange(STREETS), "highway": "residential", "wkt": list(bends)})
    frame.to_csv(folder / "streets.csv", index=False)
    return folder / "streets.csv"


def _copy_alone(connection: psycopg.Connection[Any], kept: dict[str, bytes]) -> float:
    """Put the rows of an import that was taken back into the same tables, by themselves; foreign keys are not looked at."""
    connection.execute("SET LOCAL session_replication_role = replica")
    return sum(seconds(lambda t=table: _in(connection, t, kept[t])) for table in kept)  # type: ignore[misc]


def _out(connection: psycopg.Connection[Any], table: str) -> bytes:
    with connection.cursor().copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as copy:  # type: ignore[arg-type]
        return b"".join(copy)


def _in(connection: psycopg.Connection[Any], table: str, content: bytes) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:  # type: ignore[arg-type]
        copy.write(content)

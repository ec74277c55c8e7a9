"""A database with as many cases as a large city has in a year, eight events each: the ground of the benchmarks at that size."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import ClientCursor
from sqlalchemy import Engine, create_engine

from data import ledger, reference
from data.database import driver_connection, sqlalchemy_url
from data.schema import upgrade
from tests.conftest import Databases

MANY = 1_000_000
EVENTS_EACH = 8
STATEMENTS = Path(__file__).parent / "sql" / "many_cases.sql"


def count() -> int:
    """How many cases: a million, unless WANGGE_BENCH_CASES says otherwise."""
    return int(os.environ.get("WANGGE_BENCH_CASES", MANY))


@contextmanager
def database(until: datetime | None = None) -> Iterator[Engine]:
    """A database of its own with `count()` cases of the year that ends `until` (now); gone afterwards."""
    databases = Databases(os.environ["WANGGE_TEST_DATABASE_URL"])
    engine = create_engine(sqlalchemy_url(url := databases.create("many")))
    try:
        upgrade(url)
        with engine.begin() as connection:
            reference.load(connection)
            fill(driver_connection(connection), count(), until or datetime.now(UTC))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        yield engine
    finally:
        engine.dispose()
        databases.drop_all()


def fill(line: psycopg.Connection[Any], cases: int, until: datetime) -> None:
    """Put the cases into an empty database; triggers are off until the transaction ends."""
    ledger.ensure_months(line, until - timedelta(days=371), until + timedelta(days=10))
    line.execute("SET LOCAL session_replication_role = replica")
    ClientCursor(line).execute(STATEMENTS.read_bytes(), {"cases": cases, "until": until})

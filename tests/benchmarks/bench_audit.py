"""A million lines of the audit: written, sealed and verified, beside a program that only reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg

from data import audit, seal_checks, seals
from data.dialogues import hold
from data.schema import upgrade
from geo.audit import Action
from tests.benchmarks.report import Row, seconds
from tests.conftest import Databases

LINES, SINGLE = 1_000_000, 500
FILL = """
    INSERT INTO audit_line (action, account, office, actor, address, subject, detail)
    SELECT 'unmask', 'account.' || n % 500, 'street', 'desk:110199001000', '192.0.2.7', 'case:' || n, '{"shown": ["phone"]}'
    FROM generate_series(1, %s) AS n
"""
PLAIN = "SELECT * FROM audit_line ORDER BY id"


def rows() -> Iterator[Row]:
    databases = Databases(os.environ["WANGGE_TEST_DATABASE_URL"])
    try:
        url = databases.create("audit")
        upgrade(url)
        with psycopg.connect(url, autocommit=True) as line:
            yield from _measured(line, url)
    finally:
        databases.drop_all()


def _measured(line: psycopg.Connection, url: str) -> Iterator[Row]:
    line.execute(FILL.replace(" % ", " %% "), [LINES])
    sealed = seconds(lambda: seals.seal(line))
    yield Row(f"{LINES:,} lines sealed", sealed, "s")
    read = seconds(lambda: line.execute(PLAIN).fetchall())
    verified = seconds(lambda: seal_checks.verify(url=url))
    yield Row(f"{LINES:,} lines verified", verified, "s", read, "a plain SELECT of them all, fetched", aim="seconds")
    each = seconds(lambda: [_record(line) for _ in range(SINGLE)]) / SINGLE * 1000
    yield Row("one line written, in a transaction of its own", each, "ms")
    yield Row("a round of the sealer over those", seconds(lambda: seals.seal(line)) * 1000, "ms")
    yield Row("a round that finds nothing", seconds(lambda: seals.seal(line)) * 1000, "ms", aim="a few ms")


def _record(line: psycopg.Connection) -> None:
    hold(line, audit.record(Action.SIGN_IN, "account:1"))

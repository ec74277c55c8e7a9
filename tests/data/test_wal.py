"""The archive brings the cluster back to a moment: what was done before is there, what was done after is not."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from data import audit, cluster, schema, seal_checks, seals, wal
from data.database import forget_engines
from data.dialogues import hold
from geo.audit import Action
from geo.errors import BadInput, Conflict, NotFound
from tests.homes import temporary_home

ARCHIVED = "SELECT last_archived_wal >= %s FROM pg_stat_archiver"


@contextmanager
def environment(**told: str | None) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in told}
    _set(told)
    try:
        yield
    finally:
        _set(before)


def _set(told: dict[str, str | None]) -> None:
    for name, value in told.items():
        os.environ.pop(name, None) if value is None else os.environ.update({name: value})
    forget_engines()


def act(line: psycopg.Connection, subject: str) -> datetime:
    """Something on record, sealed; a moment afterwards."""
    hold(line, audit.record(Action.SIGN_IN, subject))
    seals.seal(line)
    time.sleep(0.05)
    return datetime.now(UTC)


def archive_all(line: psycopg.Connection) -> None:
    (segment,) = line.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone() or ("",)
    deadline = time.monotonic() + 60
    while line.execute(ARCHIVED, [segment]).fetchone() != (True,):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
def test_the_cluster_comes_back_as_it_was_at_a_moment() -> None:
    with temporary_home() as home, temporary_home(name="other") as other:
        archive = home.parent / "it's 100%"
        with environment(WANGGE_HOME=str(home), WANGGE_WAL_ARCHIVE=str(archive), WANGGE_DATABASE_URL=None):
            url = cluster.ensure_running()
            schema.upgrade()
            early = datetime.now(UTC)
            copy = wal.base()
            with psycopg.connect(url, autocommit=True) as line:
                moment = act(line, "account:before")
                head = str(seals.head(line))
                act(line, "account:after")
                archive_all(line)
            with pytest.raises(Conflict, match="stop the system"):
                wal.restore(moment, force=True)

        with environment(WANGGE_HOME=str(other), WANGGE_WAL_ARCHIVE=str(archive), WANGGE_DATABASE_URL=None):
            with pytest.raises(NotFound, match="no copy"):
                wal.restore(early.replace(year=2020), force=False)
            assert wal.restore(moment, force=False) == copy
            assert subjects() == ["account:before"]
            verdict = seal_checks.verify([head])
            assert (verdict.findings, verdict.pending) == ([], 0)
            with psycopg.connect(cluster.ensure_running(), autocommit=True) as line:
                act(line, "account:anew")
            assert seal_checks.verify([head]).is_whole
            cluster.stop()
            with pytest.raises(Conflict, match="--force"):
                wal.restore(None, force=False)


def subjects() -> list[str]:
    with psycopg.connect(cluster.ensure_running()) as line:
        return [row[0] for row in line.execute("SELECT subject FROM audit_line ORDER BY id")]


def test_a_server_of_ones_own_is_archived_by_its_own_means(tmp_path: Path) -> None:
    with (
        environment(WANGGE_WAL_ARCHIVE=str(tmp_path), WANGGE_DATABASE_URL="postgresql://somewhere/else"),
        pytest.raises(BadInput, match="your own"),
    ):
        wal.base()

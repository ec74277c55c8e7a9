"""Shifts: cases are dispatched as they come, with Prefect and without, and a lost database is waited for."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
import psycopg
import pytest
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from data.health import DISPATCHER
from data.postgres import free_port
from flows import prefect_settings
from flows.cli import build
from flows.dispatch import Shift, stand_in
from flows.system import answers
from tests import town

Line = psycopg.Connection[Any]
FILE = """
    WITH told AS (
        INSERT INTO incident (category_code, lon, lat, datum, geom)
        SELECT 'C0101', 116.28, 39.78, 'cgcs2000', ST_SetSRID(ST_MakePoint(116.28, 39.78), 4490)
        FROM generate_series(1, %s) RETURNING id
    )
    INSERT INTO case_file (id, filed_at) SELECT id, now() - interval '1 minute' FROM told
"""
PATIENCE_S = 20
SERVER_START_S = 60


@pytest.fixture(scope="module")
def settled(database_url: str) -> str:
    town.settle(database_url, town.build(13, 13))
    return database_url


@pytest.fixture
def line(settled: str) -> Iterator[Line]:
    with psycopg.connect(settled, autocommit=True) as opened:
        yield opened


def waiting(line: Line) -> int:
    row = line.execute("SELECT count(*) FROM case_file WHERE state = 'filed'").fetchone()
    return row[0] if row else -1


def wait_until_done(line: Line) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while waiting(line) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert waiting(line) == 0


def test_the_command_dispatches_what_waits_and_says_what_became_of_it(line: Line) -> None:
    line.execute(FILE, [20])
    result = CliRunner().invoke(build(), ["dispatch", "--once", "--json"])
    told = json.loads(result.stdout.splitlines()[-1])
    assert list(told) == ["taken", "inside", "border", "gap", "picked", "backstop", "dispatched", "seconds"]
    assert told["taken"] == told["inside"] + told["border"] + told["gap"] + told["backstop"] == told["dispatched"] == 20


def test_a_shift_dispatches_as_reports_come_and_outlives_a_lost_connection(line: Line) -> None:
    shift = Shift(minutes=1)
    worker = threading.Thread(target=shift.run, args=[lambda carry_out: carry_out()])
    worker.start()
    for turn in range(3):
        line.execute(FILE, [5])
        wait_until_done(line)
        if turn < 2:
            line.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", [DISPATCHER]
            )
    shift.ends = time.monotonic()
    worker.join()
    assert (shift.figures.taken, shift.figures.dispatched) == (15, 15)
    assert line.execute("SELECT count(*) FROM dispatch_run WHERE finished_at IS NOT NULL").fetchone() == (1,)


def test_the_stand_in_works_what_a_shift_leaves_lying(line: Line) -> None:
    end = threading.Event()
    worker = threading.Thread(target=stand_in, args=[end])
    worker.start()
    line.execute(FILE, [5])
    wait_until_done(line)
    end.set()
    worker.join()


@contextmanager
def prefect_server(ours: str, home: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Prefect's server as `wangge up` runs it: its address, with a database of its own beside ours."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/api"
    server = subprocess.Popen(
        [sys.executable, "-m", "flows.prefect_server", str(port)], env=os.environ | {"WANGGE_HOME": str(home)}
    )
    try:
        deadline = time.monotonic() + SERVER_START_S
        while not answers(f"{address}/health") and server.poll() is None and time.monotonic() < deadline:
            time.sleep(0.2)
        yield address, server
    finally:
        server.kill()
        server.wait()
        with psycopg.connect(ours, autocommit=True) as line:
            line.execute(f"DROP DATABASE IF EXISTS {make_url(ours).database}_prefect WITH (FORCE)")


def shift_process(home: Path, api: str, minutes: float) -> subprocess.Popen[bytes]:
    environment = prefect_settings.chosen(home) | {"PREFECT_API_URL": api, "WANGGE_HOME": str(home)}
    program = f"from flows.dispatch import work_shift; work_shift({minutes})"
    return subprocess.Popen([sys.executable, "-c", program], env=os.environ | environment)


@pytest.mark.flow
@pytest.mark.slow
def test_a_shift_is_a_flow_run_with_a_summary_and_goes_on_when_prefect_is_killed(
    line: Line, settled: str, tmp_path: Path
) -> None:
    with prefect_server(settled, tmp_path) as (api, server):
        line.execute(FILE, [5])
        assert shift_process(tmp_path, api, minutes=0.05).wait() == 0
        (run,) = httpx.post(f"{api}/flow_runs/filter", json={}).json()
        (artifact,) = httpx.post(f"{api}/artifacts/filter", json={}).json()
        tasks = httpx.post(f"{api}/task_runs/filter", json={}).json()
        assert (run["state_name"], artifact["key"], waiting(line)) == ("Completed", "dispatch-shift", 0)
        assert "| dispatched | 5 |" in artifact["data"]
        assert [one["name"].rpartition("-")[0] for one in tasks] == ["dispatch-batch"]
        begun = line.execute("SELECT count(*) FROM dispatch_run").fetchone()
        shift = shift_process(tmp_path, api, minutes=1)
        while line.execute("SELECT count(*) FROM dispatch_run").fetchone() == begun:
            time.sleep(0.1)
        server.kill()
        line.execute(FILE, [5])
        wait_until_done(line)
        shift.kill()
        shift.wait()

"""One transaction per file: dry runs, kills, two at once; and the rejects beside it."""

from __future__ import annotations

import csv
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from data import audit, database, reference
from data.imports import rejects
from data.imports.options import Options, Report
from flows import import_layers
from flows.commands.imports import Kind
from tests.conftest import ROOT
from tests.data.files import STREET, counts, square, write_csv

COMMAND = "from flows.cli import main; main()"
STORING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'UPDATE _area_ v SET%'"
)
FIGURES = [
    "kind", "read", "stored", "updated", "unchanged", "rejected", "repaired", "warned", "rejects_file", "seconds", "remarks",
    "import_id", "found", "findings",
]  # fmt: skip


@pytest.fixture
def ground(engine: Engine) -> Iterator[Engine]:
    """Nothing imported yet."""
    with engine.begin() as connection:
        reference.load(connection)
        connection.execute(text("TRUNCATE upload, import_run, area"))
    yield engine
    database.engine().dispose()


def number_of(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0


def streets(path: Path, *codes: str) -> Path:
    return write_csv(path / "streets.csv", [{"code": code, "name": "=1+1", "wkt": square()} for code in codes])


def bring(path: Path, **more: object) -> Report:
    return import_layers.run("streets", path, Options(), **more)


def test_the_report_has_exactly_the_agreed_figures(ground: Engine, tmp_path: Path) -> None:
    report = bring(streets(tmp_path, STREET))
    assert list(report.figures()) == FIGURES
    assert (report.kind, counts(report), report.rejects_file) == ("streets", (1, 0, 0, 0), None)
    with ground.connect() as connection:
        kind, file, digest, kept = connection.execute(
            text("SELECT kind, file_name, sha256, report FROM import_run")
        ).one()
        who, told = connection.execute(
            text("SELECT account, detail FROM audit_line WHERE subject = :run"), {"run": f"import:{report.import_id}"}
        ).one()
    assert (kind, file, len(digest), kept["stored"]) == ("streets", "streets.csv", 64, 1)
    assert (who, told["file"], told["sha256"]) == (audit.operator(), "streets.csv", digest)


def test_a_dry_run_reports_the_same_and_writes_nothing(ground: Engine, tmp_path: Path) -> None:
    before = number_of(ground, "unit")
    report = bring(streets(tmp_path, STREET, "1"), is_dry=True)
    assert (counts(report), report.rejects_file) == ((1, 0, 0, 1), None)
    assert [number_of(ground, table) for table in ("area", "import_run")] == [0, 0]
    assert number_of(ground, "unit") == before


def test_rejects_are_written_for_their_owner_alone(ground: Engine, tmp_path: Path) -> None:
    report = bring(streets(tmp_path, STREET, "=cmd()", ""), rejects_file=tmp_path / "out" / "rejects.csv")
    path = Path(report.rejects_file or "")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["line", "field", "value", "reason"],
            ["3", "code", "'=cmd()", "is not 12 digits"],
            ["4", "code", "", "is missing"],
        ]
    assert path.stat().st_mode & 0o077 == 0


@given(st.text())
def test_no_reject_is_a_formula(value: str) -> None:
    tamed = rejects.tame(value)
    assert tamed.endswith(value)
    assert not tamed.startswith(("=", "+", "-", "@", "\t", "\r")) or float(tamed) is not None


def test_rejects_without_values_are_empty_fields(tmp_path: Path) -> None:
    rejects.write(
        [pd.DataFrame([{"line": 2, "field": "lon", "value": float("nan"), "reason": "x"}])], tmp_path / "r.csv"
    )
    assert (tmp_path / "r.csv").read_text(encoding="utf-8-sig").splitlines()[1] == "2,lon,,x"


def test_two_imports_of_one_file_at_once_store_it_once(ground: Engine, tmp_path: Path) -> None:
    file, barrier, reports = streets(tmp_path, STREET, "110199002000"), threading.Barrier(4), []

    def one() -> None:
        barrier.wait()
        reports.append(bring(file))

    threads = [threading.Thread(target=one) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(counts(report) for report in reports) == [(0, 0, 2, 0)] * 3 + [(2, 0, 0, 0)]
    assert number_of(ground, "area") == 2


@pytest.mark.slow
def test_an_import_killed_halfway_leaves_nothing(ground: Engine, tmp_path: Path) -> None:
    file = streets(tmp_path, STREET)
    with ground.connect() as blocker, blocker.begin():
        blocker.execute(text("UPDATE ground_revision SET revision = revision"))
        running = subprocess.Popen([sys.executable, "-c", COMMAND, "import", "streets", str(file)], cwd=ROOT)
        try:
            _wait_for(ground, f"{STORING} AND wait_event_type = 'Lock'", True)
        finally:
            running.kill()
            running.wait()
    _wait_for(ground, STORING, False)
    assert [number_of(ground, table) for table in ("area", "import_run")] == [0, 0]
    assert counts(bring(file)) == (1, 0, 0, 0)


def edition(path: Path, day: date, *codes: str) -> tuple[Path, Options]:
    file = write_csv(path / f"{day.year}.csv", [{"code": code, "name": f"{code} {day.year}"} for code in codes])
    return file, Options(edition=day)


def test_two_editions_at_once_end_as_if_one_came_after_the_other(ground: Engine, tmp_path: Path) -> None:
    given = [
        edition(tmp_path, date(2016, 1, 1), STREET, "110199002000"),
        edition(tmp_path, date(2023, 1, 1), STREET, "110199003000"),
    ]
    barrier = threading.Barrier(len(given))

    def one(file: Path, options: Options) -> None:
        barrier.wait()
        import_layers.run("streets", file, options)

    threads = [threading.Thread(target=one, args=told) for told in given]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    with ground.connect() as connection:
        versions = connection.execute(text("SELECT code, valid_from, valid_to FROM area ORDER BY 1, 2")).all()
    first, second = date(2016, 1, 1), date(2023, 1, 1)
    assert [tuple(version) for version in versions] == [
        (STREET, first, second), (STREET, second, None), ("110199002000", first, second), ("110199003000", second, None),
    ]  # fmt: skip


@pytest.mark.slow
def test_an_edition_killed_halfway_leaves_the_former_one_whole(ground: Engine, tmp_path: Path) -> None:
    former, options = edition(tmp_path, date(2016, 1, 1), STREET, "110199002000")
    import_layers.run("streets", former, options)
    later, options = edition(tmp_path, date(2023, 1, 1), STREET, "110199003000")
    held = text("SELECT code, valid_from FROM area WHERE valid_to IS NULL ORDER BY 1")
    with ground.connect() as blocker, blocker.begin():
        blocker.execute(text("UPDATE ground_revision SET revision = revision"))
        call = [sys.executable, "-c", COMMAND, "import", "streets", str(later), "--edition", "2023-01-01"]
        running = subprocess.Popen(call, cwd=ROOT)
        try:
            _wait_for(ground, f"{STORING} AND wait_event_type = 'Lock'", True)
        finally:
            running.kill()
            running.wait()
    _wait_for(ground, STORING, False)
    with ground.connect() as connection:
        assert [code for code, _ in connection.execute(held)] == [STREET, "110199002000"]
    assert counts(import_layers.run("streets", later, options)) == (1, 1, 0, 0)


def _wait_for(engine: Engine, query: str, wanted: bool, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while bool(connection.scalar(text(query))) is not wanted:
            assert time.monotonic() < end, "it never came so far"
            time.sleep(0.05)


def test_the_command_offers_every_kind() -> None:
    from data.imports.run import KINDS

    assert {kind.value for kind in Kind} == set(KINDS)

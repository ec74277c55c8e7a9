"""What is past its days goes, what is not stays, and the log says exactly what went, also when the sweep was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from PIL import Image
from sqlalchemy import Engine

from data import pictures, reference, retention, sealing
from flows import forget
from geo.persons import Kind
from tests.conftest import ROOT

pytestmark = pytest.mark.usefixtures("home")

Line = psycopg.Connection
STOOD = 30_000
ROWS = (ROOT / "tests" / "data" / "retention.sql").read_bytes()
LEFT = {
    "reporter_contact": "SELECT count(*) FROM reporter_contact",
    "whereabouts": "SELECT count(*) FROM case_whereabouts",
    "case_photo": "SELECT count(*) FROM case_photo",
    "incident_attributes": "SELECT count(attributes) FROM incident",
    "signature": "SELECT count(signature) FROM whistle_call",
    "worker_left": "SELECT count(phone) FROM worker WHERE name = '王*'",
    "agency_ended": "SELECT count(phone) FROM agency",
    "notice_address": "SELECT count(*) FROM notice_address",
    "leave_reason": "SELECT count(reason) FROM leave",
    "import_report": "SELECT count(*) FROM import_run WHERE report -> 'first_rejects' <> '[]'",
    "personal_export": "SELECT count(*) FROM personal_export",
    "account_session": "SELECT count(*) FROM account_session",
    "duty_track": "SELECT count(*) FROM duty_track",
    "street_walked": "SELECT count(*) FROM street_walked",
    "check_in": "SELECT count(*) FROM check_in",
    "duty": "SELECT count(*) FROM duty",
    "element": "SELECT count(*) FROM element WHERE ended_at IS NULL",
    "element_ended": "SELECT count(*) FROM element WHERE ended_at IS NOT NULL",
}
TEXTS = """
    SELECT description, note, comment, place, request FROM incident
    JOIN case_follower ON case_follower.case_id = incident.id JOIN rating ON rating.case_id = incident.id
    JOIN whistle ON whistle.case_id = incident.id ORDER BY incident.id
"""


@pytest.fixture(scope="module")
def line(engine: Engine, database_url: str) -> Iterator[Line]:
    with engine.begin() as connection:
        reference.load(connection)
    with psycopg.connect(database_url, autocommit=True) as opened:
        opened.execute("INSERT INTO unit VALUES ('110199001001', 'community')")
        opened.execute("INSERT INTO cell_code VALUES ('110199001001001', '110199001001')")
        opened.execute(ROWS)
        yield opened


def counted(line: Line, query: str) -> int:
    row = line.execute(query).fetchone()
    return int(row[0]) if row else -1


def logged(line: Line) -> dict[str, int]:
    return dict(line.execute("SELECT rule, sum(rows)::int FROM retention_log GROUP BY rule").fetchall())


def test_a_dry_run_counts_and_leaves_everything(line: Line) -> None:
    told = forget.run(is_dry=True)
    assert told["rows"] == dict.fromkeys(retention.STATEMENTS, 1) | {"case_texts": 2, "incident_attributes": 1}
    assert {rule: counted(line, query) for rule, query in LEFT.items()} == dict.fromkeys(LEFT, 2)
    assert logged(line) == {}


def test_what_is_past_its_days_goes_once_and_what_is_not_stays(line: Line) -> None:
    told = forget.run()
    assert {rule: counted(line, query) for rule, query in LEFT.items()} == dict.fromkeys(LEFT, 1)
    written = ("找李建国", "又见李建国", "李建国很好", "李建国家", "见李建国")
    assert line.execute(TEXTS).fetchall() == [("",) * 5, written]
    assert logged(line) == told["rows"] and set(forget.run()["rows"].values()) == {0}
    audited = line.execute("SELECT subject, detail FROM audit_line WHERE action = 'retention'").fetchall()
    assert audited == [("retention:sweep", told["rows"])]


def test_who_left_stays_as_a_number_and_is_found_by_no_name(line: Line) -> None:
    assert line.execute("SELECT code, name, name_sealed, phone FROM worker WHERE code = 'Wold'").fetchall() == [
        ("Wold", "", None, None)
    ]


def test_files_go_when_no_row_names_them_or_their_days_are_over(line: Line, home: Path) -> None:
    Image.new("RGB", (40, 30)).save(home / "black.png")
    picture = pictures.clean((home / "black.png").read_bytes())
    pictures.keep(picture)
    (home / "rejects").mkdir()
    for name, days in (("old.csv", 4000), ("new.csv", 1)):
        (home / "rejects" / name).touch()
        os.utime(home / "rejects" / name, (time.time() - days * 86400,) * 2)
    assert forget.run()["files"] == 1 and pictures.read(picture.sha256)  # perhaps its row is being written
    for path in pictures.files():
        os.utime(path, (time.time() - 90000,) * 2)
    assert forget.run()["files"] == 1 and list(pictures.files()) == []
    assert [path.name for path in (home / "rejects").iterdir()] == ["new.csv"]


def test_a_sweep_that_is_killed_has_logged_what_it_did_and_the_next_goes_on(line: Line) -> None:
    before = logged(line)["whereabouts"]
    line.execute(
        "INSERT INTO case_whereabouts SELECT 99, n, '2010-01-01', 116, 39 FROM generate_series(1, %s) AS n", [STOOD]
    )
    command = [str(ROOT / ".venv" / "bin" / "wangge"), "privacy", "sweep", "--json"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and logged(line)["whereabouts"] == before:
            pass
        process.send_signal(signal.SIGKILL)
    left, done = counted(line, LEFT["whereabouts"]) - 1, logged(line)["whereabouts"] - before
    assert 0 < left < STOOD and left + done == STOOD
    assert forget.run()["rows"]["whereabouts"] == left and logged(line)["whereabouts"] - before == STOOD


def test_a_sealed_name_does_not_survive_its_contact(line: Line) -> None:
    forms = sealing.seal(Kind.NAME, "李建国").columns("name")
    line.execute("UPDATE reporter_contact SET name_sealed = %s", [forms["name_sealed"]])
    line.execute("UPDATE case_file SET closed_at = now() - interval '181 days'")
    assert forget.run()["rows"]["reporter_contact"] == 1 and counted(line, LEFT["reporter_contact"]) == 0

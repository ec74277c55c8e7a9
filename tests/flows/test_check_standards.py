"""The check on the demo district: calibrated, kept when nothing has changed, stored once when two check at once."""

from __future__ import annotations

import json
import threading

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from flows.check_standards import check
from flows.cli import build
from geo.errors import NotFound


@pytest.fixture(scope="module")
def start(demo_template: str) -> str:
    return demo_template


def runs(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM check_run")) or 0


def change_a_station(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE facility SET floor_area_m2 = floor_area_m2 + 0.25 WHERE code = :c"), {
            "c": connection.scalar(text("SELECT min(code) FROM facility WHERE level = 'station'")),
        })  # fmt: skip


def test_135_of_148_communities_meet_350_or_230_by_area_class(engine: Engine) -> None:
    found = check("by-area-class")
    assert {name: found[name] for name in ("standard", "checked", "meets", "short", "unknown")} == {
        "standard": "by-area-class", "checked": 148, "meets": 135, "short": 13, "unknown": 0,
    }  # fmt: skip


def test_56_of_148_communities_meet_350_everywhere(engine: Engine) -> None:
    assert check("citywide")["meets"] == 56


def test_what_is_stored_is_what_was_answered(engine: Engine) -> None:
    found = check("citywide", force=True)
    with engine.connect() as connection:
        stored = connection.execute(
            text("SELECT outcome, count(*) FROM finding WHERE run_id = :r GROUP BY outcome"), {"r": found["run"]}
        )
        assert dict(map(tuple, stored)) == {"meets": 56, "short": 92}
        lacking = text("SELECT count(*) FROM finding WHERE run_id = :r AND missing_m2 <> required_m2 - actual_m2")
        assert connection.scalar(lacking, {"r": found["run"]}) == 0


def test_checking_an_unchanged_ground_keeps_the_run(engine: Engine) -> None:
    first = check("by-area-class")
    before = runs(engine)
    again = check("by-area-class")
    assert (again["run"], again["is_new"], runs(engine)) == (first["run"], False, before)


def test_a_new_run_can_be_forced(engine: Engine) -> None:
    first = check("by-area-class")
    assert check("by-area-class", force=True)["run"] > first["run"]


def test_a_changed_station_gives_a_new_run_and_the_old_one_stays(engine: Engine) -> None:
    first = check("by-area-class")
    before = runs(engine)
    change_a_station(engine)
    assert check("by-area-class")["run"] > first["run"]
    assert runs(engine) == before + 1


def test_an_unrecorded_floor_area_is_unknown_and_not_met(engine: Engine) -> None:
    met = check("by-area-class")["meets"]
    with engine.begin() as connection:
        connection.execute(text("""
            UPDATE facility SET floor_area_m2 = NULL WHERE id = (
                SELECT facility_id FROM facility_serves s JOIN facility f ON f.id = facility_id
                WHERE level = 'station' AND floor_area_m2 > 1000 ORDER BY f.code LIMIT 1)
        """))  # fmt: skip
        lost = connection.scalar(text("SELECT count(*) FROM facility WHERE floor_area_m2 IS NULL"))
    found = check("by-area-class")
    assert lost == 0 or found["unknown"] > 0
    assert found["meets"] + found["short"] + found["unknown"] == 148 and found["meets"] <= met


def test_two_checks_at_once_store_one_run(engine: Engine) -> None:
    change_a_station(engine)
    before, barrier, found = runs(engine), threading.Barrier(4), []

    def race() -> None:
        barrier.wait()
        found.append(check("citywide"))

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert runs(engine) == before + 1
    assert len({one["run"] for one in found}) == 1 and sum(one["is_new"] for one in found) == 1


def test_the_command_answers_with_one_line_of_json(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    done = CliRunner().invoke(build(), ["standards", "check", "--standard", "citywide", "--json"])
    assert done.exit_code == 0
    answer = json.loads(done.stdout.splitlines()[-1])
    assert {"standard", "checked", "meets", "short", "unknown", "run", "seconds"} <= set(answer)
    assert answer["standard"] == "citywide" and answer["checked"] == 148


def test_an_unknown_standard_is_refused(engine: Engine) -> None:
    with pytest.raises(NotFound):
        check("by-favour")

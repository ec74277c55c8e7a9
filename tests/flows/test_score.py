"""Scores of the demo district: reckoned, repeated, traced to their cases and compared with the case files."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from flows.cli import build
from flows.score import behind, compare, run, score
from geo.periods import PERIODS


@pytest.fixture(scope="module")
def start(demo_template: str) -> str:
    return demo_template


def test_a_month_is_reckoned_once(engine: Engine) -> None:
    first, again = run("month", date(2026, 1, 15)), run("month", date(2026, 1, 20))
    assert (first["runs"][0]["from"], first["runs"][0]["to"]) == ("2026-01-01", "2026-01-31")
    assert (again["runs"][0]["run"], again["runs"][0]["is_new"]) == (first["runs"][0]["run"], False)


def test_the_figures_of_a_month_are_those_of_a_plain_query(engine: Engine) -> None:
    found = run("month", date(2026, 1, 15))["runs"][0]["run"]
    closed = text(
        "SELECT count(*) FROM case_file WHERE closed_at >= '2026-01-01 00:00+08' AND closed_at < '2026-02-01 00:00+08'"
    )
    kept = text("SELECT figures -> 'closed' ->> 1 FROM score WHERE run_id = :run AND dimension = 'all'")
    with engine.connect() as connection:
        assert int(connection.scalar(kept, {"run": found}) or 0) == connection.scalar(closed)


def test_every_night_all_periods_are_reckoned_by_one_pass(engine: Engine) -> None:
    found = run("all")
    assert [one["period"] for one in found["runs"]] == list(PERIODS)
    assert len({one["cut"] for one in found["runs"]}) == 1


def test_the_cases_behind_a_streets_figures_are_its_own_and_all_of_them(engine: Engine) -> None:
    found = run("month", date(2026, 1, 15))["runs"][0]["run"]
    with engine.connect() as connection:
        wanted = text("SELECT key, figures FROM score WHERE run_id = :r AND dimension = 'street' ORDER BY key LIMIT 1")
        street, figures = connection.execute(wanted, {"r": found}).one()
    for name, (_, numerator, denominator) in figures.items():
        page = behind(found, "street", street, name, after=0, limit=5000)
        assert (len(page["rows"]), page["next"]) == (numerator if denominator is None else denominator, None)
        assert {row["street"] for row in page["rows"]} <= {street}


def test_the_demo_districts_cases_are_what_their_events_say(engine: Engine) -> None:
    assert compare()["differing"] == 0


def test_a_case_that_is_not_what_its_events_say_is_found(engine: Engine) -> None:
    with engine.begin() as connection:
        case = connection.scalar(
            text("UPDATE case_file SET hops = 7 WHERE id = (SELECT max(id) FROM case_file) RETURNING id")
        )
    told = CliRunner().invoke(build(), ["score", "check", "--json"])
    assert told.exit_code == 1
    found = json.loads(told.stdout.splitlines()[-1])
    assert (found["differing"], found["first"]) == (1, [{"id": case, "what": "hops", "kept": "7", "told": "0"}])
    with engine.begin() as connection:
        connection.execute(text("UPDATE case_file SET hops = 0 WHERE id = :id"), {"id": case})


def test_the_commands_last_line_is_one_json_object(engine: Engine) -> None:
    told = CliRunner().invoke(
        build(), ["score", "--period", "custom", "--from", "2026-01-05", "--to", "2026-01-09", "--json"]
    )
    found = json.loads(told.stdout.splitlines()[-1])["runs"][0]
    assert (told.exit_code, found["period"], found["from"], found["to"]) == (0, "custom", "2026-01-05", "2026-01-09")
    rows = CliRunner().invoke(
        build(), ["score", "rows", str(found["run"]), "all", "all", "closed", "--limit", "3", "--json"]
    )
    assert len(json.loads(rows.stdout.splitlines()[-1])["rows"]) == 3


@pytest.mark.flow
def test_the_flow_reckons_too(engine: Engine, prefect_server: None) -> None:
    assert len(score("day")["runs"]) == 1

"""`wangge deadline`: the due moment and its arithmetic, for programs and for people."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from data import reference
from flows import console
from flows.cli import build
from geo.errors import BadTime


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of the table is a line, wherever the tests run."""
    monkeypatch.setattr(console.results, "width", 120)


@pytest.fixture(scope="module", autouse=True)
def calendar(engine: Engine) -> None:
    with engine.begin() as connection:
        reference.load(connection)


def answer(*arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(build(), ["deadline", *arguments, "--json"], catch_exceptions=False)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def read(*arguments: str) -> str:
    """What a person reads, on a terminal that is wide enough."""
    runner = CliRunner(env={"COLUMNS": "200"})
    return " ".join(runner.invoke(build(), ["deadline", *arguments], catch_exceptions=False).output.split())


def test_four_working_hours_over_a_make_up_day() -> None:
    found = answer("2025-01-24T16:30:00+08:00", "4wh")
    assert list(found) == ["due", "provisional", "steps"]
    assert (found["due"], found["provisional"]) == ("2025-01-26T11:30:00+08:00", False)
    assert [(step["day"], step["kind"], step["minutes"]) for step in found["steps"]] == [
        ("2025-01-24", "working_day", 90), ("2025-01-25", "weekend", 0), ("2025-01-26", "make_up_day", 150),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "limit", "due"),
    [
        ("2025-01-24T16:30", "2wd", "2025-01-27T16:30:00+08:00"),
        ("2025-01-24T08:30:00+00:00", "90m", "2025-01-24T18:00:00+08:00"),
        ("2025-01-24 16:30:30", "24h", "2025-01-25T16:30:30+08:00"),
        ("2025-01-24T16:30:00Z", "7d", "2025-02-01T00:30:00+08:00"),
    ],
)
def test_a_start_without_an_offset_is_city_time(moment: str, limit: str, due: str) -> None:
    assert answer(moment, limit)["due"] == due


def test_the_last_stage_is_the_limit_of_the_case() -> None:
    found = answer("2025-03-07T16:30", "4wh/7wd")
    assert [(stage["limit"], stage["due"]) for stage in found["stages"]] == [
        ("4wh", "2025-03-10T11:30:00+08:00"), ("7wd", "2025-03-18T16:30:00+08:00"),
    ]  # fmt: skip
    assert (found["due"], found["steps"]) == (found["stages"][1]["due"], found["stages"][1]["steps"])


def test_a_person_reads_the_steps_and_at_the_end_the_due_moment() -> None:
    text = read("2025-01-24T16:30", "4wh")
    assert "Fri 2025-01-24 working day 16:30 18:00 90 90" in text
    assert "Sun 2025-01-26 make-up working day, Spring Festival 春节 09:00 11:30 150 240" in text
    assert text.endswith("4wh: due on Sun 2025-01-26 at 11:30")


def test_a_person_is_told_what_is_provisional() -> None:
    text = read("2026-12-31T17:30:15", "20wd")
    assert "Thu 2026-12-31 working day 17:30:15 18:00 29.75 29.75" in text
    assert "Sat 2027-01-02 – Sun 01-03 weekend, year not loaded 0 509.75" in text
    assert "provisional: it rests on a year whose calendar is not loaded" in text


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (("today", "4wh"), "write 2025-01-24T16:30"),
        (("2025-01-24T16:30", "4hours"), r"4wh \(working hours\)"),
        (("2025-01-24T16:30", "2wd/1wd"), "not longer than"),
        (("9999-12-31T23:59", "2wd"), "from 1900 to 2299"),
    ],
)
def test_what_is_wrong_is_refused_with_what_is_allowed(arguments: tuple[str, str], allowed: str) -> None:
    with pytest.raises(BadTime, match=allowed):
        answer(*arguments)

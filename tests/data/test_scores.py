"""Facts read in one pass are those of a reckoning event by event; figures repeat; the cases behind them can be listed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from data import reckoning, reference, score_rows, scores
from data.database import driver_connection
from data.scores import Basis, Period
from geo.errors import NotFound
from geo.lifecycle import Event, State
from geo.scores import FIGURES, OUTCOMES
from tests.data import histories
from tests.data.histories import Row

MARCH = Period("month", date(2026, 3, 1), date(2026, 4, 1))
APRIL_BEGINS = datetime(2026, 4, 1, tzinfo=UTC)
Line = psycopg.Connection[Any]


@pytest.fixture
def line(connection: Connection) -> Line:
    reference.load(connection)
    return driver_connection(connection)


def basis(line: Line, cut: datetime = APRIL_BEGINS) -> Basis:
    return scores.basis(line, cut)


def events_of(rows: list[Row], *names: str) -> list[Row]:
    return [row for row in rows if row["event"] in names]


def latest(rows: list[Row]) -> datetime | None:
    return max((row["at"] for row in rows), default=None)


def by_hand(rows: list[Row]) -> dict[str, Any]:
    """The facts of one case, event by event."""
    is_closed = rows[-1]["to_state"] in ("closed", "evaluated")
    ends = events_of(rows, "verify", "close", "dismiss")
    ratings = events_of(rows, "rate")
    clocks = [row for row in rows if clock(row) and row["event"] != "close"]
    given = events_of(rows, "dispatch", "assign", "hand_over", "escalate")
    return {
        "filed_at": rows[0]["at"],
        "dispatched_at": min((row["at"] for row in rows if row["to_state"] == "dispatched"), default=None),
        "accepted_at": min((row["at"] for row in events_of(rows, "accept")), default=None),
        "given_at": latest(given),
        "returned_at": latest(events_of(rows, "return")),
        "escalated_at": latest(events_of(rows, "escalate")),
        "finished_at": latest(events_of(rows, "finish")),
        "reworked_at": latest(events_of(rows, "reject", "reopen")),
        "rated_at": latest(ratings),
        "closed_at": latest(ends) if is_closed else None,
        "due_at": due(clocks),
        "laid_down_at": due(events_of(clocks, "file", "dispatch")),
        "outcome": outcome(ends[-1]) if is_closed else -1,
        "is_suspended": rows[-1]["to_state"] == "suspended",
        "satisfaction": ratings[-1]["detail"].obj["satisfaction"] if ratings else 0,
        "is_solved": bool(ratings) and ratings[-1]["detail"].obj["is_solved"],
        "hops": hops(given),
    }


def hops(given: list[Row]) -> int:
    """Changes of hands: not the first dispatch, and going up only when somebody else has it then. Nobody had these before."""
    changes = [row for row in given if row["event"] != "escalate" or row["agency_id"]]
    return len(changes) - (bool(given) and given[0]["event"] == "dispatch")


def clock(row: Row) -> dict[str, str | None] | None:
    """What the event says of the clock: `to`, the moment that the case is due from then on."""
    if row["explanation"]:
        return {"to": row["explanation"].obj["clock"]["due_at"]}
    found: dict[str, str | None] | None = row["detail"].obj.get("due_at") if row["detail"] else None
    return found


def due(clocks: list[Row]) -> datetime | None:
    told = (clock(clocks[-1]) or {}).get("to") if clocks else None
    return datetime.fromisoformat(told) if told else None


def outcome(end: Row) -> int:
    known = {"verify": "solved", "dismiss": "dismissed"}.get(end["event"])
    return OUTCOMES.index(known or end["detail"].obj["outcome"]["to"])


@pytest.mark.parametrize("seed", range(3))
def test_facts_are_those_of_a_reckoning_event_by_event(connection: Connection, line: Line, seed: int) -> None:
    lives = histories.store(line, 150, seed)
    known = reckoning.read(connection, basis(line), list(lives))
    facts = known.facts.astype(object).where(known.facts.notna(), None)
    seen = {case: [row for row in rows if row["at"] < APRIL_BEGINS] for case, rows in lives.items()}
    expected = {case: by_hand(rows) for case, rows in seen.items() if rows}
    assert list(facts.index) == list(expected)
    for case, told in expected.items():
        assert {name: plain(facts.at[case, name]) for name in told} == {
            name: plain(value) for name, value in told.items()
        }


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return pd.Timestamp(value).tz_localize(None) if value.tzinfo is None else pd.Timestamp(value).tz_convert(None)
    return value


def test_the_department_is_the_agency_that_had_it_in_hand_last(connection: Connection, line: Line) -> None:
    lives = histories.store(line, 100, 9)
    known = reckoning.read(connection, basis(line), list(lives))
    codes: dict[int, str] = dict(line.execute("SELECT id, code FROM agency").fetchall())
    for case, found in known.keys["department"].items():
        held = [row["agency_id"] for row in lives[int(str(case))] if row["at"] < APRIL_BEGINS and row["agency_id"]]
        assert (None if pd.isna(found) else found) == (codes[held[-1]] if held else None)


def test_the_same_events_give_the_same_figures_however_they_are_gathered(connection: Connection, line: Line) -> None:
    lives = list(histories.store(line, 200, 4))
    known = basis(line)
    whole = reckoning.read(connection, known)
    parts = [reckoning.read(connection, known, lives[start::3]) for start in range(3)]
    facts, keys, measures = (
        pd.concat([getattr(part, name) for part in parts]) for name in ("facts", "keys", "measures")
    )
    gathered = reckoning.Reading(known, facts, keys.astype(whole.keys.dtypes), measures, whole.satisfied_from)
    assert scores.digest(gathered.scores(MARCH)) == scores.digest(whole.scores(MARCH))


def test_an_unchanged_reckoning_keeps_its_run_and_a_changed_one_replaces_its_figures(
    connection: Connection, line: Line
) -> None:
    histories.store(line, 50, 5)
    first = reckoning.store(connection, reckoning.read(connection, basis(line)), MARCH)
    again = reckoning.store(connection, reckoning.read(connection, basis(line)), MARCH)
    assert (again["run"], again["is_new"]) == (first["run"], False)
    histories.store(line, 50, 6)
    changed = reckoning.store(connection, reckoning.read(connection, basis(line)), MARCH)
    assert changed["is_new"]
    kept = connection.execute(text("SELECT DISTINCT run_id FROM score")).scalars().all()
    assert kept == [changed["run"]]


def test_every_case_behind_every_figure_is_listed_once(
    connection: Connection, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(score_rows, "CHUNK", 40)
    histories.store(line, 150, 7)
    reading = reckoning.read(connection, basis(line))
    run = reckoning.store(connection, reading, MARCH)["run"]
    found = reading.scores(MARCH).set_index(["dimension", "key", "figure"])
    department = found.loc["department"].index[0][0]
    for dimension, key in (("all", "all"), ("department", department), ("category", "C0101")):
        for name, how in FIGURES.items():
            listed = every_page(
                lambda after, where=(dimension, key, name): score_rows.page(
                    connection, run, *where, after=after, limit=7
                )
            )
            told = found.loc[(dimension, key, name)]
            assert len({row["id"] for row in listed}) == len(listed)
            assert len(listed) == (told["numerator"] if how.denominator is None else told["denominator"])
            if how.how in ("count", "share"):
                assert sum(row["counts"] for row in listed) == told["numerator"]


def every_page(ask: Callable[[int], dict[str, Any]]) -> list[Row]:
    listed: list[Row] = []
    after: int | None = 0
    while after is not None:
        page = ask(after)
        listed += page["rows"]
        after = page["next"]
    return listed


@pytest.mark.parametrize(
    ("place", "what"),
    [
        ((9, "all", "all", "closed"), "scores"),
        ((0, "shire", "x", "closed"), "dimension"),
        ((0, "all", "all", "joy"), "figure"),
    ],
)
def test_what_there_is_not_is_not_found(
    connection: Connection, line: Line, place: tuple[int, str, str, str], what: str
) -> None:
    run = reckoning.store(connection, reckoning.read(connection, basis(line)), MARCH)["run"]
    with pytest.raises(NotFound, match=what):
        score_rows.page(connection, run + place[0], *place[1:])


def test_an_exclusion_counts_from_its_decision_to_its_end(connection: Connection, line: Line) -> None:
    (case,) = histories.store(line, 1, 11)
    decided = datetime.now(UTC) - timedelta(hours=2)
    line.execute(
        "INSERT INTO exclusion (case_id, reason, decided_by, decided_at, ended_by, ended_at)"
        " VALUES (%s, 'r', 'desk:0', %s, 'desk:0', %s)",
        [case, decided, decided + timedelta(hours=1)],
    )
    known = basis(line)
    seen = [
        reckoning.read(connection, Basis(known.cut, known.event_id, decided + timedelta(minutes=after)), [case])
        .facts["is_excluded"]
        .item()
        for after in (-1, 0, 59, 60)
    ]
    assert seen == [False, True, True, False]


DISPATCHED_AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
ENDS: dict[str, tuple[int, Event, State, State, str | None]] = {
    "closed in time": (5, Event.VERIFY, State.VERIFYING, State.CLOSED, "2026-03-10T00:00:00+00:00"),
    "closed late": (15, Event.VERIFY, State.VERIFYING, State.CLOSED, "2026-03-10T00:00:00+00:00"),
    "closed late by a decision": (15, Event.CLOSE, State.DISPATCHED, State.CLOSED, None),
    "open": (2, Event.ACCEPT, State.DISPATCHED, State.HANDLING, "2026-03-10T00:00:00+00:00"),
    "suspended": (2, Event.SUSPEND, State.DISPATCHED, State.SUSPENDED, None),
    "extended into April": (2, Event.EXTEND, State.DISPATCHED, State.DISPATCHED, "2026-04-10T00:00:00+00:00"),
}
"""After how many days what happened, and when it was due then; before, all were due on 10 March."""


def test_open_overdue_cases_count_in_the_denominator_and_deferred_ones_do_not(
    connection: Connection, line: Line
) -> None:
    cases = histories.open_cases(line, len(ENDS))
    for case, (days, event, before, after, moved) in zip(cases, ENDS.values(), strict=True):
        due = {"detail": Jsonb({"due_at": {"from": None, "to": "2026-03-10T00:00:00+00:00"}})}
        change = {"detail": Jsonb({"due_at": {"from": "2026-03-10T00:00:00+00:00", "to": moved}})}
        histories.tell(line, case, [
            histories.row(1, DISPATCHED_AT, Event.FILE, None, State.FILED),
            histories.row(2, DISPATCHED_AT, Event.DISPATCH, State.FILED, State.DISPATCHED) | due,
            histories.row(3, DISPATCHED_AT + timedelta(days=days), event, before, after) | change,
        ])  # fmt: skip
    found = reckoning.read(connection, basis(line), cases).scores(MARCH).set_index(["dimension", "figure"]).loc["all"]
    told = found.loc[["due", "deferred", "on_time_rate", "overdue_open"], ["value", "numerator", "denominator"]]
    np.testing.assert_array_equal(told.to_numpy(), [[6, 6, np.nan], [2, 2, np.nan], [0.25, 1, 4], [1, 1, np.nan]])

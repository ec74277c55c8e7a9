"""Incidents that come with their lives end where the file says, by legal moves, at their own times."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, text

from data import reckoning, scores
from data.database import driver_connection
from geo.errors import BadInput
from geo.lifecycle import START, Event, State, move
from geo.scores import is_late
from tests.data.files import counts, put, put_with_rejects, rows, square, write_csv, write_layer

ZONE = "America/New_York"
OPENED, ENDED = datetime(2015, 3, 2, 14, tzinfo=UTC), datetime(2015, 3, 4, 15, 30, tzinfo=UTC)
PLACE = {"wkt": square(west=-71.1, south=42.3), "code": "110199001001", "name": "甲"}


@pytest.fixture(scope="module")
def start(reference_template: str) -> str:
    return reference_template


def request(number: int, **more: str) -> dict[str, Any]:
    told = {"id": number, "type": "Pothole", "lon": -71.06, "lat": 42.35, "opened": "2015-03-02 09:00:00", "target": "",
            "closed": "", "status": ""}  # fmt: skip
    return told | more


def bring(connection: Connection, tmp_path: Path, *told: dict[str, Any]) -> None:
    file = write_csv(tmp_path / "history.csv", list(told))
    report = put(connection, "incidents", file, timezone=ZONE, is_history=True)
    assert counts(report) == (len(told), 0, 0, 0)


def test_a_closed_request_is_closed_and_an_open_one_waits(connection: Connection, tmp_path: Path) -> None:
    bring(connection, tmp_path, request(1, closed="03/04/2015 10:30:00 AM"), request(2))
    kept = "SELECT state, outcome, seq, closed_at, desk_code IS NOT NULL FROM case_file ORDER BY id"
    assert rows(connection, kept) == [
        ("closed", "solved", 6, ENDED, True),
        ("filed", None, 1, None, False),
    ]


def test_every_step_is_a_legal_move_at_a_moment_that_the_file_tells(connection: Connection, tmp_path: Path) -> None:
    bring(connection, tmp_path, request(1, closed="03/04/2015 10:30:00 AM"))
    told = rows(connection, "SELECT seq, event, from_state, to_state, at, actor FROM case_event ORDER BY seq")
    assert [row[4] for row in told] == [OPENED] * 3 + [ENDED] * 3
    assert {row[5] for row in told} == {"import"}
    state: State | None = None
    for number, (seq, event, before, after, *_) in enumerate(told, 1):
        assert (seq, before) == (number, state and str(state))
        state = START if state is None else move(state, Event(event))
        assert after == state
    assert state is State.CLOSED


def test_the_ledger_says_that_the_desk_had_it_all_the_time(connection: Connection, tmp_path: Path) -> None:
    bring(connection, tmp_path, request(1, closed="03/04/2015 10:30:00 AM"))
    told = rows(connection, "SELECT sum(held_minutes), count(held_by) FROM case_event")
    assert told == [(49.5 * 60, 4)]


def test_events_lie_in_the_months_in_which_they_happened(connection: Connection, tmp_path: Path) -> None:
    bring(connection, tmp_path, request(1, closed="06/04/2015 10:30:00 AM"))
    tables = rows(connection, "SELECT DISTINCT tableoid::regclass::text FROM case_event ORDER BY 1")
    assert tables == [("case_event_2015_03",), ("case_event_2015_06",)]


def test_a_closed_request_lies_in_its_cell_and_is_held_by_its_communitys_desk(
    connection: Connection, tmp_path: Path
) -> None:
    put(connection, "communities", write_layer(tmp_path / "c.geojson", [PLACE]))
    put(connection, "cells", write_layer(tmp_path / "d.geojson", [PLACE | {"code": "110199001001001"}]))
    bring(
        connection,
        tmp_path,
        request(1, closed="03/04/2015 10:30:00 AM"),
        request(2, lon="-60", closed="03/04/2015 10:30:00 AM"),
    )
    kept = (
        "SELECT cell.code, located, desk_code, lead, handler"
        " FROM case_file LEFT JOIN cell ON cell.id = cell_id ORDER BY case_file.id"
    )
    desks = [f"desk:{code}" for code in ("110199001001", "000000000000")]
    assert rows(connection, kept) == [
        ("110199001001001", "inside", "110199001001", desks[0], desks[0]),
        (None, "none", "000000000000", desks[1], desks[1]),
    ]


def test_the_files_target_is_the_end_of_the_clock_and_late_is_judged_by_it(
    connection: Connection, tmp_path: Path
) -> None:
    target, noon = "03/05/2015 12:00:00 PM", "03/05/2015 12:00:00 PM"
    bring(
        connection, tmp_path,
        request(1, target=target, closed=noon), request(2, target=target, closed="03/05/2015 12:00:01 PM"),
        request(3, target=target), request(4, target="04/05/2016 12:00:00 PM"), request(5, closed=noon), request(6),
    )  # fmt: skip
    assert rows(connection, "SELECT count(due_at) FROM case_file") == [(4,)]
    basis = scores.basis(driver_connection(connection), datetime.fromisoformat("2016-01-13T00:00:00-05:00"))
    facts = reckoning.read(connection, basis).facts
    assert is_late(facts, scores.plain_utc(basis.cut)).tolist() == [False, True, True, False, False, False]
    assert scores.compare(driver_connection(connection))["differing"] == 0


def test_an_end_before_the_beginning_becomes_the_beginning_and_stays_on_record(
    connection: Connection, tmp_path: Path
) -> None:
    bring(connection, tmp_path, request(1, closed="03/02/2015 08:59:48 AM"))
    assert rows(connection, "SELECT closed_at = filed_at FROM case_file") == [(True,)]
    told = connection.scalar(text("SELECT detail ->> 'told_closed_at' FROM case_event WHERE event = 'verify'"))
    assert pd.Timestamp(told) == pd.Timestamp("2015-03-02 08:59:48", tz=ZONE)


def test_times_of_steps_that_nobody_knows_are_not_scored(connection: Connection, tmp_path: Path) -> None:
    bring(connection, tmp_path, request(1, closed="03/04/2015 10:30:00 AM"))
    (facts,) = reckoning.read(connection, scores.basis(driver_connection(connection))).facts.to_dict("records")
    unknown = {name for name, value in facts.items() if name.endswith("_at") and pd.isna(value)}
    assert unknown >= {"dispatched_at", "accepted_at", "finished_at", "given_at"}
    assert not {"filed_at", "closed_at"} & unknown


def test_a_second_time_nothing_is_added(connection: Connection, tmp_path: Path) -> None:
    bring(connection, tmp_path, request(1, closed="03/04/2015 10:30:00 AM"), request(2))
    file = write_csv(tmp_path / "again.csv", [request(1, closed="03/04/2015 10:30:00 AM"), request(2)])
    assert counts(put(connection, "incidents", file, timezone=ZONE, is_history=True)) == (0, 0, 2, 0)
    assert rows(connection, "SELECT count(*) FROM case_event") == [(7,)]


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"closed": "2199-01-01 00:00:00"}, "closed_at"), ({"opened": "2199-01-01 00:00:00"}, "reported_at"),
     ({"status": "Closed"}, "closed_at"), ({"status": "已结案"}, "closed_at")],
)  # fmt: skip
def test_what_cannot_have_happened_is_refused(
    connection: Connection, tmp_path: Path, changed: dict[str, str], field: str
) -> None:
    file = write_csv(tmp_path / "history.csv", [request(1), request(2, **changed)])
    report, refused = put_with_rejects(connection, "incidents", file, timezone=ZONE, is_history=True)
    assert (counts(report), [row[:2] for row in refused]) == ((1, 0, 0, 1), [(3, field)])


def test_a_file_that_knows_no_ends_and_no_targets_goes_in_too(connection: Connection, tmp_path: Path) -> None:
    told = {name: value for name, value in request(1).items() if name in ("id", "type", "lon", "lat", "opened")}
    bring(connection, tmp_path, told)
    assert rows(connection, "SELECT state, due_at FROM case_file") == [("filed", None)]


def test_only_incidents_have_a_history(connection: Connection, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="only incidents"):
        put(connection, "cells", write_layer(tmp_path / "c.geojson", [PLACE]), is_history=True)

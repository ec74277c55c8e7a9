"""Sweeps: reminders, breaches, escalation and missed calls, each once whoever sweeps, with a history that has no gap."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from flows.cli import build
from flows.dispatch import Shift, stand_in
from flows.dispatcher import drain
from flows.sweep import Sweeper, Swept
from geo.routing import DUTY_DESK
from tests import town
from tests.running_cases import case, change, events, give, is_whole

Line = psycopg.Connection[Any]
PATIENCE_S = 10
COMMUNITY, STREET, DISTRICT = "110199001001", "110199001000", "110199000000"


@pytest.fixture(scope="module")
def settled(database_url: str) -> str:
    town.settle(database_url, town.build(13, 13))
    return database_url


@pytest.fixture
def line(settled: str) -> Iterator[Line]:
    """Afterwards no clock runs and nobody is called."""
    with psycopg.connect(settled, autocommit=True) as opened:
        yield opened
        opened.execute("UPDATE case_file SET due_at = NULL, returns = 0, returns_before = 0")
        opened.execute("UPDATE whistle_call SET missed_at = now() WHERE missed_at IS NULL")


def ago(**length: float) -> datetime:
    return datetime.now(UTC) - timedelta(**length)


def ahead(**length: float) -> datetime:
    return datetime.now(UTC) + timedelta(**length)


def sweep(line: Line) -> Swept:
    """All that is to be done now."""
    total, sweeper = Swept(), Sweeper(line)
    while (swept := sweeper.round()).found:
        total.add(swept)
    return total


def counts(swept: Swept) -> tuple[int, int, int, int]:
    return swept.reminded, swept.overdue, swept.raised, swept.missed


def told(line: Line, case_id: int) -> list[tuple[str, str]]:
    return [(event["event"], event["detail"]["because"]) for event in events(line, case_id)]


def test_a_case_is_reminded_of_once_when_a_fifth_of_its_limit_is_left(line: Line) -> None:
    near, far = give(line, ahead(minutes=17), "90m"), give(line, ahead(minutes=19), "90m")
    assert counts(sweep(line)) == (1, 0, 0, 0)
    assert told(line, near) == [("remind", "nearly_due")]
    assert told(line, far) == []
    assert case(line, near)["state"] == "dispatched"
    assert counts(sweep(line)) == (0, 0, 0, 0)


def test_a_late_case_goes_on_record_and_up_to_the_desk_of_the_community(line: Line) -> None:
    late = give(line, ago(seconds=1))
    worker = f"worker:{case(line, late)['worker_id']}"
    assert counts(sweep(line)) == (0, 1, 1, 0)
    overdue, escalate = events(line, late)
    assert (overdue["event"], overdue["from_state"], overdue["to_state"]) == ("overdue", "dispatched", "dispatched")
    assert (escalate["event"], escalate["desk_code"], escalate["held_by"]) == ("escalate", COMMUNITY, worker)
    assert escalate["held_minutes"] == pytest.approx(30, abs=1)
    assert escalate["detail"] == {"from_level": "cell", "to_level": "community", "because": "overdue"}
    now = case(line, late)
    assert (now["level"], now["desk_code"], now["worker_id"], now["lead"]) == ("community", COMMUNITY, None, worker)
    assert now["overdue_at"] and now["due_at"] < now["overdue_at"]
    assert is_whole(line, late)
    assert counts(sweep(line)) == (0, 0, 0, 0)


def test_a_case_that_is_being_checked_goes_on_record_and_stays(line: Line) -> None:
    late = give(line, ago(seconds=1), state="fed_back")
    assert counts(sweep(line)) == (0, 1, 0, 0)
    assert case(line, late)["state"] == "fed_back"
    change(line, late, state="handling")
    assert counts(sweep(line)) == (0, 0, 1, 0)
    assert told(line, late)[-1] == ("escalate", "overdue")


def test_a_late_case_that_nobody_settles_comes_to_the_district_with_its_whole_path(line: Line) -> None:
    late = give(line, ago(hours=3))
    worker = f"worker:{case(line, late)['worker_id']}"
    sweep(line)
    for level in ("street", "district"):
        change(line, late, escalated_at=ago(days=4), reminded_at=ago(days=3), held_since=ago(minutes=90))
        assert counts(sweep(line)) == (0, 0, 1, 0)
        assert case(line, late)["level"] == level
    *_, last = events(line, late)
    assert last["desk_code"] == DISTRICT
    path = last["detail"]["path"]
    assert [(step["level"], step["holder"]) for step in path] == [
        ("cell", worker),
        ("community", f"desk:{COMMUNITY}"),
        ("street", f"desk:{STREET}"),
    ]
    assert [step["minutes"] for step in path] == pytest.approx([30, 90, 90], abs=1)
    change(line, late, escalated_at=ago(days=9))
    assert counts(sweep(line)) == (0, 0, 0, 0)


def test_the_desk_above_is_reminded_before_the_case_goes_up_again(line: Line) -> None:
    late = give(line, ago(hours=3))
    sweep(line)
    sweeper = Sweeper(line)
    up, remind = sweeper.held()
    change(line, late, escalated_at=up + (remind - up) / 2, reminded_at=ago(days=30))
    assert counts(sweep(line)) == (1, 0, 0, 0)
    assert told(line, late)[-1] == ("remind", "nearly_raised")
    assert counts(sweep(line)) == (0, 0, 0, 0)


def test_an_extension_after_a_breach_lets_it_be_late_again(line: Line) -> None:
    late = give(line, ago(hours=1))
    sweep(line)
    change(line, late, due_at=ahead(seconds=0.2), reminded_at=None)
    time.sleep(0.3)
    assert counts(sweep(line)) == (0, 1, 1, 0)
    assert case(line, late)["level"] == "street"


def test_each_stage_is_put_on_record_and_only_the_last_sends_the_case_up(line: Line) -> None:
    staged = give(line, ahead(minutes=95), "30m/60m/150m")
    assert counts(sweep(line)) == (1, 1, 0, 0)
    stage, reminder = events(line, staged)
    assert stage["detail"] | {"due_at": None} == {
        "because": "stage_over", "due_at": None, "stage": 1, "limit": "30m", "is_last": False,
    }  # fmt: skip
    assert reminder["detail"]["stage"] == 2
    assert case(line, staged)["overdue_at"] is None
    change(line, staged, due_at=ago(seconds=1))
    assert counts(sweep(line)) == (0, 2, 1, 0)
    assert [event["detail"].get("stage") for event in events(line, staged)] == [1, 2, 2, 3, None]
    assert is_whole(line, staged)


def test_a_case_that_was_returned_twice_goes_up_and_begins_to_count_anew(line: Line) -> None:
    once, twice = give(line, None, returns=1), give(line, None, returns=2)
    assert counts(sweep(line)) == (0, 0, 1, 0)
    assert told(line, twice) == [("escalate", "returned")]
    assert told(line, once) == []
    change(line, twice, returns=3)
    assert counts(sweep(line)) == (0, 0, 0, 0)
    change(line, twice, returns=4)
    assert counts(sweep(line)) == (0, 0, 1, 0)
    assert case(line, twice)["desk_code"] == STREET


@pytest.mark.parametrize(("level", "to"), [("cell", "community"), ("street", "district")])
def test_dispatch_sends_up_what_was_returned_twice_and_the_sweeper_does_not_do_so_again(
    line: Line, level: str, to: str
) -> None:
    twice = give(line, None, returns=2, level=level)
    worker = f"worker:{case(line, twice)['worker_id']}"
    line.execute(
        "INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor, held_by, held_minutes)"
        " VALUES (%s, 3, 'return', 'dispatched', 'filed', %s, %s, 12)",
        [twice, worker, worker],
    )
    change(line, twice, seq=3, state="filed", worker_id=None, refused_by=[worker])
    drain()
    assert counts(sweep(line)) == (0, 0, 0, 0)
    _, dispatch, escalate = events(line, twice)
    assert (dispatch["event"], escalate["event"]) == ("dispatch", "escalate")
    detail = {"from_level": level, "to_level": to, "because": "returned"}
    path = escalate["detail"].pop("path", [])
    assert escalate["detail"] == detail
    assert [(step["holder"], step["minutes"]) for step in path] == ([(worker, 12)] if to == "district" else [])
    assert case(line, twice)["level"] == to
    assert is_whole(line, twice)


def test_a_case_that_all_refused_belongs_to_the_level_of_the_desk_that_it_fell_to(line: Line) -> None:
    refused = give(line, None, returns=1, refused_by=["worker:1"])
    assert counts(sweep(line)) == (0, 0, 0, 0)
    line.execute("UPDATE case_file SET worker_id = NULL, desk_code = %s WHERE id = %s", [COMMUNITY, refused])
    assert counts(sweep(line)) == (0, 0, 1, 0)
    assert told(line, refused) == [("escalate", "refused_by_all")]
    now = case(line, refused)
    assert (now["level"], now["desk_code"], now["hops"]) == ("community", COMMUNITY, 0)


def test_a_case_without_a_place_goes_up_to_the_duty_desk(line: Line) -> None:
    lost = give(line, ago(seconds=1), community_id=None, street_id=None, cell_id=None)
    sweep(line)
    now = case(line, lost)
    assert (now["level"], now["desk_code"]) == ("district", DUTY_DESK)
    assert len(events(line, lost)[-1]["detail"]["path"]) == 1


def test_a_limit_that_nobody_can_read_is_late_all_the_same(line: Line) -> None:
    unknown, none = give(line, ago(seconds=1), "soon"), give(line, ago(seconds=1), None)
    assert counts(sweep(line)) == (0, 2, 2, 0)
    assert is_whole(line, unknown) and is_whole(line, none)


def test_due_times_of_a_year_that_is_loaded_later_are_counted_again(line: Line) -> None:
    """The calendar of 2031 makes its first working Monday a holiday."""
    begun, day = datetime(2031, 3, 3, 1, 0, tzinfo=UTC), timedelta(days=1)
    sweeper = Sweeper(line)
    sweeper.round()
    ids = [give(line, begun + timedelta(hours=9), "1wd", is_provisional=True) for _ in range(3)]
    change(line, ids[2], due_at=None, remaining_minutes=480.0, state="suspended")
    line.execute("INSERT INTO case_event (case_id, seq, at, event, to_state, actor) SELECT id, 3, %s, 'suspend', 'suspended', 'x'"
                 " FROM case_file WHERE id = %s", [begun, ids[2]])  # fmt: skip
    change(line, ids[2], seq=3)
    line.execute("ALTER TABLE case_event DISABLE TRIGGER USER")
    for id_ in ids:
        line.execute("UPDATE case_event SET at = %s WHERE case_id = %s AND event = 'dispatch'", [begun, id_])
    line.execute("ALTER TABLE case_event ENABLE TRIGGER USER")
    assert sweeper.round().recounted == 0
    line.execute("INSERT INTO calendar_day VALUES ('2031-03-03', false, '节', 'feast', 'test')")
    assert sum(sweeper.round().recounted for _ in range(5)) == 3
    for id_ in ids[:2]:
        now = case(line, id_)
        assert (now["due_at"], now["is_provisional"]) == (begun + day + timedelta(hours=9), False)
        (event,) = events(line, id_)
        assert (event["event"], event["detail"]["because"]) == ("reckon", "calendar_loaded")
        assert is_whole(line, id_)
    assert case(line, ids[2])["remaining_minutes"] == 480
    assert sum(Sweeper(line).round().recounted for _ in range(3)) == 0


def test_the_months_of_the_ledger_are_there_before_they_begin(line: Line) -> None:
    name = f"case_event_{datetime.now(UTC) + timedelta(days=45):%Y_%m}"
    line.execute(f"DROP TABLE IF EXISTS {name}")
    Sweeper(line).round()
    assert line.execute("SELECT to_regclass(%s)::text", [name]).fetchone() == (name,)


def call(line: Line, case_id: int, *due_at: datetime) -> None:
    """A whistle that calls one department for each moment."""
    for number in range(len(due_at)):
        line.execute(
            "INSERT INTO agency (code, kind, name, area_code) VALUES (%s, 'department', '局', %s) ON CONFLICT DO NOTHING",
            [f"D{number}", DISTRICT],
        )
    line.execute(
        "WITH called AS (INSERT INTO whistle (case_id, called_by, meet_at, geom) VALUES (%s, 'desk', now(), 'SRID=4490;POINT(0 0)')"
        " RETURNING id) INSERT INTO whistle_call (whistle_id, agency_id, due_at) SELECT called.id, agency.id, due"
        " FROM called, unnest(%s::timestamptz[]) WITH ORDINALITY AS t (due, n) JOIN agency ON agency.code = 'D' || (n - 1)",
        [case_id, list(due_at)],
    )


def test_departments_that_did_not_come_are_on_the_record_one_by_one(line: Line) -> None:
    blown = give(line, None)
    call(line, blown, ago(seconds=5), ago(seconds=1), ahead(hours=1))
    assert counts(sweep(line)) == (0, 0, 0, 2)
    missed = events(line, blown)
    assert [event["event"] for event in missed] == ["miss_call", "miss_call"]
    rows = line.execute(
        "SELECT 'agency:' || agency_id FROM whistle_call WHERE missed_at IS NOT NULL ORDER BY due_at DESC LIMIT 2"
    )
    assert {event["detail"]["agency"] for event in missed} == {actor for (actor,) in rows}
    assert is_whole(line, blown)
    assert counts(sweep(line)) == (0, 0, 0, 0)


def test_sweepers_side_by_side_never_do_it_twice(line: Line, settled: str) -> None:
    ids = [give(line, ago(seconds=1)) for _ in range(40)]
    barrier, found = threading.Barrier(4), Swept()

    def work() -> None:
        with psycopg.connect(settled, autocommit=True) as own:
            sweeper = Sweeper(own, rows=7)
            barrier.wait()
            for _ in range(20):
                found.add(sweeper.round())

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert counts(found) == (0, 40, 40, 0)
    assert all([event for event, _ in told(line, id_)] == ["overdue", "escalate"] for id_ in ids)
    assert all(is_whole(line, id_) for id_ in ids)


def test_who_moves_a_case_at_this_moment_is_not_held_up(line: Line, settled: str) -> None:
    late = give(line, ago(seconds=1))
    with psycopg.connect(settled) as other:
        other.execute("UPDATE case_file SET state = 'closed', outcome = 'solved' WHERE id = %s", [late])
        assert counts(sweep(line)) == (0, 0, 0, 0)
    assert counts(sweep(line)) == (0, 0, 0, 0)


@pytest.mark.parametrize("by", ["shift", "stand_in"])
def test_a_breach_shows_within_seconds(line: Line, settled: str, by: str) -> None:
    end, shift = threading.Event(), Shift(minutes=1)
    worker = (
        threading.Thread(target=stand_in, args=[end])
        if by == "stand_in"
        else threading.Thread(target=shift.run, args=[lambda carry_out: carry_out()])
    )
    worker.start()
    with psycopg.connect(settled, autocommit=True) as listener:
        listener.execute("LISTEN cases")
        late = give(line, ahead(seconds=1))
        deadline = time.monotonic() + PATIENCE_S
        while not events(line, late) and time.monotonic() < deadline:
            next(listener.notifies(timeout=0.5, stop_after=1), None)
    end.set()
    shift.ends = time.monotonic()
    worker.join()
    overdue = events(line, late)[0]
    assert overdue["event"] == "overdue"
    assert overdue["at"] - case(line, late)["due_at"] < timedelta(seconds=3)


def test_the_command_sweeps_and_says_what_it_found(line: Line) -> None:
    give(line, ago(seconds=1))
    result = CliRunner().invoke(build(), ["sweep", "--once", "--json"])
    found = json.loads(result.stdout.splitlines()[-1])
    assert (found["overdue"], found["raised"]) == (1, 1)

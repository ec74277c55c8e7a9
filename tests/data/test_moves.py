"""Moves of cases: one winner however many come at once, a chain without a gap whatever is done, nothing half when it is cut off."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any, get_args

import psycopg
import pytest
from psycopg.rows import dict_row
from sqlalchemy import Engine

from api.models.moves import Move
from data import moves, reference
from data.dialogues import Ask, Row, hold
from flows.dispatcher import Board, Dispatcher
from geo.callers import Caller
from geo.cases import Case, Rating, Wish
from geo.errors import Conflict, IllegalMove, WanggeError
from geo.lifecycle import HELD, MOVES, STEADY, Event, Part, Role, State, legal
from geo.moving import standing
from tests.api.conftest import DISTRICT

Line = psycopg.Connection[Any]
STREET = Caller("desk:110199001000", Role.STREET, "110199001")
CALLERS = [
    *(Caller(f"worker:{id_}", Role.WORKER, "110199001001") for id_ in (1, 2)),
    Caller("worker:3", Role.WORKER, "110199002001"),
    Caller("agency:1", Role.AGENCY, "110199001"),
    Caller("desk:110199001001", Role.COMMUNITY, "110199001001"),
    STREET,
    Caller("desk:110199000000", Role.DISTRICT, "110199"),
    Caller("reporter", Role.REPORTER),
]
ACTORS = [caller.actor for caller in CALLERS[:-1]]
OPENED = """
    WITH told AS (
        INSERT INTO incident (category_code, lon, lat, datum, geom)
        VALUES ('C0101', 116.3025, 39.905, 'wgs84', 'SRID=4490;POINT(116.3025 39.905)') RETURNING id
    ), opened AS (
        INSERT INTO case_file (id, state, parent_id, community_id, street_id)
        SELECT told.id, %(state)s, %(parent)s, community.id, street.id
        FROM told, area AS community, area AS street
        WHERE community.code = '110199001001' AND community.valid_to IS NULL AND street.code = '110199001000'
        RETURNING id
    ), photo AS (
        INSERT INTO case_photo (case_id, sha256, width, height, size_bytes, taken_by) SELECT id, 'x', 1, 1, 1, 'x' FROM opened
    ), logged AS (
        INSERT INTO case_event (case_id, event, to_state, actor) SELECT id, %(event)s, %(state)s, 'reporter' FROM opened
    )
    SELECT id FROM opened
"""
WAYS: dict[State, tuple[Event, ...]] = {
    State.COLLECTED: (),
    State.FILED: (),
    State.DISPATCHED: (),
    State.HANDLING: (Event.ACCEPT,),
    State.SUSPENDED: (Event.ACCEPT, Event.SUSPEND),
    State.FED_BACK: (Event.ACCEPT, Event.FINISH),
    State.VERIFYING: (Event.ACCEPT, Event.FINISH, Event.CHECK),
    State.CLOSED: (Event.ACCEPT, Event.FINISH, Event.CHECK, Event.VERIFY),
    State.EVALUATED: (Event.ACCEPT, Event.FINISH, Event.CHECK, Event.VERIFY, Event.RATE),
}
RATING = Rating(is_answered=True, is_solved=False, satisfaction=2)


@pytest.fixture(scope="module")
def settled(engine: Engine, database_url: str) -> str:
    with engine.begin() as connection:
        reference.load(connection)
        connection.exec_driver_sql(DISTRICT.read_text(encoding="utf-8"))
        connection.exec_driver_sql(
            "INSERT INTO agency (code, kind, name, area_code) VALUES ('A1', 'street_team', '城管', '110199001000')"
        )
    return database_url


@pytest.fixture(scope="module")
def line(settled: str) -> Iterator[Line]:
    with psycopg.connect(settled, autocommit=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def dispatcher(line: Line) -> Dispatcher:
    return Dispatcher(line, Board())


def opened(line: Line, state: State = State.FILED, parent: int | None = None) -> int:
    event = "collect" if state == State.COLLECTED else "file"
    row = line.execute(OPENED, {"state": state, "event": event, "parent": parent}).fetchone()
    assert row is not None
    return int(row[0])


def brought(line: Line, dispatcher: Dispatcher, state: State) -> int:
    """A case that went the good way as far as `state`."""
    case = opened(line, State.COLLECTED if state == State.COLLECTED else State.FILED)
    if state not in (State.COLLECTED, State.FILED):
        dispatcher.batch(100)
    for event in WAYS[state]:
        apply(line, case, Wish(event=event, reason="x", rating=RATING), STREET)
    return case


def apply(line: Line, case: int, wish: Wish, caller: Caller) -> Case:
    with line.transaction():
        return moves.apply(line, case, wish, caller)


def ledger(line: Line, case: int) -> list[Row]:
    with line.cursor(row_factory=dict_row) as cursor:
        return cursor.execute("SELECT * FROM case_event WHERE case_id = %s ORDER BY seq, id", [case]).fetchall()


def row(line: Line, case: int) -> Row:
    with line.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute("SELECT * FROM case_file WHERE id = %s", [case]).fetchone()
    assert found is not None
    return found


def holder(row: Row) -> str | None:
    """Never two at a time."""
    told = [f"{kind}:{row[name]}" for kind, name in moves.store.KINDS.items() if row[name] is not None]
    assert len(told) <= 1
    return told[0] if told else None


def judge(line: Line, case: int) -> None:
    """The chain of events has no gap, nobody is forgotten in it, and nobody verified his own work."""
    now, events = row(line, case), ledger(line, case)
    assert [event["seq"] for event in events] == list(range(1, now["seq"] + 1))
    assert events[-1]["to_state"] == now["state"]
    has, handler, before = None, None, events[0]
    for event in events[1:]:
        assert event["from_state"] == before["to_state"]
        assert event["at"] >= before["at"]
        if event["held_by"] is not None:
            assert (event["held_by"], event["held_minutes"] >= 0) == (has, True)
        elif event["from_state"] in HELD:
            assert (holder(event), event["to_state"]) == (has, event["from_state"])
        if event["event"] == "finish":
            handler = has
        assert event["event"] != "verify" or event["actor"] != handler
        has, before = holder(event), event
    assert now["state"] not in HELD or (holder(now) == has and has is not None)


ASKED_FOR = [Event(name) for name in get_args(Move) if name != Event.HELP]
SITUATIONS = sorted(known for known, move in MOVES.items() if Role.STREET in move.roles and known[1] in ASKED_FOR)


@pytest.mark.parametrize(("state", "event"), SITUATIONS)
def test_of_eight_at_once_one_wins_and_the_others_learn_what_they_may_do(
    line: Line, settled: str, dispatcher: Dispatcher, state: State, event: Event
) -> None:
    case, parent = brought(line, dispatcher, state), opened(line, State.COLLECTED)
    with_clock = (
        "UPDATE case_file SET due_at = now() + interval '1 day', time_limit = '4wh' WHERE id = %s AND due_at IS NULL"
    )
    line.execute(with_clock, [case])
    if event == Event.REFUSE_EXTENSION:
        line.execute("UPDATE case_file SET asked_limit = '1wd' WHERE id = %s", [case])
    if event == Event.UNLINK:
        line.execute("UPDATE case_file SET parent_id = %s WHERE id = %s", [parent, case])
    before, barrier = row(line, case)["seq"], Barrier(8)
    told = Wish(event=event, reason="x", rating=RATING, to="worker:2", limit="1wd", parent=parent, category="E0101")

    def go(_: int) -> Case | WanggeError:
        with psycopg.connect(settled) as own:
            barrier.wait()
            try:
                return moves.apply(own, case, told, STREET)
            except WanggeError as error:
                return error

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(go, range(8)))
    won = [outcome for outcome in outcomes if isinstance(outcome, Case)]
    lost = [outcome for outcome in outcomes if isinstance(outcome, IllegalMove)]
    assert sorted(outcome.seq for outcome in won) == list(range(before + 1, before + 1 + len(won)))
    may_be_done_again = (MOVES[state, event].to, event) in MOVES
    assert len(won) == 1 or may_be_done_again
    assert len(won) + len(lost) == 8 or may_be_done_again
    assert all(error.detail["legal"] and error.detail["last"]["event"] == event for error in lost)
    judge(line, case)


SEEN: Counter[str] = Counter()
EVENTS = [*ASKED_FOR, Event.HELP, Event.FOLLOW]


def wished(chance: random.Random, photos: tuple[int, ...], cases: list[int]) -> Wish:
    """Anything, sensible or not."""
    return Wish(
        event=chance.choice(EVENTS),
        seq=chance.choice([None, None, chance.randint(1, 12)]),
        reason="x",
        to=chance.choice(ACTORS),
        verifier=chance.choice([None, *ACTORS]),
        category=chance.choice(["C0101", "E0101"]),
        place=chance.choice([None, (116.3225, 39.905)]),
        limit=chance.choice([None, "1h", "2wh", "1wd"]),
        point=chance.choice([None, (116.3, 39.9)]),
        photos=chance.choice([(), photos]),
        rating=RATING,
        parent=chance.choice(cases),
    )


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_done_by_whomever_the_ledger_stays_whole(line: Line, dispatcher: Dispatcher, seed: int) -> None:
    """Random moves of three cases by random callers, mostly legal ones; some are refused for their details, so be it."""
    chance = random.Random(seed)
    cases = [opened(line, State.COLLECTED), opened(line), opened(line)]
    leads: dict[int, str | None] = {}
    for _ in range(60):
        case, caller = chance.choice(cases), chance.choice(CALLERS)
        if row(line, case)["state"] == State.FILED:
            dispatcher.batch(100)
        wish = wished(chance, photos_of(line, case), cases)
        try_to(line, case, replace(wish, event=chosen(line, case, caller, wish, chance)), caller)
        for one in cases:
            lead = row(line, one)["lead"]
            assert leads.get(one) in (lead, None)
            leads[one] = lead
    for case in cases:
        judge(line, case)
        SEEN.update(event["event"] for event in ledger(line, case))


def chosen(line: Line, case: int, caller: Caller, wish: Wish, chance: random.Random) -> Event:
    """Mostly one that is legal, half of the time one that leads on; else what is wished for."""
    found = hold(line, moves.store.read(case, caller))
    possible = [event for event in legal(found.state, caller.role, **standing(found, caller)) if event in EVENTS]
    leads_on = [event for event in possible if event in WAYS[State.EVALUATED]] or possible
    draw = chance.random()
    return chance.choice(leads_on if draw < 0.5 else possible) if possible and draw < 0.85 else wish.event


def photos_of(line: Line, case: int) -> tuple[int, ...]:
    return tuple(id_ for (id_,) in line.execute("SELECT id FROM case_photo WHERE case_id = %s", [case]))


def try_to(line: Line, case: int, wish: Wish, caller: Caller) -> None:
    before = row(line, case)
    try:
        moved = apply(line, case, wish, caller)
    except WanggeError:
        assert row(line, case) == before
        return
    assert (moved.seq, moved.state) == (before["seq"] + 1, row(line, case)["state"])
    assert not (wish.seq and wish.seq < before["seq"] and any(
        event["event"] not in STEADY for event in ledger(line, case)[wish.seq : before["seq"]]
    ))  # fmt: skip


def test_the_walks_got_everywhere() -> None:
    assert {Event.ACCEPT, Event.RETURN, Event.FINISH, Event.CHECK, Event.VERIFY, Event.REOPEN, Event.SUSPEND} <= set(
        SEEN
    )


def test_a_connection_that_is_cut_off_leaves_nothing_half(line: Line, settled: str, dispatcher: Dispatcher) -> None:
    """A parent is verified and takes two doubles with it; the connection is cut after each of its statements in turn."""
    parent = brought(line, dispatcher, State.VERIFYING)
    children = [opened(line, parent=parent), opened(line, parent=parent)]
    before = [(row(line, case), ledger(line, case)) for case in (parent, *children)]
    cuts = 0
    while not is_done_within(settled, line, parent, cuts):
        assert [(row(line, case), ledger(line, case)) for case in (parent, *children)] == before
        cuts += 1
    assert cuts > 8
    assert [row(line, case)["outcome"] for case in (parent, *children)] == ["solved", "with_parent", "with_parent"]
    for case in (parent, *children):
        judge(line, case)


def is_done_within(url: str, line: Line, case: int, statements: int) -> bool:
    """Verify a case, but cut the connection after so many statements; whether it got to the end before."""
    dialogue = moves.move(case, Wish(event=Event.VERIFY, reason="看过"), STREET)
    try:
        with psycopg.connect(url) as own, own.cursor(row_factory=dict_row) as cursor:
            asked: Ask = next(dialogue)
            for _ in range(statements):
                cursor.execute(asked.text, asked.parameters)
                try:
                    asked = dialogue.send(cursor.fetchall() if cursor.description else [])
                except StopIteration:
                    return True
            line.execute("SELECT pg_terminate_backend(%s)", [own.info.backend_pid])
            cursor.execute(asked.text, asked.parameters)
    except psycopg.OperationalError:
        return False
    raise AssertionError("a connection that was cut went on")


def test_events_can_neither_be_changed_nor_taken_away(line: Line) -> None:
    for statement in ("UPDATE case_event SET reason = 'x'", "DELETE FROM case_event", "TRUNCATE case_event"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            line.execute(statement)


def test_who_is_asked_for_help_is_known_once_he_is_asked(line: Line, dispatcher: Dispatcher) -> None:
    case = brought(line, dispatcher, State.HANDLING)
    stranger = Caller("worker:3", Role.WORKER, "110199002001")
    with pytest.raises(WanggeError, match="does not lie on the ground"):
        apply(line, case, Wish(event=Event.NOTE, reason="x"), stranger)
    apply(line, case, Wish(event=Event.ASK_HELP, to="worker:3"), STREET)
    assert apply(line, case, Wish(event=Event.HELP, reason="好了"), stranger).seq == row(line, case)["seq"]
    assert MOVES[State.HANDLING, Event.HELP].part == Part.HELPER


def test_a_case_that_has_come_to_the_top_goes_no_further(line: Line, dispatcher: Dispatcher) -> None:
    case = brought(line, dispatcher, State.HANDLING)
    district = CALLERS[-2]
    for _ in range(3):
        apply(line, case, Wish(event=Event.ESCALATE, reason="x"), district)
    with pytest.raises(Conflict, match="further up"):
        apply(line, case, Wish(event=Event.ESCALATE, reason="x"), district)

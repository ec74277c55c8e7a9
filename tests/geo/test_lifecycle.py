"""The life of a case: the table of moves hangs together."""

import pytest

from geo.errors import IllegalMove
from geo.lifecycle import DONE, HELD, MOVES, OPEN, STAGES, START, Event, Role, Stage, State, is_legal, legal, move

WAY = (Event.FILE, Event.DISPATCH, Event.ACCEPT, Event.FINISH, Event.CHECK, Event.VERIFY, Event.RATE)


def test_every_state_can_be_reached_from_the_first() -> None:
    reached = {State.COLLECTED}
    while more := {known.to for (before, _), known in MOVES.items() if before in reached} - reached:
        reached |= more
    assert reached == set(State)


def test_a_case_that_goes_well_passes_all_seven_stages() -> None:
    states = [State.COLLECTED]
    for event in WAY:
        states.append(move(states[-1], event))
    assert list(dict.fromkeys(STAGES[state] for state in states)) == list(Stage)
    assert START in states


def test_every_open_state_has_a_way_to_the_end_and_no_state_is_without_a_stage() -> None:
    for state in OPEN:
        assert move(state, Event.CLOSE) == State.CLOSED
    assert set(STAGES) == set(State)
    assert HELD < OPEN
    assert not OPEN & set(DONE)


def test_a_closed_case_can_only_be_rated_reopened_or_noted() -> None:
    recorded = {Event.MISS_CALL, Event.NOTE}
    assert {event for state, event in MOVES if state in DONE} == {Event.RATE, Event.REOPEN} | recorded


def test_every_event_happens_somewhere_or_begins_a_case() -> None:
    assert set(Event) - {event for _, event in MOVES} == {Event.COLLECT}


def test_a_move_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(IllegalMove, match="a case that is closed can't dispatch"):
        move(State.CLOSED, Event.DISPATCH)


def test_only_who_holds_a_case_or_a_desk_for_him_accepts_it() -> None:
    assert is_legal(State.DISPATCHED, Event.ACCEPT, Role.WORKER, is_holder=True)
    assert not is_legal(State.DISPATCHED, Event.ACCEPT, Role.WORKER)
    assert is_legal(State.DISPATCHED, Event.ACCEPT, Role.STREET)
    assert not is_legal(State.DISPATCHED, Event.ACCEPT, Role.REPORTER, is_holder=True)


def test_nobody_verifies_his_own_work() -> None:
    for role in (Role.WORKER, Role.COMMUNITY, Role.STREET):
        assert is_legal(State.VERIFYING, Event.VERIFY, role, is_holder=True)
        assert not is_legal(State.VERIFYING, Event.VERIFY, role, is_holder=True, is_handler=True)


def test_legal_moves_come_in_the_order_of_events() -> None:
    moves = legal(State.CLOSED, Role.REPORTER)
    assert moves == [Event.RATE, Event.REOPEN]

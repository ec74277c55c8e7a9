"""The life of a case: the table of moves hangs together."""

import pytest

from geo.errors import IllegalMove
from geo.lifecycle import MOVES, START, Event, State, move


def test_every_state_can_be_reached_from_the_first() -> None:
    reached = {START}
    while more := {after for (before, _), after in MOVES.items() if before in reached} - reached:
        reached |= more
    assert reached == set(State)


def test_only_a_closed_case_has_no_way_on() -> None:
    assert {before for before, _ in MOVES} == set(State) - {State.CLOSED}


def test_a_move_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(IllegalMove, match="a case that is closed can't dispatch"):
        move(State.CLOSED, Event.DISPATCH)

"""The life of a case, as a table: from which state which event leads where. No units, no coordinates."""

from __future__ import annotations

from enum import StrEnum

from geo.errors import IllegalMove


class State(StrEnum):
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    VERIFYING = "verifying"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Event(StrEnum):
    FILE = "file"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    RETURN = "return"
    FINISH = "finish"
    VERIFY = "verify"
    REJECT = "reject"
    SUSPEND = "suspend"
    RESUME = "resume"


START = State.FILED

MOVES: dict[tuple[State, Event], State] = {
    (State.FILED, Event.DISPATCH): State.DISPATCHED,
    (State.DISPATCHED, Event.ACCEPT): State.HANDLING,
    (State.DISPATCHED, Event.RETURN): State.FILED,
    (State.HANDLING, Event.FINISH): State.VERIFYING,
    (State.HANDLING, Event.SUSPEND): State.SUSPENDED,
    (State.SUSPENDED, Event.RESUME): State.HANDLING,
    (State.VERIFYING, Event.VERIFY): State.CLOSED,
    (State.VERIFYING, Event.REJECT): State.HANDLING,
}


def move(state: State, event: Event) -> State:
    """The state after `event`. Raises: IllegalMove when it can't happen to a case in `state`."""
    try:
        return MOVES[state, event]
    except KeyError as error:
        raise IllegalMove(f"a case that is {state} can't {event}", state=str(state), event=str(event)) from error

"""The life of a case, as a table: in which state whose event leads where. No units, no coordinates.

Seven stages: collect 信息收集, file 案卷建立, dispatch 任务派遣, handle 任务处理, feed back 处理反馈, verify and close 核查结案,
evaluate 综合评价. A state belongs to one of them; a suspended case stays in the stage that it was suspended in.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from geo.errors import IllegalMove


class Stage(StrEnum):
    COLLECT = "collect"
    FILE = "file"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    FEED_BACK = "feed_back"
    VERIFY = "verify"
    EVALUATE = "evaluate"


class State(StrEnum):
    COLLECTED = "collected"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    SUSPENDED = "suspended"
    FED_BACK = "fed_back"
    VERIFYING = "verifying"
    CLOSED = "closed"
    EVALUATED = "evaluated"


STAGES: dict[State, Stage] = {
    State.COLLECTED: Stage.COLLECT,
    State.FILED: Stage.FILE,
    State.DISPATCHED: Stage.DISPATCH,
    State.HANDLING: Stage.HANDLE,
    State.SUSPENDED: Stage.HANDLE,
    State.FED_BACK: Stage.FEED_BACK,
    State.VERIFYING: Stage.VERIFY,
    State.CLOSED: Stage.VERIFY,
    State.EVALUATED: Stage.EVALUATE,
}
START = State.FILED
DONE = (State.CLOSED, State.EVALUATED)
OPEN = frozenset(State) - set(DONE)
HELD = frozenset({State.DISPATCHED, State.HANDLING, State.SUSPENDED, State.FED_BACK, State.VERIFYING})
"""States in which somebody has the case in hand."""
AT_WORK = frozenset({State.DISPATCHED, State.HANDLING})


class Event(StrEnum):
    COLLECT = "collect"
    FILE = "file"
    DISMISS = "dismiss"
    DISPATCH = "dispatch"
    ASSIGN = "assign"
    ACCEPT = "accept"
    RETURN = "return"
    HAND_OVER = "hand_over"
    RECLASSIFY = "reclassify"
    ESCALATE = "escalate"
    FINISH = "finish"
    CHECK = "check"
    VERIFY = "verify"
    REJECT = "reject"
    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE = "close"
    RATE = "rate"
    REOPEN = "reopen"
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse_extension"
    REMIND = "remind"
    OVERDUE = "overdue"
    ASK_HELP = "ask_help"
    HELP = "help"
    WHISTLE = "whistle"
    REPORT_IN = "report_in"
    MISS_CALL = "miss_call"
    RECKON = "reckon"
    FOLLOW = "follow"
    LINK = "link"
    UNLINK = "unlink"
    NOTE = "note"


class Role(StrEnum):
    """In what capacity somebody acts. A worker and an agency act for themselves, a desk for its area, the system by rule."""

    REPORTER = "reporter"
    WORKER = "worker"
    AGENCY = "agency"
    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"
    SYSTEM = "system"


class Part(StrEnum):
    """What the one who acts has to do with the case."""

    ANYONE = "anyone"
    HOLDER = "holder"
    """Who has the case now, or a desk above."""
    NOT_HANDLER = "not_handler"
    """Anyone but who did the work."""
    NOT_HOLDER = "not_holder"
    """Anyone but who has the case: nobody grants himself more time."""
    HELPER = "helper"
    """Who was asked for help and has not answered."""
    CALLED = "called"
    """Who was called to the spot and has not reported in, or a desk that keeps the list."""


DESKS = frozenset({Role.COMMUNITY, Role.STREET, Role.DISTRICT})
SENIOR = frozenset({Role.STREET, Role.DISTRICT})
HANDS = frozenset({Role.WORKER, Role.AGENCY})
STAFF = DESKS | HANDS
BY_RULE = frozenset({Role.SYSTEM})
EVERYONE = frozenset(Role)


class Move(NamedTuple):
    """Where an event leads, in which roles it may be caused, and by whom among them."""

    to: State
    roles: frozenset[Role]
    part: Part = Part.ANYONE


Table = dict[tuple[State, Event], Move]


def _everywhere(
    states: Iterable[State], event: Event, to: State, roles: frozenset[Role], part: Part = Part.ANYONE
) -> Table:
    return {(state, event): Move(to, roles, part) for state in states}


def _in_place(states: Iterable[State], event: Event, roles: frozenset[Role], part: Part = Part.ANYONE) -> Table:
    """Events that leave the state as it is."""
    return {(state, event): Move(state, roles, part) for state in states}


MOVES: Table = {
    (State.COLLECTED, Event.FILE): Move(State.FILED, DESKS | BY_RULE),
    (State.COLLECTED, Event.DISMISS): Move(State.CLOSED, DESKS),
    (State.FILED, Event.DISPATCH): Move(State.DISPATCHED, BY_RULE),
    (State.DISPATCHED, Event.ACCEPT): Move(State.HANDLING, STAFF, Part.HOLDER),
    (State.HANDLING, Event.FINISH): Move(State.FED_BACK, STAFF, Part.HOLDER),
    (State.FED_BACK, Event.CHECK): Move(State.VERIFYING, DESKS | BY_RULE),
    (State.FED_BACK, Event.REJECT): Move(State.HANDLING, DESKS, Part.NOT_HANDLER),
    (State.VERIFYING, Event.VERIFY): Move(State.CLOSED, STAFF, Part.NOT_HANDLER),
    (State.VERIFYING, Event.REJECT): Move(State.HANDLING, STAFF, Part.NOT_HANDLER),
    (State.SUSPENDED, Event.RESUME): Move(State.HANDLING, DESKS | BY_RULE),
    (State.CLOSED, Event.RATE): Move(State.EVALUATED, SENIOR | {Role.REPORTER}),
    **_everywhere((State.CLOSED, State.EVALUATED), Event.REOPEN, State.FILED, SENIOR | {Role.REPORTER}),
    **_everywhere(AT_WORK, Event.RETURN, State.FILED, STAFF, Part.HOLDER),
    **_everywhere(AT_WORK, Event.HAND_OVER, State.DISPATCHED, STAFF, Part.HOLDER),
    **_everywhere(AT_WORK, Event.SUSPEND, State.SUSPENDED, DESKS),
    **_everywhere(
        AT_WORK, Event.ASSIGN, State.DISPATCHED, DESKS
    ),  # what is filed is the dispatcher's, who starts its clock
    **_everywhere(AT_WORK | {State.FILED}, Event.RECLASSIFY, State.FILED, STAFF, Part.HOLDER),
    **_everywhere(AT_WORK, Event.ESCALATE, State.DISPATCHED, STAFF | BY_RULE, Part.HOLDER),
    **_everywhere(OPEN, Event.CLOSE, State.CLOSED, SENIOR | BY_RULE),
    **_in_place(AT_WORK, Event.ASK_EXTENSION, STAFF, Part.HOLDER),
    **_in_place(AT_WORK, Event.EXTEND, DESKS, Part.NOT_HOLDER),
    **_in_place(AT_WORK, Event.REFUSE_EXTENSION, DESKS, Part.NOT_HOLDER),
    **_in_place(HELD, Event.REMIND, DESKS | BY_RULE),
    **_in_place(HELD, Event.OVERDUE, BY_RULE),
    **_in_place(AT_WORK, Event.ASK_HELP, STAFF, Part.HOLDER),
    **_in_place(AT_WORK, Event.HELP, STAFF, Part.HELPER),
    **_in_place(HELD, Event.WHISTLE, SENIOR),
    **_in_place(HELD, Event.REPORT_IN, frozenset({Role.AGENCY}) | DESKS, Part.CALLED),
    **_in_place(OPEN, Event.FOLLOW, EVERYONE),
    **_in_place(OPEN, Event.LINK, DESKS),
    **_in_place(OPEN, Event.UNLINK, DESKS),
    **_in_place(State, Event.MISS_CALL, BY_RULE),
    **_in_place(OPEN, Event.RECKON, BY_RULE),
    **_in_place(State, Event.NOTE, STAFF),
}


def move(state: State, event: Event) -> State:
    """The state after `event`. Raises: IllegalMove when it can't happen to a case in `state`."""
    try:
        return MOVES[state, event].to
    except KeyError as error:
        raise IllegalMove(f"a case that is {state} can't {event}", state=str(state), event=str(event)) from error


SMOOTH = (Event.FILE, Event.DISPATCH, Event.ACCEPT, Event.FINISH, Event.CHECK, Event.VERIFY)
"""The life of a case that goes well, from filing to closing."""


def course(events: Iterable[Event]) -> list[tuple[Event, State | None, State]]:
    """Each of `events`, of which the first files a case, with the state before and after it. Raises: IllegalMove."""
    steps: list[tuple[Event, State | None, State]] = []
    for event in events:
        before = steps[-1][2] if steps else None
        steps.append((event, before, move(before, event) if before else START))
    return steps


def legal(state: State, role: Role, **standing: bool) -> list[Event]:
    """What one in `role` may do to a case in `state`, in the order of `Event`; `standing` as for `is_legal`."""
    return [event for event in Event if is_legal(state, event, role, **standing)]


def is_legal(
    state: State,
    event: Event,
    role: Role,
    *,
    is_holder: bool = False,
    is_handler: bool = False,
    is_helper: bool = False,
    is_called: bool = False,
) -> bool:
    known = MOVES.get((state, event))
    if known is None or role not in known.roles:
        return False
    may_stand_in = role in DESKS | BY_RULE
    return {
        Part.ANYONE: True,
        Part.HOLDER: is_holder or may_stand_in,
        Part.NOT_HANDLER: not is_handler,
        Part.NOT_HOLDER: not is_holder,
        Part.HELPER: is_helper,
        Part.CALLED: is_called or may_stand_in,
    }[known.part]


NEEDS: dict[Event, tuple[str, ...]] = {
    Event.DISMISS: ("reason",),
    Event.ASSIGN: ("to",),
    Event.RETURN: ("reason",),
    Event.HAND_OVER: ("to",),
    Event.ESCALATE: ("reason",),
    Event.REJECT: ("reason",),
    Event.SUSPEND: ("reason",),
    Event.CLOSE: ("reason",),
    Event.REOPEN: ("reason",),
    Event.RATE: ("rating",),
    Event.ASK_EXTENSION: ("limit", "reason"),
    Event.REFUSE_EXTENSION: ("reason",),
    Event.ASK_HELP: ("to",),
    Event.HELP: ("reason",),
    Event.LINK: ("parent",),
    Event.NOTE: ("reason",),
}
"""What a move has to be told besides."""
ON_THE_SPOT = ("photos", "at_lon", "at_lat")
"""What a verification by someone on the spot shows; a desk, which stays where it is, says instead how it knows."""
STEADY = frozenset(
    {
        Event.NOTE,
        Event.FOLLOW,
        Event.REMIND,
        Event.OVERDUE,
        Event.ASK_HELP,
        Event.HELP,
        Event.WHISTLE,
        Event.MISS_CALL,
        Event.RECKON,
        Event.REPORT_IN,
    }
)
"""Events after which all that somebody meant to do to the case still holds."""


def needs(event: Event, role: Role) -> tuple[str, ...]:
    """What one in `role` has to give with `event`, by the names of the API."""
    if event != Event.VERIFY:
        return NEEDS.get(event, ()) if role not in BY_RULE else ()
    return ON_THE_SPOT if role in HANDS else ("reason",)

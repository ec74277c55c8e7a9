"""The table of moves in docs/cases.md is the one that the program goes by."""

from __future__ import annotations

from geo.lifecycle import (
    BY_RULE,
    DESKS,
    EVERYONE,
    HANDS,
    HELD,
    MOVES,
    OPEN,
    STAFF,
    STAGES,
    Event,
    Part,
    Role,
    State,
    needs,
)
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")
GROUPS = {"everybody": EVERYONE, "staff": STAFF, "desks": DESKS, "workers, agencies": HANDS, "system": BY_RULE}
STATES = {"any": set(State), "any open": set(OPEN), "any held": set(HELD)}
PARTS = {
    Part.ANYONE: "",
    Part.HOLDER: "who has it, or a desk",
    Part.NOT_HANDLER: "not who did the work",
    Part.NOT_HOLDER: "not who has it",
    Part.HELPER: "who was asked",
    Part.CALLED: "who was called, or a desk",
}


def in_words(roles: frozenset[Role]) -> str:
    """The roles by the names of groups, as few as say it."""
    told, left = [], roles
    for name, group in GROUPS.items():
        if group <= left:
            told.append(name)
            left -= group
    return ", ".join([*told, *(str(role) for role in Role if role in left)])


def rows() -> list[str]:
    """A row for each event, where it leads to, and who may: from which states."""
    lines: dict[tuple[Event, str], list[State]] = {}
    for event in Event:
        known = {state: MOVES[state, event] for state in State if (state, event) in MOVES}
        stays = all(move.to == state for state, move in known.items())
        for state, move in known.items():
            told = needs(event, Role.STREET) if Role.STREET in move.roles else needs(event, Role.WORKER)
            columns = ["as it is" if stays else f"`{move.to}`", in_words(move.roles), PARTS[move.part], ", ".join(told)]
            lines.setdefault((event, " | ".join(columns)), []).append(state)
    return [f"| `{event}` | {where(states)} | {rest} |" for (event, rest), states in lines.items()]


def where(states: list[State]) -> str:
    named = next((name for name, group in STATES.items() if set(states) == group), None)
    return named or ", ".join(f"`{state}`" for state in states)


def test_the_table_in_the_documentation_is_in_step() -> None:
    assert [row for row in rows() if row not in TEXT] == []
    told = [line for line in TEXT.split("## The table")[1].split("\n## ")[0].splitlines() if line.startswith("| `")]
    assert told == rows()


def test_every_state_and_stage_is_told() -> None:
    assert [state for state, stage in STAGES.items() if f"| `{stage}` |" not in TEXT or f"`{state}`" not in TEXT] == []

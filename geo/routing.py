"""Who gets a case: the agency that the rule names, or a grid worker, else the nearest desk above. No units, no coordinates.

`settle` is the rule in plain words, for one case. A batch is decided column by column where the first who is asked takes the
case; the others, whom somebody returned or for whom somebody has too much already, are settled one by one.
A decision carries an explanation from which it can be taken again (`replay`) and read aloud (`geo.explaining`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

from geo.duty import ROLE_STEPS
from geo.rules import LEVELS

DUTY_DESK = "000000000000"
"""The desk of last resort: a case never ends with nobody."""
COMMUNITY_STEP = "community_worker"
DESK_STEPS = {"community": "community_desk", "street": "street_desk", "district": "district_desk"}
DUTY_STEP = "duty_desk"

Seen = Mapping[str, Any]


class Decision(NamedTuple):
    """One decision: at which step of the chain, and either a worker, a desk or an agency."""

    step: str
    worker_id: int | None = None
    desk_code: str | None = None
    agency_id: int | None = None

    @property
    def actor(self) -> str:
        if self.agency_id is not None:
            return f"agency:{self.agency_id}"
        return f"desk:{self.desk_code}" if self.worker_id is None else f"worker:{self.worker_id}"


def settle(seen: Seen) -> Decision:
    """Who gets a case, by what is seen of it.

    In: `agencies` to be asked in turn (`id`, `kind`), `level`, `roster` of its cell, `others` of the community, `loads` (open
    cases by worker) and `load_max`, `desks` (`level`, `code`) nearest first, and `refused_by`: who returned it is passed over.
    """
    refused = frozenset(seen.get("refused_by", ()))
    asked = chain(_agencies(seen), _workers(seen), _desks(seen))
    return next((one for one in asked if one.actor not in refused), Decision(DUTY_STEP, desk_code=DUTY_DESK))


def raised(level: str, returns: int, returns_max: int) -> str:
    """The level of a case that was returned so often since it last went up: with `returns_max` returns the next one."""
    return LEVELS[min(LEVELS.index(level) + (returns >= returns_max), len(LEVELS) - 1)]


def replay(explanation: Seen) -> Decision:
    """Decide again from what an explanation says was seen."""
    return settle(explanation)


def told(explanation: Seen) -> Decision:
    """The decision that an explanation tells of."""
    holder = {name: explanation.get(name) for name in Decision._fields[1:]}
    return Decision(explanation["step"], **holder)


def _agencies(seen: Seen) -> Iterator[Decision]:
    return (Decision(agency["kind"], agency_id=agency["id"]) for agency in seen.get("agencies", ()))


def _workers(seen: Seen) -> Iterator[Decision]:
    """Who is on duty and has not too much already: those of the cell by role, then of the others the one with the least."""
    if seen["level"] != LEVELS[0]:
        return
    for one in seen.get("roster", ()):
        if one["is_on_duty"] and _is_free(seen, one["worker_id"]):
            yield Decision(ROLE_STEPS[one["role"]], one["worker_id"])
    others = [one["worker_id"] for one in seen.get("others", ()) if _is_free(seen, one["worker_id"])]
    for worker_id in sorted(others, key=lambda worker_id: (load(seen, worker_id), worker_id)):
        yield Decision(COMMUNITY_STEP, worker_id)


def _desks(seen: Seen) -> Iterator[Decision]:
    """From the level that the case has come up to on."""
    for desk in seen["desks"]:
        if LEVELS.index(desk["level"]) >= LEVELS.index(seen["level"]):
            yield Decision(DESK_STEPS[desk["level"]], desk_code=desk["code"])


def _is_free(seen: Seen, worker_id: int) -> bool:
    return load(seen, worker_id) < int(seen["load_max"])


def load(seen: Seen, worker_id: int) -> int:
    """Open cases of a worker, by what was counted."""
    return int(seen["loads"].get(str(worker_id), 0))

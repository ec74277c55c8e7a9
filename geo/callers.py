"""Who acts, in what capacity, and for which ground. A unit's code without its trailing zeros begins the codes of all below it."""

from __future__ import annotations

from dataclasses import dataclass

from geo.lifecycle import Role
from geo.offices import Office

UNIT_DIGITS = {"city": 0, "district": 6, "street": 9, "community": 12}
"""How many digits of a unit's code name it; the duty desk of last resort, of level city, looks after everything."""
DESK_ROLES = {"city": Role.DISTRICT, "district": Role.DISTRICT, "street": Role.STREET, "community": Role.COMMUNITY}


@dataclass(frozen=True)
class Caller:
    """One who acts. `actor` is `worker:<id>`, `desk:<code>`, `agency:<id>`, `station:<id>`, `planner:<code>`, `admin:<id>`,
    `reporter`, `dispatcher` or `sweeper`."""

    actor: str
    role: Role
    scope: str = ""
    """The digits with which the codes of his ground begin; nothing: all of it."""
    office: Office = Office.PUBLIC
    account: str | None = None
    """The name of the account that he signed in with; None: nobody's."""
    cells: tuple[str, ...] = ()
    """The codes of the cells to which a worker is restricted; nothing: all that are his."""

    def covers(self, community_code: str | None) -> bool:
        """Whether a case in this community, null where none is known, lies on his ground."""
        return (community_code or "").startswith(self.scope)


DUTY_DESK = "desk:000000000000"
"""The desk of last resort: a case never ends with nobody."""
REPORTER = Caller("reporter", Role.REPORTER)
PUBLIC = REPORTER
"""Who has not signed in can be no more than one who reports."""
DISPATCHER = Caller("dispatcher", Role.SYSTEM)
SWEEPER = Caller("sweeper", Role.SYSTEM)


def scope_of(code: str, level: str) -> str:
    """The digits that all codes of a unit share."""
    return code[: UNIT_DIGITS[level]]

"""The offices that an account can hold, and what ground goes with each. Three administrators who see neither cases nor people."""

from __future__ import annotations

from enum import StrEnum


class Office(StrEnum):
    PUBLIC = "public"
    """Nobody in particular: who has not signed in."""
    WORKER = "worker"
    COMMUNITY = "community"
    STATION = "station"
    STREET = "street"
    DEPARTMENT = "department"
    PLANNER = "planner"
    DISTRICT = "district"
    SYSTEM_ADMIN = "system_admin"
    """Accounts, sessions, settings."""
    SECURITY_ADMIN = "security_admin"
    """Grants, policies, approvals."""
    AUDIT_ADMIN = "audit_admin"
    """Reads the audit."""


ADMINISTRATORS = frozenset({Office.SYSTEM_ADMIN, Office.SECURITY_ADMIN, Office.AUDIT_ADMIN})
DESKS = frozenset({Office.COMMUNITY, Office.STREET, Office.DISTRICT})
SENIOR = frozenset({Office.STREET, Office.DISTRICT})
"""Who may act for the desks below him."""
GRANTABLE = tuple(office for office in Office if office is not Office.PUBLIC)
DESK_OFFICES = {
    "city": Office.DISTRICT,
    "district": Office.DISTRICT,
    "street": Office.STREET,
    "community": Office.COMMUNITY,
}
"""The office that a desk of each level is; the duty desk of last resort, of level city, is the district's."""
LEVELS: dict[Office, frozenset[str]] = {
    Office.COMMUNITY: frozenset({"community"}),
    Office.STREET: frozenset({"street"}),
    Office.DISTRICT: frozenset({"district", "city"}),
    Office.PLANNER: frozenset({"street", "district", "city"}),
}
"""Of which level the unit is that goes with an office; the other offices have no unit."""
KINDS: dict[Office, str] = {
    Office.WORKER: "worker",
    Office.COMMUNITY: "desk",
    Office.STATION: "station",
    Office.STREET: "desk",
    Office.DEPARTMENT: "agency",
    Office.PLANNER: "planner",
    Office.DISTRICT: "desk",
} | dict.fromkeys(ADMINISTRATORS, "admin")
"""What the actor of a grant is called before its colon."""

"""As whom an account acts: one of its grants, or a desk below one of a street or district. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from geo.callers import DESK_ROLES, REPORTER, Caller, scope_of
from geo.lifecycle import Role
from geo.offices import DESK_OFFICES, SENIOR, Office

ROLES = {
    Office.WORKER: Role.WORKER,
    Office.COMMUNITY: Role.COMMUNITY,
    Office.STREET: Role.STREET,
    Office.DISTRICT: Role.DISTRICT,
    Office.DEPARTMENT: Role.AGENCY,
}
"""In what capacity an office moves cases; who is not named here moves none, as a reporter does not."""
NOWHERE = "-"
"""The scope of whoever has no ground: no code begins so."""


@dataclass(frozen=True)
class Grant:
    """An office with its ground, today. `code` and `level` name the unit that it is, or lies in; None: no ground."""

    office: Office
    actor: str
    code: str | None
    level: str | None
    cells: tuple[str, ...] = ()

    @property
    def scope(self) -> str:
        """A department has no ground of its own: it sees what it has, or had, in hand."""
        if self.code is None or self.level is None or self.office is Office.DEPARTMENT:
            return NOWHERE
        return scope_of(self.code, self.level)


@dataclass(frozen=True)
class Wanted:
    """For whom the caller asks to act; `level` is the unit's if it is a desk that exists."""

    actor: str
    level: str | None = None

    @property
    def code(self) -> str:
        return self.actor.partition(":")[2]


def act(account: str, grants: Iterable[Grant], wanted: Wanted | None) -> Caller | None:
    """The caller of `account`: as `wanted`, else by its first grant. None: that is not his to be.

    Whoever signed in may stand in for a reporter, as a hotline does; no ground is added by that.
    """
    held = list(grants)
    if not held:
        return None
    if wanted is None or wanted.actor == REPORTER.actor:
        first = _as_granted(account, held[0])
        return replace(first, actor=REPORTER.actor, role=Role.REPORTER) if wanted else first
    own = next((grant for grant in held if grant.actor == wanted.actor), None)
    if own:
        return _as_granted(account, own)
    return _as_desk_below(account, wanted) if any(_is_above(grant, wanted) for grant in held) else None


def _as_granted(account: str, grant: Grant) -> Caller:
    role = ROLES.get(grant.office, Role.REPORTER)
    return Caller(grant.actor, role, grant.scope, grant.office, account, grant.cells)


def _as_desk_below(account: str, wanted: Wanted) -> Caller:
    assert wanted.level is not None
    scope = scope_of(wanted.code, wanted.level)
    return Caller(wanted.actor, DESK_ROLES[wanted.level], scope, DESK_OFFICES[wanted.level], account)


def _is_above(grant: Grant, wanted: Wanted) -> bool:
    """Whether `wanted` is a desk on the ground of a street or district; the duty desk is below nobody."""
    if grant.office not in SENIOR or wanted.level is None:
        return False
    return scope_of(wanted.code, wanted.level).startswith(grant.scope)

"""Accounts, for the command line: made, locked, granted, each in one transaction and on record as the operator's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from data import accounts, audit, grants, passwords, second_factor, sessions
from data.database import connect
from data.dialogues import Dialogue, Row, hold
from data.settings import settings
from geo.errors import BadInput, NotReady
from geo.offices import GRANTABLE, Office

T = TypeVar("T")


def create(name: str, office: str | None, ground: str | None) -> dict[str, Any]:
    """Make an account, perhaps with its first grant; tells its one-time password, which is nowhere kept."""
    wanted = parse_office(office) if office else None
    password = passwords.one_time()

    def made() -> Dialogue[dict[str, Any]]:
        id_ = yield from accounts.create(name, by=audit.operator(), password_hash=passwords.hashed(password))
        told = {"account": accounts.folded(name), "password": password}
        if wanted is None:
            return told
        held = yield from grants.grant(id_, wanted, ground, by=audit.operator())
        return told | {"actor": held["actor"]}

    return _in_one(made)


def reset(name: str, *, with_second_factor: bool) -> dict[str, Any]:
    """Another one-time password; where the device is lost too, without the second factor."""
    password = passwords.one_time()

    def done() -> Dialogue[dict[str, Any]]:
        yield from accounts.reset(name, passwords.hashed(password), by=audit.operator())
        if with_second_factor:
            yield from second_factor.remove((yield from accounts.find(name)), by=audit.operator())
        return {"account": accounts.folded(name), "password": password}

    return _in_one(done)


def lock(name: str) -> None:
    _in_one(lambda: accounts.lock(name, by=audit.operator()))


def unlock(name: str) -> None:
    _in_one(lambda: accounts.unlock(name, by=audit.operator()))


def link(name: str, subject: str | None) -> None:
    """`subject`: as the provider names somebody; None: no longer. Raises: NotReady without a provider."""
    issuer = settings().oidc_issuer
    if not issuer:
        raise NotReady("no provider is set: WANGGE_OIDC_ISSUER")
    told = subject and f"{issuer} {subject}"
    _in_one(lambda: accounts.link(name, told, by=audit.operator()))


def listed(typed: str) -> list[Row]:
    return _in_one(lambda: accounts.listed(typed))


def grant(
    name: str, office: str, ground: str | None, cells: Sequence[str], days: tuple[date | None, date | None]
) -> Row:
    """`days`: the first on which it holds, None today, and the first on which it no longer does."""
    wanted = parse_office(office)

    def given() -> Dialogue[Row]:
        account = yield from accounts.find(name)
        told: dict[str, Any] = {"cells": cells, "valid_from": days[0], "valid_to": days[1]}
        return (yield from grants.grant(account["id"], wanted, ground, by=audit.operator(), **told))

    return _in_one(given)


def revoke(name: str, grant_id: int) -> Row:
    def ended() -> Dialogue[Row]:
        account = yield from accounts.find(name)
        return (yield from grants.revoke(account["id"], grant_id, by=audit.operator()))

    return _in_one(ended)


def sessions_of(name: str) -> list[Row]:
    """Those that are open now."""

    def found() -> Dialogue[list[Row]]:
        account = yield from accounts.find(name)
        return (yield from sessions.listed(account["id"]))

    return _in_one(found)


def end_sessions(name: str, only: int | None) -> int:
    return _in_one(lambda: accounts.end_sessions(name, by=audit.operator(), only=only))


def grants_of(name: str) -> list[Row]:
    """Every grant, past and to come too."""

    def found() -> Dialogue[list[Row]]:
        account = yield from accounts.find(name)
        return (yield from grants.of_account(account["id"]))

    return _in_one(found)


def parse_office(text: str) -> Office:
    """Raises: BadInput with the offices that there are."""
    try:
        office = Office(text)
    except ValueError:
        office = Office.PUBLIC
    if office not in GRANTABLE:
        raise BadInput(f"{text!r} is no office; write one of {', '.join(GRANTABLE)}", offices=list(GRANTABLE))
    return office


def _in_one(dialogue: Callable[[], Dialogue[T]]) -> T:
    with connect() as line:
        return hold(line, dialogue())

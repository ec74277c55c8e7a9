"""Sessions: opened by who signs in, found by a token, ended by rest, by time or by hand. Only digests of tokens are stored."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from data.dialogues import Ask, Dialogue, Row, ask
from data.settings import settings
from geo.callers import Caller
from geo.grants import NOWHERE, Grant, Wanted, act
from geo.lifecycle import Role
from geo.offices import ADMINISTRATORS, Office

TOKEN_BYTES = 32
MOST_BROWSER = 200
NOBODY = "nobody"


class Stage(StrEnum):
    """What is still to be done before a session opens the product."""

    SECOND_FACTOR = "second_factor"
    """A code of his device is to be shown."""
    PASSWORD = "password"
    """The password is to be changed."""
    ENROLMENT = "enrolment"
    """A second factor is to be set up: no administrator goes without."""
    OPEN = "open"


@dataclass(frozen=True)
class Session:
    """An open session of an account, with its grants of today, the oldest first."""

    id: int
    digest: bytes
    """Of the token that opened it."""
    account_id: int
    account: str
    stage: Stage
    grants: tuple[Grant, ...]
    has_second_factor: bool
    is_stale: bool
    wanted: Wanted | None = None

    @property
    def is_administrator(self) -> bool:
        return any(grant.office in ADMINISTRATORS for grant in self.grants)

    def caller(self) -> Caller | None:
        """As whom it acts. None: not as `wanted`."""
        return act(self.account, self.grants, self.wanted) if self.wanted else self.by_default()

    def by_default(self) -> Caller:
        """As its first grant says; without any, as somebody who has no business anywhere."""
        return act(self.account, self.grants, None) or Caller(NOBODY, Role.REPORTER, NOWHERE, account=self.account)


def find(token: str, wanted: str | None = None) -> Dialogue[Session | None]:
    """The session that `token` opens, whose owner wants to act as `wanted`; None: there is none, or no longer."""
    kind, _, key = (wanted or "").partition(":")
    code = key if kind == "desk" else None
    rows = yield _ask_for([digest(token)], code)
    return _session(rows, wanted) if rows else None


def still_open(digests: Iterable[bytes]) -> Dialogue[dict[bytes, Session]]:
    """Those of many sessions, named by the digests of their tokens, that are open now."""
    rows = yield _ask_for(list(digests), None)
    return {key: _session(list(of_one), None) for key, of_one in groupby(rows, itemgetter("digest"))}


def open_for(
    account_id: int, *, address: str | None = None, browser: str | None = None, has_second_factor: bool = False
) -> Dialogue[str]:
    """Open a session and return its token, which is nowhere kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    yield ask(
        "session_open",
        digest=digest(token),
        account_id=account_id,
        has_second_factor=has_second_factor,
        hours=settings().session_hours,
        address=address,
        browser=browser and browser[:MOST_BROWSER],
    )
    return token


def note_seen(session: Session) -> Dialogue[None]:
    """Its rest begins anew; written at most once a minute."""
    if session.is_stale:
        yield ask("session_seen", id=session.id)


def turn(session: Session, *, has_second_factor: bool = False) -> Dialogue[str]:
    """Another token for the same session, whose old one opens nothing any more."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    yield ask("session_turn", id=session.id, digest=digest(token), has_second_factor=has_second_factor)
    return token


def end(account_id: int, *, by: str | None, only: int | None = None, but: int | None = None) -> Dialogue[list[int]]:
    """End one session of an account, or all, or all `but` one; return the ids of those that were open."""
    rows = yield ask("session_end", account_id=account_id, id=only, but=but, by=by)
    return [row["id"] for row in rows]


def leave(token: str | None) -> Dialogue[None]:
    """End the session that `token` opens, if it does."""
    found = (yield from find(token)) if token else None
    if found:
        yield from end(found.account_id, only=found.id, by=found.account)


def listed(account_id: int) -> Dialogue[list[Row]]:
    """The sessions of an account that are open now, the last used first."""
    return (yield ask("sessions_of", account_id=account_id, idle_minutes=settings().session_idle_minutes))


def _ask_for(digests: list[bytes], code: str | None) -> Ask:
    return ask("session", digests=digests, idle_minutes=settings().session_idle_minutes, code=code)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()


def _session(rows: Sequence[Row], wanted: str | None) -> Session:
    first = rows[0]
    grants = tuple(_grant(row) for row in rows if row["office"])
    return Session(
        id=first["id"],
        digest=first["digest"],
        account_id=first["account_id"],
        account=first["name"],
        stage=_stage(first, grants),
        grants=grants,
        has_second_factor=first["has_second_factor"],
        is_stale=first["is_stale"],
        wanted=Wanted(wanted, first["wanted_level"]) if wanted else None,
    )


def _grant(row: Row) -> Grant:
    return Grant(Office(row["office"]), row["actor"], row["code"], row["level"], tuple(row["cells"]))


def _stage(row: Row, grants: Sequence[Grant]) -> Stage:
    if row["is_demo"]:
        return Stage.OPEN
    if row["is_enrolled"] and not row["has_second_factor"]:
        return Stage.SECOND_FACTOR
    if row["must_change_password"] or _is_old(row["password_since"]):
        return Stage.PASSWORD
    must_enrol = any(grant.office in ADMINISTRATORS for grant in grants)
    return Stage.ENROLMENT if must_enrol and not row["is_enrolled"] else Stage.OPEN


def _is_old(since: datetime | None) -> bool:
    days = settings().password_days
    return bool(days and since and datetime.now(UTC) - since > timedelta(days=days))

"""Signing in: what is judged, counted and put on record, statement by statement. Transactions are the caller's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any

from data import accounts, audit, lockouts, second_factor, sessions
from data.dialogues import Dialogue, Row, ask
from data.lockouts import Try
from data.sessions import Session
from data.settings import settings
from geo.audit import Action
from geo.errors import Locked, NotFound, SignInFailed, WanggeError


@dataclass(frozen=True)
class Visitor:
    """Where somebody signs in from."""

    address: str
    browser: str | None = None


@dataclass(frozen=True)
class Attempt:
    """A name that somebody gave, counted; `account` is None where nobody has it."""

    name: str
    account: Row | None
    tried: Try

    @property
    def subject(self) -> str:
        """A name that nobody has may be a password in the wrong field: it is not put on record."""
        return f"account:{self.account['name']}" if self.account else "account:unknown"


def begin(name: str, visitor: Visitor) -> Dialogue[Attempt]:
    """Count a try; the caller commits before he judges it."""
    folded = accounts.folded(name)
    tried = yield from lockouts.claim(folded, visitor.address)
    return Attempt(folded, (yield from accounts.at_door(folded)), tried)


def end(attempt: Attempt, visitor: Visitor, *, is_right: bool) -> Dialogue[str | WanggeError]:
    """What comes of it: the token of a session, or the error to raise once the caller has committed what is on record."""
    if not is_right or attempt.account is None:
        return (yield from _refuse(attempt))
    if attempt.account["locked_at"]:
        yield from audit.record(Action.SIGN_IN_FAILED, attempt.subject, {"why": "locked"})
        return Locked("this account is locked; ask who administers accounts")
    return (yield from admit(attempt.account, visitor, "password", attempt.tried))


def _refuse(attempt: Attempt) -> Dialogue[WanggeError]:
    """Which part was wrong is not told."""
    until = attempt.tried.until
    yield from audit.record(Action.LOCKED if until else Action.SIGN_IN_FAILED, attempt.subject)
    return too_many(until) if until else SignInFailed("name or password is wrong")


def too_many(until: datetime) -> Locked:
    """The sentence says until when, in the city's time."""
    waiting_s = max(1, ceil((until - datetime.now(UTC)).total_seconds()))
    message = f"too many failures: locked until {until:%Y-%m-%d %H:%M}"
    return Locked(message, until=until.isoformat(), retry_after_s=waiting_s)


def admit(account: Row, visitor: Visitor, way: str, tried: Try | None = None) -> Dialogue[str]:
    """Open a session for `account`; returns its token. `way`: password, demo, oidc."""
    if tried:
        yield from lockouts.forgive(tried)
    told: dict[str, Any] = {"address": visitor.address, "browser": visitor.browser}
    token = yield from sessions.open_for(account["id"], **told)
    yield from audit.record(Action.SIGN_IN, f"account:{account['name']}", {"way": way}, account=account["name"])
    return token


def demo(name: str, visitor: Visitor) -> Dialogue[str]:
    """Sign in to a demo account, which asks for nothing. Raises: NotFound for any other, and where there is none."""
    offered = yield from accounts.demo_accounts()
    if accounts.folded(name) not in {row["name"] for row in offered}:
        raise NotFound("there is no such demo account")
    return (yield from admit((yield from accounts.find(name)), visitor, "demo"))


def by_provider(subject: str, visitor: Visitor) -> Dialogue[str]:
    """A session for the account that is linked to whom the city's provider names. Raises: SignInFailed."""
    rows = yield ask("account_by_subject", subject=subject)
    if not rows or rows[0]["locked_at"]:
        raise SignInFailed("no open account is linked to this person", what="oidc")
    return (yield from admit(rows[0], visitor, "oidc"))


def failed_at_provider() -> Dialogue[None]:
    yield from audit.record(Action.SIGN_IN_FAILED, "account:unknown", {"way": "oidc"})


def sign_out(session: Session) -> Dialogue[None]:
    yield from sessions.end(session.account_id, only=session.id, by=session.account)
    yield from audit.record(Action.SIGN_OUT, f"account:{session.account}", account=session.account)


def confirmed(attempt: Attempt, *, is_right: bool) -> Dialogue[WanggeError | None]:
    """The owner of a session gave his password again; the error to raise once the caller has committed, if it is wrong."""
    if not is_right:
        return (yield from _refuse(attempt))
    yield from lockouts.forgive(attempt.tried)
    return None


def change_password(session: Session, account: Row, password_hash: str) -> Dialogue[str]:
    """Another password; other sessions end, this one gets another token, which is returned."""
    yield ask("account_password", account_id=account["id"], password_hash=password_hash, must_change=False)
    yield from sessions.end(account["id"], by=account["name"], but=session.id)
    yield from audit.record(Action.PASSWORD_CHANGED, f"account:{account['name']}", account=account["name"])
    return (yield from sessions.turn(session))


def passwords_before(account: Row) -> Dialogue[list[str]]:
    """Hashes of the password of now and of those that may not come back."""
    rows = yield ask("passwords_before", account_id=account["id"], most=settings().password_history)
    return [row["password_hash"] for row in [account, *rows] if row["password_hash"]]


def wrong_code() -> SignInFailed:
    return SignInFailed("this code is wrong, or was used", what="code")


def begin_code(session: Session, visitor: Visitor) -> Dialogue[Attempt]:
    """Count a try to show a code apart from those of passwords; the caller commits before he judges it."""
    tried = yield from lockouts.claim(f"{session.account} code", visitor.address)
    return Attempt(session.account, (yield from accounts.at_door(session.account)), tried)


def end_code(session: Session, attempt: Attempt, code: str) -> Dialogue[str | WanggeError]:
    """The session's other token once it has its second factor, or the error to raise once the caller has committed."""
    error = yield from check_code(session, attempt, code)
    return error or (yield from sessions.turn(session, has_second_factor=True))


def check_code(session: Session, attempt: Attempt, code: str) -> Dialogue[WanggeError | None]:
    """The error to raise once the caller has committed, if it is wrong or was used."""
    assert attempt.account
    if not (yield from second_factor.show(attempt.account, code)):
        yield from audit.record(Action.SECOND_FACTOR_FAILED, attempt.subject, account=session.account)
        return (
            too_many(attempt.tried.until)
            if attempt.tried.until
            else SignInFailed("this code is wrong, or was used", what="code")
        )
    yield from lockouts.forgive(attempt.tried)
    return None


def end_enrolment(session: Session, code: str) -> Dialogue[tuple[list[str], str] | None]:
    """The recovery codes and the session's other token. None: the code is wrong."""
    account = yield from accounts.at_door(session.account)
    codes = (yield from second_factor.confirm(account, code)) if account else None
    if codes is None:
        return None
    return codes, (yield from sessions.turn(session, has_second_factor=True))

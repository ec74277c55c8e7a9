"""Accounts: who may sign in. Made by the command line or the system administrator; never deleted, for names are for ever.

Every change is put on record. `by` is the name of the account that makes it; None: as the command line says who gives it.
"""

from __future__ import annotations

import re

from data import audit, lockouts, sessions
from data.dialogues import Dialogue, Row, ask
from data.models.accounts import NAME_PATTERN
from data.search import escaped
from data.settings import settings
from geo.audit import Action
from geo.errors import BadInput, Conflict, Forbidden, NotFound
from geo.offices import ADMINISTRATORS

MOST = 200


def create(
    name: str,
    *,
    by: str | None = None,
    password_hash: str | None = None,
    is_demo: bool = False,
    oidc_subject: str | None = None,
) -> Dialogue[int]:
    """Make an account and return its id. Without a password it signs in by other ways only.

    Raises: BadInput for what can't be a name; Conflict when it is taken, in whatever capitals.
    """
    told = cleaned(name)
    rows = yield ask(
        "account_create",
        account=told,
        password_hash=password_hash,
        must_change_password=password_hash is not None,
        created_by=by,
        is_demo=is_demo,
        oidc_subject=oidc_subject,
    )
    if not rows:
        raise Conflict(f"the name {told} is taken; names are never given out again", name=told)
    yield from audit.record(Action.ACCOUNT_MADE, f"account:{told}", account=by)
    id_: int = rows[0]["id"]
    return id_


def reset(name: str, password_hash: str, *, by: str | None = None) -> Dialogue[None]:
    """A password that was handed over; sessions end, a lock of failures too. The second factor stays."""
    account = yield from find(name)
    yield ask("account_password", account_id=account["id"], password_hash=password_hash, must_change=True)
    yield from sessions.end(account["id"], by=by)
    yield from lockouts.forget(account["name"])
    yield from audit.record(Action.PASSWORD_RESET, f"account:{account['name']}", account=by)


def lock(name: str, *, by: str | None = None) -> Dialogue[None]:
    """Let nobody in until it is unlocked; sessions end. Raises: Conflict when it is locked; Forbidden for one's own."""
    account = yield from find(name)
    if account["name"] == by:
        raise Forbidden("nobody locks his own account")
    if not (yield ask("account_lock", account_id=account["id"], is_locked=True, by=by)):
        raise Conflict(f"{account['name']} is locked already", name=account["name"])
    yield from sessions.end(account["id"], by=by)
    yield from audit.record(Action.LOCKED, f"account:{account['name']}", account=by)


def unlock(name: str, *, by: str | None = None) -> Dialogue[None]:
    """From an administrator's lock, and from that of failures."""
    account = yield from find(name)
    yield ask("account_lock", account_id=account["id"], is_locked=False, by=by)
    yield from lockouts.forget(account["name"])
    yield from audit.record(Action.UNLOCKED, f"account:{account['name']}", account=by)


def link(name: str, subject: str | None, *, by: str | None = None) -> Dialogue[None]:
    """Let an account sign in through the city's provider as `<issuer> <subject>`; None: no more. Raises: Conflict."""
    account = yield from find(name)
    if not (yield ask("account_link", account_id=account["id"], subject=subject)):
        raise Conflict("another account is linked to this person", subject=subject)
    yield from audit.record(Action.ACCOUNT_CHANGED, f"account:{account['name']}", {"oidc": subject}, account=by)


def end_sessions(name: str, *, by: str | None, only: int | None = None) -> Dialogue[int]:
    """End one session of an account, or all; how many were open. Raises: NotFound when the one is not."""
    account = yield from find(name)
    ended = yield from sessions.end(account["id"], by=by, only=only)
    if only and not ended:
        raise NotFound(f"there is no open session {only}", id=only)
    for id_ in ended:
        yield from audit.record(Action.SESSION_REVOKED, f"account:{account['name']}", {"session": id_}, account=by)
    return len(ended)


def listed(typed: str = "", after: str = "", most: int = MOST) -> Dialogue[list[Row]]:
    """Accounts by name, a part of which was `typed`, with what they hold today."""
    part, idle = f"%{escaped(folded(typed))}%", settings().session_idle_minutes
    return (yield ask("accounts_all", part=part, after=after, most=most, idle_minutes=idle))


def find(name: str) -> Dialogue[Row]:
    """Raises: NotFound."""
    rows = yield ask("account", account=folded(name))
    if not rows:
        raise NotFound(f"there is no account {folded(name)}", name=folded(name))
    return rows[0]


def at_door(name: str) -> Dialogue[Row | None]:
    """An account with `password_hash` and `totp_sealed`, which are read while it is seen who comes, and never after."""
    rows = yield ask("account_at_door", account=folded(name))
    return rows[0] if rows else None


def is_administrator(account_id: int) -> Dialogue[bool]:
    """Whether it holds one of the three offices today."""
    held = yield ask("grants_of", account_id=account_id)
    return any(row["holds"] and row["office"] in ADMINISTRATORS for row in held)


def demo_accounts() -> Dialogue[list[Row]]:
    """The accounts that anybody may sign in to: `name`, `office`, `ground_name`, `ground_name_en`. None outside a demo."""
    return (yield ask("demo_accounts"))


def folded(name: str) -> str:
    """The one way in which a name is written: without spaces around it, in lower case."""
    return name.strip().lower()


def cleaned(name: str) -> str:
    """A name for a new account. Raises: BadInput."""
    told = folded(name)
    if not re.fullmatch(NAME_PATTERN, told):
        raise BadInput(
            "a name has 2 to 64 letters, digits or Chinese characters, and . _ @ - after the first", name=told
        )
    return told

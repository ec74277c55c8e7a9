"""Accounts: who may sign in. Made by the command line or the system administrator; never deleted, for names are for ever."""

from __future__ import annotations

import re

from data import passwords
from data.dialogues import Dialogue, Row, ask
from data.models.accounts import NAME_PATTERN
from geo.errors import BadInput, Conflict, NotFound


def create(
    name: str,
    *,
    by: str | None = None,
    password: str | None = None,
    is_demo: bool = False,
    oidc_subject: str | None = None,
) -> Dialogue[int]:
    """Make an account and return its id. Without a password it signs in by other ways only.

    Raises: BadInput for what can't be a name; Conflict when it is taken, in whatever capitals.
    """
    rows = yield ask(
        "account_create",
        account=cleaned(name),
        password_hash=password and passwords.hashed(password),
        must_change_password=password is not None,
        created_by=by,
        is_demo=is_demo,
        oidc_subject=oidc_subject,
    )
    if not rows:
        raise Conflict(f"the name {cleaned(name)} is taken; names are never given out again", name=cleaned(name))
    id_: int = rows[0]["id"]
    return id_


def find(name: str) -> Dialogue[Row]:
    """Raises: NotFound."""
    rows = yield ask("account", account=folded(name))
    if not rows:
        raise NotFound(f"there is no account {folded(name)}", name=folded(name))
    return rows[0]


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

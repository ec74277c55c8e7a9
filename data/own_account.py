"""An account as its owner sees it."""

from __future__ import annotations

from typing import Any

from data import accounts, grants, sessions
from data.dialogues import Dialogue, Row
from data.sessions import Session


def read(session: Session) -> Dialogue[dict[str, Any]]:
    """What the owner of a session holds, where he has signed in, and what he signs in with."""
    account = yield from accounts.find(session.account)
    return {
        "name": account["name"],
        "is_demo": account["is_demo"],
        "has_password": account["password_since"] is not None,
        "password_since": account["password_since"],
        "second_factor_since": account["totp_since"],
        "must_have_second_factor": session.is_administrator,
        "grants": (yield from grants.of_account(session.account_id)),
        "sessions": (yield from sessions_of(session)),
    }


def sessions_of(session: Session) -> Dialogue[list[Row]]:
    """The open sessions of its owner, the last used first; `is_this` is the one that asks."""
    rows = yield from sessions.listed(session.account_id)
    return [row | {"is_this": row["id"] == session.id} for row in rows]

"""Lines of the audit: written in the transaction of what they tell of, so that neither is there without the other."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from typing import Any

from psycopg.types.json import Jsonb

from data.dialogues import Dialogue, ask
from geo.audit import Action


def record(
    action: Action,
    subject: str,
    detail: Mapping[str, Any] | None = None,
    *,
    reason: str | None = None,
    account: str | None = None,
) -> Dialogue[None]:
    """Put on record that `action` was done to `subject` (`kind:key`).

    Who, in which office and from which address is what the transaction was told of its caller, unless `account` says who.
    What is refused is rolled back with its line: record a refusal in a transaction of its own.
    """
    yield ask(
        "record_audit",
        action=action,
        subject=subject,
        detail=Jsonb(dict(detail or {})),
        reason=reason,
        account=account,
    )


def operator() -> str:
    """Who gives a command: the user of the operating system, as an `account`."""
    return f"command:{getpass.getuser()}"


def bringer(uploader: str | None) -> str:
    """Who brought a file in: the account that uploaded it, else who gives the command."""
    return operator() if uploader in (None, getpass.getuser()) else str(uploader)

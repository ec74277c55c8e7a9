"""How often signing in has failed, by name and by address, and until when either is locked for it. Kept in the database, so that
every process counts the same. Names that nobody has are counted like others: a lock does not tell which accounts there are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from data.dialogues import Dialogue, Row, ask
from data.settings import settings


@dataclass(frozen=True)
class Try:
    """One try to sign in. `until`: when the lock ends that is, or that comes if this one fails; None: there is none."""

    name: bytes
    address: bytes
    is_refused: bool
    until: datetime | None


def claim(name: str, address: str) -> Dialogue[Try]:
    """Count a try before it is judged; the caller commits. What `is_refused` is not to be judged."""
    keys = _key("name", name), _key("address", address)
    chosen = settings()
    most = chosen.lockout_failures, chosen.lockout_address_failures
    rows: list[Row] = []
    for key, failures in zip(keys, most, strict=True):
        rows += yield ask("sign_in_claim", key=key, most=failures, minutes=chosen.lockout_minutes)
    ends = [row["until"] for row in rows if row["is_last"]]
    return Try(*keys, any(row["is_refused"] for row in rows), max(ends, default=None))


def forgive(tried: Try) -> Dialogue[None]:
    """It was right: the name begins anew. First the name, then the address, as they are counted: none waits for the other."""
    yield ask("sign_in_forgive", key=tried.name)
    yield ask("sign_in_uncount", key=tried.address)


def forget(name: str) -> Dialogue[None]:
    """Unlock a name, and drop what locks nobody any more."""
    yield ask("sign_in_forgive", key=_key("name", name))
    yield ask("sign_in_forget", minutes=settings().lockout_minutes)


def _key(kind: str, value: str) -> bytes:
    return hashlib.sha256(f"{kind} {value}".encode(errors="replace")).digest()

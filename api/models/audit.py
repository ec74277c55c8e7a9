"""The audit as its administrator reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from api.models.base import Shape, example

LINE: dict[str, Any] = {
    "id": 4711,
    "at": "2026-05-03T10:32:00+08:00",
    "account": "li.na",
    "office": "street",
    "actor": "desk:110199001000",
    "address": "192.0.2.7",
    "action": "export",
    "subject": "cases:csv",
    "reason": None,
    "detail": {"rows": 412},
}
HEAD: dict[str, Any] = {"number": 8123, "hash": "9f" * 32, "at": "2026-05-03T10:32:01+08:00"}


class AuditEntry(Shape):
    id: int
    at: datetime
    account: str | None
    office: str | None
    actor: str | None
    address: str | None
    action: str
    subject: str
    reason: str | None
    detail: dict[str, Any]


class AuditHead(Shape):
    number: int
    hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    at: datetime


class AuditPage(Shape):
    model_config = example(lines=[LINE], next="1777775520000000.4711", head=HEAD)

    lines: list[AuditEntry]
    next: str | None
    head: AuditHead | None

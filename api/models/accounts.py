"""Accounts as their owners and administrators see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.dependencies import CellCode
from api.models.base import Shape, example
from api.models.callers import OfficeName
from api.models.sessions import Name, Secret

WHEN = "2026-05-03T10:32:00+08:00"
Code = Annotated[str, StringConstraints(min_length=6, max_length=20, pattern=r"^[0-9A-Za-z -]+$")]
HELD = {
    "id": 7,
    "office": "street",
    "actor": "desk:110199001000",
    "cells": [],
    "valid_from": "2026-01-01",
    "valid_to": None,
    "granted_by": "zhao.min",
    "granted_at": WHEN,
    "revoked_by": None,
    "holds": True,
    "ground_code": "110199001000",
    "ground_name": "柳荫街道",
}
SEEN = {
    "id": 12,
    "opened_at": WHEN,
    "seen_at": WHEN,
    "expires_at": WHEN,
    "address": "10.0.0.7",
    "browser": "Mozilla/5.0",
    "has_second_factor": True,
    "is_this": True,
}


class NewPassword(Shape):
    model_config = example(current="k7mfw-2xq9d-hp3ra-w8ecj", new="Ein langer Weg, 2026")

    current: Secret
    new: Secret


class Confirmation(Shape):
    """One's password again."""

    model_config = example(password="Ein langer Weg, 2026")

    password: Secret


class Removal(Shape):
    """One's password again, and a code of the device or a recovery code."""

    model_config = example(password="Ein langer Weg, 2026", code="123456")

    password: Secret
    code: Code


class ShownCode(Shape):
    """A code of the device, or a recovery code."""

    model_config = example(code="123456")

    code: Code


class Enrolment(Shape):
    """What the device is told: as text, as an address, and as a picture of it (a data: URI of an SVG)."""

    model_config = example(
        secret="JBSWY3DPEHPK3PXP",
        uri="otpauth://totp/Wangge:li.ming?secret=…&issuer=Wangge",
        picture="data:image/svg+xml;…",
    )

    secret: str
    uri: str
    picture: str


class Recovery(Shape):
    """The codes that take the device's place, once each; never told again."""

    model_config = example(stage="open", home="/", recovery_codes=["abcde-fghjk"], token=None)

    stage: Literal["second_factor", "password", "enrolment", "open"]
    home: str
    recovery_codes: list[str]
    token: str | None
    """For programs: the one that the session has from then on."""


class Held(Shape):
    """An office with its ground, from a day to the day before another."""

    model_config = example(**HELD)

    id: int
    office: OfficeName
    actor: str
    cells: list[str]
    valid_from: date
    valid_to: date | None
    granted_by: str | None
    granted_at: datetime
    revoked_by: str | None
    holds: bool
    """Today."""
    ground_code: str | None
    ground_name: str | None


class OpenSession(Shape):
    model_config = example(**SEEN)

    id: int
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str | None
    browser: str | None
    has_second_factor: bool
    is_this: bool
    """The one that asks."""


class Account(Shape):
    """An account as its owner sees it."""

    model_config = example(
        name="li.ming",
        is_demo=False,
        has_password=True,
        password_since=WHEN,
        second_factor_since=None,
        must_have_second_factor=False,
        grants=[HELD],
        sessions=[SEEN],
    )

    name: str
    is_demo: bool
    has_password: bool
    password_since: datetime | None
    second_factor_since: datetime | None
    must_have_second_factor: bool
    grants: list[Held]
    sessions: list[OpenSession]


class Sessions(Shape):
    model_config = example(sessions=[SEEN])

    sessions: list[OpenSession]


class HeldNow(Shape):
    model_config = example(id=7, office="street", actor="desk:110199001000")

    id: int
    office: OfficeName
    actor: str


LISTED = {
    "id": 3,
    "name": "li.ming",
    "is_demo": False,
    "locked_at": None,
    "must_change_password": False,
    "password_since": WHEN,
    "has_second_factor": False,
    "created_at": WHEN,
    "created_by": "wang.fang",
    "last_seen_at": WHEN,
    "sessions": 1,
    "grants": [{"id": 7, "office": "street", "actor": "desk:110199001000"}],
}


class Listed(Shape):
    """An account as administrators see it. `sessions`: open now."""

    model_config = example(**LISTED)

    id: int
    name: str
    is_demo: bool
    locked_at: datetime | None
    must_change_password: bool
    password_since: datetime | None
    has_second_factor: bool
    created_at: datetime
    created_by: str | None
    last_seen_at: datetime | None
    sessions: int
    grants: list[HeldNow]


class AccountList(Shape):
    """Accounts by name; `next` begins the next page, null on the last."""

    model_config = example(accounts=[LISTED], next=None)

    accounts: list[Listed]
    next: str | None


class NewAccount(Shape):
    model_config = example(name="li.ming")

    name: Name


class OneTime(Shape):
    """A password to hand over, told once; its owner changes it when he first signs in."""

    model_config = example(name="li.ming", password="k7mfw-2xq9d-hp3ra-w8ecj")

    name: str
    password: str


class NewGrant(Shape):
    """`ground`: the code of a unit, or the id of a worker, agency or facility; none for administrators."""

    model_config = example(office="street", ground="110199001000", cells=[], valid_from="2026-05-01", valid_to=None)

    office: OfficeName
    ground: Annotated[str, Field(pattern=r"^[0-9]{1,19}$")] | None = None
    cells: Annotated[tuple[CellCode, ...], Field(max_length=200)] = ()
    valid_from: date | None = None
    """Default today."""
    valid_to: date | None = None
    """The first day on which it no longer holds."""


GROUND = {"ground": "110199001000", "code": "110199001000", "name": "柳荫街道", "within": "示范区"}


class Ground(Shape):
    """`ground`: as a grant names it; `name`: null of a worker and of the duty desk; `within`: the area above, or where it works."""

    model_config = example(**GROUND)

    ground: str
    code: str
    name: str | None
    within: str | None


class Grounds(Shape):
    model_config = example(grounds=[GROUND])

    grounds: list[Ground]


class Grants(Shape):
    model_config = example(grants=[HELD])

    grants: list[Held]


class Changed(Shape):
    """Whose account it was."""

    model_config = example(name="li.ming")

    name: str

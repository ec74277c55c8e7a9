"""The second factor: a code of a device every 30 seconds (TOTP, RFC 6238), taken once; ten recovery codes for when it is lost."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Iterator

import pyotp

from data import audit, sealing
from data.dialogues import Dialogue, Row, ask
from data.models.accounts import TOTP
from data.passwords import ALPHABET
from geo.audit import Action
from geo.errors import Conflict

STEP_S = 30
DRIFT = 1
"""How many steps a device's clock may be off, either way."""
CODES, HALF = 10, 5
"""Recovery codes, of twice five characters: 49 bits each, tried five times at most before a lock."""
DIGITS = re.compile(r"[0-9]{6}")


def begin(account: Row) -> Dialogue[str]:
    """Draw a secret for the account's device; it counts once a code was shown. Raises: Conflict when it has one already."""
    secret = pyotp.random_base32()
    rows = yield ask("totp_begin", account_id=account["id"], sealed=sealing.encrypt(secret.encode(), TOTP))
    if not rows:
        raise Conflict("the account has a second factor; remove it first")
    return secret


def address(secret: str, name: str) -> str:
    """What the device reads from the picture: `otpauth://totp/…`."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Wangge")


def show(account: Row, code: str) -> Dialogue[bool]:
    """Whether `code` is of the device now and was not taken before; or is a recovery code that was not used."""
    told = code.replace(" ", "").replace("-", "").lower()
    if not DIGITS.fullmatch(told):
        return bool((yield ask("recovery_use", account_id=account["id"], digest=_digest(told))))
    step = _step_of(account, told)
    return step is not None and bool((yield ask("totp_take", account_id=account["id"], step=step)))


def confirm(account: Row, code: str) -> Dialogue[list[str] | None]:
    """End the enrolment by the first code of the device: the recovery codes, told once. None: the code is wrong."""
    if account["totp_since"]:
        raise Conflict("the account has a second factor; remove it first")
    if not DIGITS.fullmatch(code.strip()) or not (yield from show(account, code)):
        return None
    codes = list(_codes())
    yield ask("recovery_store", account_id=account["id"], digests=[_digest(one.replace("-", "")) for one in codes])
    yield from audit.record(Action.SECOND_FACTOR_SET, f"account:{account['name']}", account=account["name"])
    return codes


def remove(account: Row, *, by: str | None) -> Dialogue[None]:
    """The device is lost, or another takes its place."""
    if (yield ask("totp_remove", account_id=account["id"])):
        yield from audit.record(Action.SECOND_FACTOR_REMOVED, f"account:{account['name']}", account=by)


def _step_of(account: Row, code: str) -> int | None:
    """The step that `code` belongs to. Each one near now is compared, so that time tells nothing."""
    if account["totp_sealed"] is None:
        return None
    device = pyotp.TOTP(sealing.decrypt(bytes(account["totp_sealed"]), TOTP).decode())
    now = int(time.time()) // STEP_S
    near = [
        step for step in range(now - DRIFT, now + DRIFT + 1) if hmac.compare_digest(device.generate_otp(step), code)
    ]
    return near[-1] if near else None


def _codes() -> Iterator[str]:
    for _ in range(CODES):
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(2 * HALF))
        yield f"{drawn[:HALF]}-{drawn[HALF:]}"


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode(errors="replace")).digest()

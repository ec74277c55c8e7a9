"""Links by which a reporter comes back to a case without an account: the case's number, signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from functools import cache
from pathlib import Path

from data import whole_files
from data.settings import settings
from geo.errors import NotFound

SIGNATURE_BYTES = 15
"""20 characters: not to be guessed within the life of a server."""
MAX_ID = 2**63 - 1


def token(case_id: int) -> str:
    """`<id>.<signature>`, safe in an address."""
    return f"{case_id}.{_sign(case_id)}"


def address(case_id: int) -> str:
    """The path of the page where the reporter rates."""
    return f"/rate/{token(case_id)}"


def read(given: str) -> int:
    """The case of a token. Raises: NotFound for one that was not made here, whatever is wrong with it."""
    number, _, signature = given.partition(".")
    is_number = number.isascii() and number.isdecimal() and len(number) <= 19 and int(number) <= MAX_ID
    case_id = int(number) if is_number else 0
    if not hmac.compare_digest(_sign(case_id).encode(), signature.encode(errors="replace")) or not is_number:
        raise NotFound("this link leads nowhere")
    return case_id


def _sign(case_id: int) -> str:
    digest = hmac.digest(secret(), f"rate {case_id}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:SIGNATURE_BYTES]).decode()


def secret() -> bytes:
    """By which links are signed; drawn when there is none."""
    given = settings().secret
    return given.get_secret_value().encode() if given else _kept(settings().home / "secret")


@cache
def _kept(path: Path) -> bytes:
    """What the file holds; drawn when there is none. Of two who draw at once one is first, and both use what it drew."""
    if not path.exists():
        whole_files.write_first(path, secrets.token_hex(32).encode())
    return path.read_bytes()

"""Addresses of notices, for the command line: stored, tried, listed. What may be secret in one is never shown again."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import time
from typing import Any

from data import audit, notices
from data.database import connect
from data.dialogues import hold
from flows import notify
from geo.audit import Action
from geo.errors import BadInput, NotFound, Unavailable
from geo.notices import Habits
from web import notices as texts

QUIET = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")


def add(recipient: str, url: str, language: str, digest_minutes: int, quiet: str) -> int:
    """Store an address, or change how it is used; its id. Raises: BadInput, NotFound."""
    notify.check(url, language)
    habits = Habits(digest_minutes, *parse_quiet(quiet))
    with connect() as line:
        if not notices.is_anybody(line, recipient):
            raise NotFound(f"nobody is called {recipient!r}; it is worker:<id>, desk:<code> or agency:<id>")
        id_ = notices.add_address(line, recipient, url, language, habits)
        _record(line, id_, {"recipient": recipient, "set": True})
        return id_


def parse_quiet(text: str) -> tuple[time | None, time | None]:
    """From and to of quiet hours, which may go over midnight; nothing for an empty text. Raises: BadInput."""
    found = QUIET.fullmatch(text)
    if text and not found:
        raise BadInput(f"quiet: {text!r} are no hours; write them as 22:00-07:00")
    if found is None:
        return None, None
    begin_hour, begin_minute, end_hour, end_minute = map(int, found.groups())
    return time(begin_hour, begin_minute), time(end_hour, end_minute)


def remove(address_id: int) -> None:
    """Raises: NotFound."""
    with connect() as line:
        if not notices.remove_address(line, address_id):
            raise NotFound(f"no address {address_id}; `wangge notices list` names them")
        _record(line, address_id, {"set": False})


def _record(line: notices.Line, address_id: int, told: dict[str, Any]) -> None:
    subject = f"notice_address:{address_id}"
    hold(line, audit.record(Action.SETTING_CHANGED, subject, told, account=audit.operator()))


def test(address_id: int) -> None:
    """Send a test message. Raises: NotFound; Unavailable saying what went wrong."""
    with connect() as line:
        address = notices.find_address(line, address_id)
    if address is None:
        raise NotFound(f"no address {address_id}; `wangge notices list` names them")
    error = notify.deliver(address.url, texts.write_test(address.language), f"wangge-test-{address.id}")
    if error:
        raise Unavailable(f"no message arrived at {address!r}: {error}")


def send() -> dict[str, Any]:
    """Send all that is due now."""
    with connect(autocommit=True) as line:
        return asdict(notify.Sender(line).drain())


def listed() -> list[dict[str, Any]]:
    """See `data.notices.overview`."""
    with connect() as line:
        return notices.overview(line)

"""The senders of notices: events are read into the outbox, and what waits there goes out through apprise.

A message is claimed, sent and marked. A sender that dies between sending and marking leaves its message `sending`; after a while it
is sent again under the same key, by which the other side, or a person, recognises the double.
"""

from __future__ import annotations

import logging
import random
import re
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import apprise
import psycopg

from data import notices
from data.database import connect
from data.notices import Address, Claim
from data.settings import settings
from flows.retrying import is_away
from geo.errors import BadInput
from geo.notices import Pace, send_at
from web import notices as texts
from web.i18n import LANGUAGES
from web.notices import Message

HANDS = 3
"""Senders side by side in the dispatcher, so that one slow address does not hold up all others."""
EVENTS = 5000
"""Events that one transaction reads."""
SLEEP_S = 1.0
RETRY_S = 5.0
KEY = "Idempotency-Key"
"""Header of mails and webhooks; the same for every try to send the same message."""
STATUS = re.compile(r"error=([0-9]{3})\b")
NOBODY = "no address is active any more"
log = logging.getLogger("wangge.notify")
Line = psycopg.Connection[Any]


@dataclass
class Sent:
    """What a sender did: messages, and the notices in them."""

    messages: int = 0
    notices: int = 0
    failures: int = 0


class Reasons(logging.Handler):
    """Of what apprise says while it sends, what holds no part of an address: the status that was answered."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.status: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if found := STATUS.search(record.getMessage()):
            self.status = found[1]

    @property
    def text(self) -> str:
        return f"it answered {self.status}" if self.status else "it could not be reached, or refused the message"


class Sender:
    """Works on a connection in autocommit."""

    def __init__(self, line: Line, pace: Pace | None = None) -> None:
        self.line = line
        self.pace = pace or Pace()
        self.zone = ZoneInfo(settings().timezone)
        self.sent = Sent()

    def drain(self) -> Sent:
        """Read what has happened, and send all that is due now."""
        while notices.collect(self.line, EVENTS):
            pass
        while settings().notices and self.step():
            pass
        return self.sent

    def step(self) -> bool:
        """One message, or one that has to wait; false when nothing is due."""
        with self.line.transaction():
            claimed = notices.claim(self.line)
            if claimed is None:
                return False
            address = self._address(claimed)
            if address is None:
                return True
            since = notices.begin(self.line, claimed, address, self.pace.lease_s)
        self._send(claimed, address, since)
        return True

    def _address(self, claimed: Claim) -> Address | None:
        """Where to send it, of several the next after each failure; null when there is none or it has to wait."""
        known = notices.addresses(self.line, claimed.recipient)
        if not known:
            notices.give_up(self.line, claimed, NOBODY)
            return None
        address, now = known[claimed.attempts % len(known)], datetime.now(UTC)
        until = send_at(now, claimed.oldest, address.habits, self.zone)
        if until > now:
            notices.postpone(self.line, claimed, until)
            return None
        return address

    def _send(self, claimed: Claim, address: Address, since: datetime) -> None:
        key = f"wangge-{claimed.message}"
        message = texts.write(notices.facts(self.line, claimed), address.language, self.zone, key)
        error = deliver(address.url, message, key)
        if error is None:
            self.sent.messages += 1
            self.sent.notices += notices.end(self.line, claimed, since)
            return
        self.sent.failures += 1
        tried = claimed.attempts + 1
        pause = self.pace.pause_s(tried, random.random()) if tried < self.pace.attempts else None
        log.warning("message %s to %r failed %s times: %s", key, address, tried, error)
        notices.fail(self.line, claimed, since, error, pause)


def deliver(url: str, message: Message, key: str) -> str | None:
    """Send a message; null when it was taken, else what went wrong, without any part of the address."""
    channel = instantiate(url)
    if channel is None:
        return "the address is not understood"
    if isinstance(getattr(channel, "headers", None), dict):
        channel.headers[KEY] = key
    reasons, logger = Reasons(), logging.getLogger("apprise")
    logger.addHandler(reasons)
    try:
        is_taken = channel.notify(body=message.body, title=message.title, body_format=apprise.NotifyFormat.TEXT)
    except Exception as error:  # a plugin may raise whatever its library does; its text may hold the address
        return f"sending failed with {type(error).__name__}"
    finally:
        logger.removeHandler(reasons)
    return None if is_taken else reasons.text


def instantiate(url: str) -> Any:
    """Apprise's channel of an address; null when it is not understood."""
    load()
    return apprise.Apprise.instantiate(url, suppress_exceptions=True)


@cache
def load() -> None:
    """Have apprise read its channels, some of which use what Python is about to drop.

    It and what it sends by log addresses: none of that reaches our logs, whatever their level.
    """
    for name in ("apprise", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
        logging.getLogger(name).propagate = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        apprise.Apprise.instantiate("json://localhost")


def check(url: str, language: str) -> None:
    """Raises: BadInput for an address that apprise does not understand, without repeating it; or an unknown language."""
    if instantiate(url) is None:
        raise BadInput(
            "the address is not one of apprise's, such as mailtos://…, wecombot://…, dingtalk://…, feishu://…"
        )
    if language not in LANGUAGES:
        raise BadInput(f"language: {language!r} is none of {', '.join(LANGUAGES)}")


def send_for_ever(end: Event) -> None:
    """As a thread of the dispatcher, or a process of its own."""
    load()
    while not end.is_set():
        try:
            with connect(autocommit=True) as line:
                _keep_sending(line, end)
        except Exception as error:  # a thread that ends is not missed by anybody
            log.warning(
                "notices wait: %s", error if is_away(error) else type(error).__name__, exc_info=not is_away(error)
            )
            end.wait(RETRY_S)


def _keep_sending(line: Line, end: Event) -> None:
    while not end.wait(SLEEP_S):
        Sender(line).drain()


if __name__ == "__main__":
    send_for_ever(Event())

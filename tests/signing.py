"""Requests of tests, signed in: by an account with a grant for exactly the actor that a request names, made by the product's own
code; where it names none, or one that there is not, by the district's on the duty desk."""

from __future__ import annotations

from threading import Lock
from typing import Any

import psycopg

from data import accounts, grants, sessions
from data.dialogues import Dialogue, hold
from geo.callers import DUTY_DESK, REPORTER
from geo.errors import BadInput, NotFound
from geo.offices import DESK_OFFICES, Office

HEADER = "X-Wangge-Actor"
KINDS = {
    "worker": Office.WORKER,
    "agency": Office.DEPARTMENT,
    "station": Office.STATION,
    "planner": Office.PLANNER,
}
LEVEL = "SELECT level FROM unit WHERE code = %s"


class Signing:
    """For `httpx.Client(auth=…)`: signs in whoever a request says he is, once."""

    def __init__(self, database_url: str) -> None:
        self.database_url = database_url
        self.tokens: dict[str, str] = {}
        self.turn = Lock()

    def __call__(self, request: Any) -> Any:
        if "authorization" not in request.headers:
            request.headers["Authorization"] = f"Bearer {self.token(request.headers.get(HEADER, DUTY_DESK))}"
        return request

    def token(self, actor: str = DUTY_DESK) -> str:
        """Of a session of somebody who acts as `actor`."""
        with self.turn:
            if actor not in self.tokens:
                with psycopg.connect(self.database_url) as line:
                    self.tokens[actor] = _token(line, actor)
            return self.tokens[actor]


def nobody(request: Any) -> Any:
    return request


PUBLIC = nobody
"""For `client.get(…, auth=PUBLIC)`: a request by somebody who has not signed in."""


def sign_in(line: psycopg.Connection[Any], actor: str) -> str:
    """The token of a session of an account that is granted to act as `actor`. Raises: NotFound."""
    return hold(line, _opened(f"as.{actor.replace(':', '.')}", *_granted(line, actor)))


def _token(line: psycopg.Connection[Any], actor: str) -> str:
    try:
        return sign_in(line, DUTY_DESK if actor == REPORTER.actor else actor)
    except (NotFound, BadInput):
        line.rollback()
        return sign_in(line, DUTY_DESK)


def _granted(line: psycopg.Connection[Any], actor: str) -> tuple[Office, str]:
    kind, _, key = actor.partition(":")
    if kind == "desk":
        row = line.execute(LEVEL, [key]).fetchone()
        if row is None:
            raise NotFound(actor)
        return DESK_OFFICES[row[0]], key
    if kind not in KINDS:
        raise NotFound(actor)
    return KINDS[kind], key


def _opened(name: str, office: Office, ground: str) -> Dialogue[str]:
    try:
        id_ = (yield from accounts.find(name))["id"]
    except NotFound:
        id_ = yield from accounts.create(name)
        yield from grants.grant(id_, office, ground)
    return (yield from sessions.open_for(id_))

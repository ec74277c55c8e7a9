"""What every request passes through: a number by which to find it in the log, safe headers, a limit on its size."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors, headers
from data.settings import settings

MAX_BODY_BYTES = 64 * 1024
"""The largest text is an incident of 2,000 characters; twelve bytes each when escaped."""
LARGER = ((re.compile(r"/api/cases/[^/]+/photos"), 8 * 1024 * 1024), (re.compile(r"/api/cases/bulk"), 256 * 1024))
"""Addresses that take more: photos of phones, and the numbers of 5,000 cases."""
PIECE_S, BODY_S = 10, 120
"""Within which the next piece of a body comes in, and the last one: 8 MiB over 70 KiB a second."""
UPLOADS = "/api/uploads"
UPLOAD_S = 4 * 3600
"""Takes files as large as the setting says, piece by piece, over lines as slow as they are."""
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = logging.getLogger("wangge.api")


class Envelope:
    """The outermost layer: gives each request its id, each answer its headers, and each unforeseen error its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["request_id"] = _request_id(scope)
        outgoing = _Outgoing(send, scope)
        try:
            await self.app(scope, receive, outgoing)
        except Exception:
            log.exception("request %s: %s %s failed", scope["state"]["request_id"], scope["method"], scope["path"])
            if outgoing.has_started:
                raise
            await errors.unforeseen(scope)(scope, receive, outgoing)


class _Outgoing:
    """Adds the headers to the first message of an answer."""

    def __init__(self, send: Send, scope: Scope) -> None:
        self.send = send
        self.scope = scope
        self.has_started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_started = True
            outgoing = MutableHeaders(scope=message)
            outgoing["X-Request-ID"] = self.scope["state"]["request_id"]
            headers.complete(outgoing, self.scope)
        await self.send(message)


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)


class KnownHosts:
    """Refuses a request that calls us by a name which is not ours, so that no answer and no cache is made up for it."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_known(Headers(scope=scope).get("host", "")):
            await self.app(scope, receive, send)
        else:
            await errors.refused(scope, errors.unknown_host())(scope, receive, send)

    def _is_known(self, host: str) -> bool:
        return not self.hosts or host.lower().rsplit(":", 1)[0] in self.hosts


class BodyLimit:
    """Refuses a body above what its address takes by its announced length, and cuts off one that lied, did not say or trickles."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit, seconds = _limits(scope["path"])
        announced = Headers(scope=scope).get("content-length", "")
        await self.app(scope, _counting(receive, announced, limit, time.monotonic() + seconds), send)


def _limits(path: str) -> tuple[int, int]:
    """How many bytes a body may have there, and within how many seconds it has to come."""
    if path == UPLOADS:
        return settings().import_upload_mb << 20, UPLOAD_S
    return next((most for larger, most in LARGER if larger.fullmatch(path)), MAX_BODY_BYTES), BODY_S


def _counting(receive: Receive, announced: str, limit: int, ends: float) -> Receive:
    received, is_whole = 0, False

    async def receive_counted() -> Message:
        nonlocal received, is_whole
        message = await receive() if is_whole else await _in_time(receive, ends - time.monotonic())
        is_whole = not message.get("more_body", False)
        received += len(message.get("body", b""))
        if received > limit or (announced.isdigit() and int(announced) > limit):
            raise errors.too_large(limit)
        return message

    return receive_counted


async def _in_time(receive: Receive, left_s: float) -> Message:
    try:
        async with asyncio.timeout(min(PIECE_S, left_s)):
            return await receive()
    except TimeoutError as error:
        raise errors.too_slow() from error

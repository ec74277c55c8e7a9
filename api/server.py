"""The web as a process: `python -m api.server --host H --port N`. No connection waits for ever. Times are seconds."""

from __future__ import annotations

import argparse
import resource
import secrets
from asyncio import TimerHandle, Transport
from collections import Counter
from collections.abc import Sequence
from ipaddress import ip_address
from typing import ClassVar

import orjson
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from data.settings import settings

HEAD_S = 10
"""Within which the head of a request comes in whole, from the first byte on; and the first byte, from the connection on."""
MAX_HEAD_BYTES = 64 * 1024
RETRY_S = 10
ENDING_S = 2
OTHER_FILES = 200
"""Open besides connections: the database's, logs, libraries."""
REFUSALS = {
    400: (b"Bad Request", "bad_input", "this is no HTTP request"),
    408: (b"Request Timeout", "too_slow", "the head of the request did not come in time"),
    429: (b"Too Many Requests", "too_many_requests", "too many connections from this address"),
    431: (
        b"Request Header Fields Too Large",
        "too_large",
        f"the head of the request is larger than {MAX_HEAD_BYTES} bytes",
    ),
    503: (b"Service Unavailable", "unavailable", "too many connections; try again"),
}


class Patient(HttpToolsProtocol):
    """uvicorn's connection, that refuses one too many and a request whose head trickles in or has no end."""

    by_address: ClassVar[Counter[str]] = Counter()

    _address = ""
    _head_bytes = 0
    _head_timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self.by_address[self._address] += 1
        if len(self.connections) > settings().max_connections:
            self._refuse(503)
        elif self.by_address[self._address] > settings().max_connections_per_address and not self._is_proxy():
            self._refuse(429)
        else:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_has_come()
        self.by_address[self._address] -= 1
        if not self.by_address[self._address]:
            del self.by_address[self._address]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._head_timer is not None and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(431)

    def send_400_response(self, msg: str) -> None:
        self._refuse(400)

    def on_message_begin(self) -> None:
        self._await_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_has_come()
        super().on_headers_complete()

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_S, self._refuse, 408)

    def _head_has_come(self) -> None:
        self._head_bytes = 0
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _is_proxy(self) -> bool:
        return any(ip_address(self._address) in network for network in settings().trusted_proxies)

    def _refuse(self, status: int) -> None:
        self._head_has_come()
        if not self.transport.is_closing():
            self.transport.write(refusal(status))
            self.transport.close()


def refusal(status: int) -> bytes:
    """A whole answer in the one shape, before there is an application to give it."""
    phrase, code, message = REFUSALS[status]
    told = {"code": code, "message": message, "detail": {}, "request_id": secrets.token_hex(8)}
    body = orjson.dumps({"error": told})
    head = (
        b"HTTP/1.1 %d %s" % (status, phrase),
        b"content-type: application/json",
        b"content-length: %d" % len(body),
        b"retry-after: %d" % RETRY_S,
        b"cache-control: no-store",
        b"x-content-type-options: nosniff",
        b"connection: close",
    )
    return b"\r\n".join((*head, b"", body))


def main(arguments: Sequence[str] | None = None) -> None:
    given = _parser().parse_args(arguments)
    _allow_files(settings().max_connections + OTHER_FILES)
    uvicorn.run(
        "api.app:app",
        host=given.host,
        port=given.port,
        log_level=given.log_level,
        http=Patient,
        ws="none",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the application asks its own setting whom to believe
        timeout_graceful_shutdown=ENDING_S,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m api.server", description="The web: API and pages.")
    parser.add_argument("--host", default=settings().host)
    parser.add_argument("--port", type=int, default=settings().port)
    parser.add_argument("--log-level", default="info")
    return parser


def _allow_files(wanted: int) -> None:
    """As many open files as connections need, as far as this process may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


if __name__ == "__main__":
    main()

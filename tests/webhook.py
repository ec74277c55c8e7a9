"""A real webhook and a real mail server on loopback, which keep what they get."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from data.postgres import free_port


@dataclass
class Got:
    """One message: what it says and the key that it came under."""

    title: str
    body: str
    key: str | None


@dataclass
class Hook:
    """Answers with `answer(n)` to the n-th request, from 0."""

    url: str = ""
    answer: Callable[[int], int] = lambda number: 200
    asked: int = 0
    got: list[Got] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def webhook() -> Iterator[Hook]:
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with hook.lock:
                number, hook.asked = hook.asked, hook.asked + 1
            status = hook.answer(number)
            if status == 200:
                with hook.lock:
                    hook.got.append(Got(told["title"], told["message"], self.headers["Idempotency-Key"]))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hook.url = f"json://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield hook
    server.shutdown()
    server.server_close()
    thread.join()


class Keeper:
    """What aiosmtpd hands the mails to."""

    def __init__(self) -> None:
        self.got: list[Got] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content)
        part = mail
        while part.is_multipart():
            part = part.get_payload(0)  # type: ignore[assignment]
        body = (part.get_payload(decode=True) or b"").decode()  # type: ignore[union-attr]
        self.got.append(Got(str(make_header(decode_header(mail["Subject"]))), body, mail["Idempotency-Key"]))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[str, list[Got]]]:
    """The address of a mailbox as apprise writes it, and the mails that came."""
    keeper, port = Keeper(), free_port()
    controller = Controller(keeper, hostname="127.0.0.1", port=port)
    controller.start()
    yield f"mailto://127.0.0.1:{port}/?from=wangge@example.org&to=worker@example.org&format=text", keeper.got
    controller.stop()

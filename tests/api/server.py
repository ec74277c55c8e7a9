"""The application as a process of its own on the loopback, for races, streams and ends."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2 as httpx

from data.postgres import free_port
from tests.conftest import ROOT

START_S = 90


@contextmanager
def running(
    database_url: str,
    program: str = "from api import server; server.main()",
    *,
    port: int | None = None,
    **settings: str,
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A started web, with `settings` of its own: its address and its process, ended at the latest here."""
    port = port or free_port()
    command = [sys.executable, "-c", program, "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"WANGGE_DATABASE_URL": database_url} | settings)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address, process
    finally:
        process.kill()
        process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(f"{address}/health/live")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the web does not answer at {address}")

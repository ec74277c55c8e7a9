"""The processes of a running system and how each shows that it works. Ports are TCP on loopback unless set otherwise."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import urlopen

from data import cluster, postgres
from data.settings import settings
from flows.supervisor import Service
from geo.errors import NotReady

PREFECT_PORTS = 100
"""How far we look for a free port from the set one on."""


def services(*, host: str, port: int, prefect_port: int) -> list[Service]:
    """Every process, in the order in which they are reported."""
    web, prefect = address(host, port), address("127.0.0.1", prefect_port)
    own_database = [] if settings().database_url else [_database()]
    return [
        *own_database,
        _module(*("web", "api.server", "--host", host, "--port", str(port)), address=web, probe=f"{web}/health/live"),
        _module("prefect", "flows.prefect_server", str(prefect_port), address=prefect, probe=f"{prefect}/api/health"),
        Service(
            "dispatcher",
            [sys.executable, "-m", "flows.dispatch"],
            "",
            lambda: passes(f"{web}/health/ready", "dispatcher"),
        ),
        _module("importer", "flows.importer"),
        _module("schedules", "flows.deployments"),
    ]


def address(host: str, port: int) -> str:
    """What to type into a browser."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def free_prefect_port() -> int:
    """The set port, or the next one that is free."""
    first = settings().prefect_port
    for port in range(first, first + PREFECT_PORTS):
        if postgres.is_free(port):
            return port
    raise NotReady(f"no free port for Prefect from {first} on; set WANGGE_PREFECT_PORT")


def answers(url: str) -> bool:
    """Whether a GET there is answered with a status below 400."""
    try:
        with urlopen(url, timeout=5):
            return True
    except (OSError, HTTPException, ValueError):
        return False


def passes(url: str, check: str) -> bool:
    """Whether the readiness answer there, good or bad as a whole, says that `check` is fine."""
    try:
        told = json.loads(_body(url))
    except (OSError, HTTPException, ValueError):
        return False
    return bool(told.get("checks", {}).get(check, {}).get("is_ok"))


def _body(url: str) -> bytes:
    """Of an answer, whatever its status."""
    try:
        with urlopen(url, timeout=5) as answer:
            return bytes(answer.read())
    except HTTPError as error:
        return error.read()


def _database() -> Service:
    def is_ready() -> bool:
        return cluster.postmaster_pid() is not None

    private = cluster.private()
    where = f"{private.url().rpartition('@')[2]}, files in {private.folder}"
    return Service("database", [sys.executable, "-m", "data.cluster"], where, is_ready)


def _module(name: str, module: str, *arguments: str, address: str = "", probe: str = "") -> Service:
    is_ready: Callable[[], bool] = (lambda: answers(probe)) if probe else (lambda: True)
    return Service(name, [sys.executable, "-m", module, *arguments], address, is_ready)

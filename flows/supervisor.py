"""supervisord as our process runner: its configuration, its life and its answers. Times are seconds.

It restarts whatever dies, rotates the logs and stops everything in order. Each process is told by the kernel when its parent
dies (`setpriv --pdeathsig`), so a killed supervisor leaves nobody behind. See docs/decisions/0001-supervisor.md.
"""

from __future__ import annotations

import os
import pwd
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from configparser import RawConfigParser
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from xmlrpc.client import Error, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from data import cluster
from data.postgres import short_folder
from data.settings import CHECKOUT
from flows.processes import MARK
from geo.errors import Unavailable

LOG_BYTES = 10 * 2**20
KEPT_LOGS = 3
ANSWER_SECONDS = 20
STOP_SECONDS = 10
LAST_STOP_SECONDS = 90
LAST = "database"
"""Stopped after all others, which need it to end well."""


@dataclass(frozen=True)
class Service:
    """One supervised process: how it is started, where it answers, how to see that it does."""

    name: str
    argv: Sequence[str]
    address: str
    is_ready: Callable[[], bool]


@dataclass(frozen=True)
class State:
    """`name` as supervisord sees it; `pid` is 0 when it does not run."""

    name: str
    status: str
    pid: int


class Supervisor:
    """One supervisord for `services`, its files under `home`, with `environment` for it and all below it."""

    def __init__(self, home: Path, services: Sequence[Service], environment: Mapping[str, str]) -> None:
        self.home = home
        self.services = {service.name: service for service in services}
        self.environment = {**os.environ, **environment, MARK: str(home)}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        me = pwd.getpwuid(os.geteuid())
        return short_folder(self.home / "run", f"{cluster.private(self.home).name}-up", me) / "supervisor.sock"

    def start(self) -> None:
        """Start supervisord with none of the services."""
        file = self.home / "supervisord.conf"
        (self.home / "log").mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8") as text:
            self.configuration().write(text)
        argv = with_parent([sys.executable, "-m", "supervisor.supervisord", "--nodaemon", "--configuration", str(file)])
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            argv, env=self.environment, start_new_session=True, stdin=quiet, stdout=quiet, stderr=quiet
        )
        self._wait_for_answer()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def run(self, *names: str) -> None:
        """Start these services unless they run, and from now on restart them whenever they end."""
        for name in set(names) - {state.name for state in self.states().values() if state.pid}:
            self._ask("startProcess", full_name(name), False)

    def states(self) -> dict[str, State]:
        return {row["name"]: State(row["name"], row["statename"], row["pid"]) for row in self._ask("getAllProcessInfo")}

    def stop(self) -> None:
        """Stop all services, the database last, then supervisord."""
        if self.process and self.is_alive():
            self.process.terminate()
            self.process.wait()

    def log(self, name: str) -> Path:
        """Where supervisord writes what the service says."""
        return self.home / "log" / f"{name}.log"

    def configuration(self) -> RawConfigParser:
        config = RawConfigParser()
        config.read_dict(dict(self._sections()))
        return config

    def _sections(self) -> list[tuple[str, dict[str, Any]]]:
        log = self.home / "log"
        core = {"nodaemon": "true", "logfile": log / "supervisord.log", "pidfile": self.home / "supervisord.pid"}
        core |= {"logfile_maxbytes": LOG_BYTES, "logfile_backups": KEPT_LOGS, "directory": CHECKOUT}
        if os.geteuid() == 0:
            core["user"] = "root"
        others = ",".join(name for name in self.services if name != LAST)
        head: list[tuple[str, dict[str, Any]]] = [
            ("supervisord", core),
            ("unix_http_server", {"file": self.socket, "chmod": "0700"}),
            (
                "rpcinterface:supervisor",
                {"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
            ),
            ("group:app", {"programs": others, "priority": 20}),
        ]
        return [
            (name, _escaped(values)) for name, values in head + [self._program(each) for each in self.services.values()]
        ]

    def _program(self, service: Service) -> tuple[str, dict[str, Any]]:
        values = {
            "command": shlex.join(with_parent(service.argv)),
            "priority": 10,
            "autostart": "false",
            "autorestart": "true",
            "startsecs": 1,
            "startretries": 1_000_000,
            "stopwaitsecs": STOP_SECONDS if service.name != LAST else LAST_STOP_SECONDS,
            "stopasgroup": "true",
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": self.log(service.name),
            "stdout_logfile_maxbytes": LOG_BYTES,
            "stdout_logfile_backups": KEPT_LOGS,
        }
        return f"program:{service.name}", values

    def _ask(self, method: str, *arguments: Any) -> Any:
        transport = SupervisorTransport(None, None, serverurl=f"unix://{self.socket}")
        try:
            return getattr(ServerProxy("http://supervisor", transport=transport).supervisor, method)(*arguments)
        except (OSError, HTTPException, Error) as error:
            raise Unavailable(f"supervisord does not answer; see {self.log('supervisord')}") from error
        finally:
            transport.close()

    def _wait_for_answer(self) -> None:
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            try:
                self._ask("getState")
            except Unavailable:
                if time.monotonic() > deadline or not self.is_alive():
                    raise
                time.sleep(0.05)
            else:
                return


def full_name(name: str) -> str:
    return name if name == LAST else f"app:{name}"


def with_parent(argv: Sequence[str]) -> list[str]:
    """The same command, ended by the kernel with SIGTERM when the process that starts it dies."""
    return ["setpriv", "--pdeathsig", "TERM", "--", *argv]


def _escaped(values: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value).replace("%", "%%") for key, value in values.items()}

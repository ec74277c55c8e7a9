"""A real `wangge up` in a home of its own, for tests that kill its parts. Times are seconds."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from data import cluster, postgres
from data.settings import CHECKOUT
from flows import processes
from flows.system import answers

PATIENCE_SECONDS = 180
UNLIMITED = {
    f"WANGGE_{name}": "0"
    for name in ("ACCOUNT_REQUESTS_PER_MINUTE", "ADDRESS_REQUESTS_PER_MINUTE", "PUBLIC_REPORTS_PER_HOUR")
}
"""A test calls more often than people do."""
SERVICES = {
    "web": "api.server",
    "prefect": "flows.prefect_server",
    "dispatcher": "flows.dispatch",
    "importer": "flows.importer",
    "schedules": "flows.deployments",
    "database": "data.cluster",
}
"""What the command line of each service holds."""


class System:
    """One home with its ports, and the `wangge up` that runs there at the moment."""

    def __init__(self, home: Path, *, until: str = "ready after") -> None:
        self.home = home
        self.port, self.prefect_port = postgres.free_port(), postgres.free_port()
        self.web, self.prefect = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.prefect_port}"
        self.lines: list[str] = []
        self.start(until=until)

    def start(self, *, until: str = "ready after") -> None:
        """Until a line that begins so is said."""
        self.process = self.command("up", "--port", str(self.port), "--no-demo")
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()
        try:
            eventually(lambda: any(line.startswith(until) for line in self.lines), self.lines)
        except AssertionError:
            self.stop()
            raise

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "WANGGE"))}
        ours = UNLIMITED | {"WANGGE_HOME": str(self.home), "WANGGE_PREFECT_PORT": str(self.prefect_port)}
        argv = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
        return subprocess.Popen(argv, cwd=CHECKOUT, env=inherited | ours, stderr=subprocess.PIPE, text=True)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr
        with process.stderr as said:
            for line in said:
                self.lines.append(line)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    def pids(self, service: str) -> list[int]:
        return [pid for pid in processes.left_over(self.home) if SERVICES[service] in arguments_of(pid)]

    def is_whole(self) -> bool:
        told = [arguments_of(pid) for pid in processes.left_over(self.home)]
        is_complete = all(sum(held in arguments for arguments in told) == 1 for held in SERVICES.values())
        return is_complete and answers(f"{self.web}/health/live") and answers(f"{self.prefect}/api/health")

    def execute(self, statement: str) -> int:
        with psycopg.connect(cluster.ensure_running(home=self.home), autocommit=True) as connection:
            return connection.execute(statement).rowcount  # type: ignore[call-overload, no-any-return]


def arguments_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def eventually(condition: Callable[[], object], report: object = None) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, report
        time.sleep(0.05)

"""`wangge up` on a system of its own: every part is killed with -9 in turn, then those who watch over the parts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from data import cluster, postgres
from data.settings import CHECKOUT
from flows import processes
from flows.system import answers
from tests.homes import temporary_home

pytestmark = [pytest.mark.flow, pytest.mark.slow]
PATIENCE_SECONDS = 180
SERVICES = {
    "web": "api.app:app",
    "prefect": "flows.prefect_server",
    "dispatcher": "flows.dispatch",
    "schedules": "flows.deployments",
    "database": "data.cluster",
}
"""What the command line of each service holds."""


class System:
    """One home with its ports, and the `wangge up` that runs there at the moment."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port, self.prefect_port = postgres.free_port(), postgres.free_port()
        self.lines: list[str] = []
        self.start()

    def start(self) -> None:
        self.process = self.command("up", "--port", str(self.port), "--no-demo")
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()
        eventually(lambda: any(line.startswith("ready after") for line in self.lines), self.lines)

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "WANGGE"))}
        ours = {"WANGGE_HOME": str(self.home), "WANGGE_PREFECT_PORT": str(self.prefect_port)}
        argv = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
        return subprocess.Popen(argv, cwd=CHECKOUT, env=inherited | ours, stderr=subprocess.PIPE, text=True)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr
        with process.stderr as said:
            for line in said:
                self.lines.append(line)

    def pids(self, service: str) -> list[int]:
        return [pid for pid in processes.left_over(self.home) if SERVICES[service] in arguments_of(pid)]

    def is_whole(self) -> bool:
        web, prefect = f"http://127.0.0.1:{self.port}/health/live", f"http://127.0.0.1:{self.prefect_port}/api/health"
        return all(len(self.pids(name)) == 1 for name in SERVICES) and answers(web) and answers(prefect)

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


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with temporary_home() as home:
        system = System(home)
        system.execute("CREATE TABLE kept AS SELECT 'stored before the killing' AS what")
        yield system
        system.process.terminate()
        system.process.wait()


@pytest.fixture(autouse=True)
def _nothing_is_lost(system: System) -> Iterator[None]:
    eventually(system.is_whole, system.lines)
    yield
    assert system.execute("SELECT FROM kept") == 1


def test_every_service_is_reported_and_answers(system: System) -> None:
    reported = {line.split()[0] for line in system.lines if " ready " in line}
    assert reported == set(SERVICES)


@pytest.mark.parametrize("service", list(SERVICES))
def test_a_killed_service_comes_back(system: System, service: str) -> None:
    (before,) = system.pids(service)
    os.kill(before, signal.SIGKILL)
    eventually(lambda: system.is_whole() and system.pids(service) != [before], system.lines)


def test_a_killed_postgresql_server_comes_back(system: System) -> None:
    before = cluster.postmaster_pid(home=system.home)
    assert before
    os.kill(before, signal.SIGKILL)
    eventually(lambda: cluster.postmaster_pid(home=system.home) not in (None, before))


def test_a_killed_supervisor_is_replaced_with_all_it_ran(system: System) -> None:
    supervisor = int((system.home / "supervisord.pid").read_text())
    before = {name: system.pids(name) for name in SERVICES}
    os.kill(supervisor, signal.SIGKILL)
    eventually(lambda: system.is_whole() and all(system.pids(name) != before[name] for name in SERVICES), system.lines)


def test_a_second_start_points_to_the_first(system: System) -> None:
    second = system.command("up")
    _, said = second.communicate()
    assert second.returncode == 0
    assert said == f"already running at http://127.0.0.1:{system.port} (process {system.process.pid})\n"


def test_after_the_killing_of_everything_a_new_start_takes_over(system: System) -> None:
    before = processes.left_over(system.home)
    system.process.kill()
    system.process.wait()
    system.lines.clear()
    system.start()
    assert set(before).isdisjoint(processes.left_over(system.home))
    assert system.is_whole()


def test_ctrl_c_stops_everything(system: System) -> None:
    """The last test: what was stored is looked for in the database alone."""
    system.process.send_signal(signal.SIGINT)
    assert system.process.wait(PATIENCE_SECONDS) == 0
    assert processes.left_over(system.home) == []
    assert cluster.postmaster_pid(home=system.home) is None

"""`wangge up` on a system of its own: every part is killed with -9 in turn, then those who watch over the parts."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from data import cluster
from flows import processes
from tests.homes import temporary_home
from tests.running import PATIENCE_SECONDS, SERVICES, System, eventually

pytestmark = [pytest.mark.flow, pytest.mark.slow]


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with temporary_home() as home:
        system = System(home)
        system.execute("CREATE TABLE kept AS SELECT 'stored before the killing' AS what")
        yield system
        system.stop()


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
    """And gets on with it when supervisord is killed in its midst."""
    before = processes.left_over(system.home)
    system.process.kill()
    system.process.wait()
    system.lines.clear()
    system.start(until="web         ready")
    os.kill(int((system.home / "supervisord.pid").read_text()), signal.SIGKILL)
    eventually(lambda: any(line.startswith("ready after") for line in system.lines), system.lines)
    assert set(before).isdisjoint(processes.left_over(system.home))
    assert any("supervisor was killed" in line for line in system.lines)
    assert system.is_whole()


def test_ctrl_c_stops_everything(system: System) -> None:
    """The last test: what was stored is looked for in the database alone."""
    system.process.send_signal(signal.SIGINT)
    assert system.process.wait(PATIENCE_SECONDS) == 0
    assert processes.left_over(system.home) == []
    assert cluster.postmaster_pid(home=system.home) is None

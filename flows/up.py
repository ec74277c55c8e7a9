"""`wangge up`: everything started, watched and stopped by one process. Times are seconds.

Killed at any point, it is simply started again: the kernel ends what it supervised, the next start ends what is left, and
what was stored is still there.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from functools import cache, partial
from pathlib import Path
from types import FrameType
from typing import TextIO

from data import cluster, postgres
from data.settings import settings
from flows import console, prefect_settings, processes, system
from flows.supervisor import Service, Supervisor
from geo.errors import Conflict, Unavailable

PATIENCE_SECONDS = 3
READY_SECONDS = 120
LOOK_SECONDS = 0.5


class Stop(BaseException):
    """Somebody asked us to end."""


def up(*, port: int | None = None, with_demo: bool = True) -> None:
    """Start the system and keep it running until Ctrl-C or SIGTERM. Where it runs already, say so and return."""
    home = settings().home
    with _lock(home) as is_ours:
        if is_ours:
            _run(home, port or settings().port, with_demo=with_demo)
        else:
            _point_to_running(home, port)


def _run(home: Path, port: int, *, with_demo: bool) -> None:
    try:
        with _stop_on_signals():
            processes.end_left_over(home, patience_seconds=PATIENCE_SECONDS)
            with _stopped_at_the_end(_supervisor(home, port)) as supervisor:
                _keep_running(supervisor, partial(_prepare, with_demo=with_demo))
    except Stop:
        console.say("stopped")


@contextmanager
def _stopped_at_the_end(supervisor: Supervisor) -> Iterator[Supervisor]:
    try:
        yield supervisor
    finally:
        console.say("stopping …")
        supervisor.stop()
        prefect_settings.state_file(supervisor.home).unlink(missing_ok=True)


def _supervisor(home: Path, port: int) -> Supervisor:
    """Choose the ports, start the database, write down where we are."""
    host = settings().host
    if not postgres.is_free(port, host):
        raise Conflict(f"port {port} on {host} is taken by another program; choose one with --port or WANGGE_PORT")
    cluster.ensure_running()
    prefect_port = system.free_prefect_port()
    prefect_settings.note_running(home, web=system.address(host, port), prefect_port=prefect_port)
    services = system.services(host=host, port=port, prefect_port=prefect_port)
    return Supervisor(home, services, prefect_settings.chosen(home) | {"WANGGE_HOME": str(home)})


def _keep_running(supervisor: Supervisor, prepare: Callable[[], None]) -> None:
    """Without end: supervisord may be killed too, even while all is being started."""
    prepare_once = cache(prepare)
    while True:
        try:
            _bring_up(supervisor, prepare_once)
            _watch(supervisor)
        except Unavailable as error:
            console.say(error.message)
            supervisor.stop()  # whole or not at all
        console.say("the supervisor was killed; starting again")
        processes.end_left_over(supervisor.home, patience_seconds=PATIENCE_SECONDS)


def _bring_up(supervisor: Supervisor, prepare: Callable[[], None]) -> None:
    """Start the services, those first that people wait for; the dispatcher works without Prefect for a while."""
    begun = time.monotonic()
    supervisor.start()
    supervisor.run(*_present(supervisor, "database"))
    prepare()
    stages = _present(supervisor, "database", "web", "dispatcher"), ["importer", "prefect"], ["schedules"]
    are_ready = [is_ready for names in stages for is_ready in _start(supervisor, names)]
    outcome = "ready" if all(are_ready) else "running, but not all of it is ready,"
    console.say(f"{outcome} after {time.monotonic() - begun:.0f} s: {_web(supervisor)}   (Ctrl-C stops everything)")


def _prepare(*, with_demo: bool) -> None:
    from flows import prepare

    with console.messages.status("bringing the tables to the newest version"):
        prepare.bring_up_to_date()
    if with_demo and prepare.load_demo_into_empty():
        prepare.first_results()
    if not prepare.has_accounts():
        console.say("nobody can sign in yet: `wangge account create NAME --office system_admin` (docs/accounts.md)")


def _present(supervisor: Supervisor, *names: str) -> list[str]:
    """A given database is not ours to run."""
    return [name for name in names if name in supervisor.services]


def _start(supervisor: Supervisor, names: Sequence[str]) -> list[bool]:
    """Start these side by side; whether each became ready."""
    supervisor.run(*names)
    return [_report(supervisor, name) for name in names]


def _report(supervisor: Supervisor, name: str) -> bool:
    """One line per service, as soon as it is ready."""
    service = supervisor.services[name]
    is_ready = _wait_until_ready(supervisor, service)
    console.say(f"{name:<12}{'ready' if is_ready else f'not ready, see {supervisor.log(name)}':<9}{service.address}")
    return is_ready


def _wait_until_ready(supervisor: Supervisor, service: Service) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and supervisor.is_alive():
        if supervisor.states()[service.name].status == "RUNNING" and service.is_ready():
            return True
        time.sleep(0.1)
    return False


def _watch(supervisor: Supervisor) -> None:
    """Tell what was restarted, until supervisord itself is killed."""
    pids = _pids(supervisor)
    while supervisor.is_alive():
        time.sleep(LOOK_SECONDS)
        now = _pids(supervisor)
        for name in sorted(name for name, pid in now.items() if pid != pids.get(name, pid)):
            console.say(f"{name:<12}ended and was started again")
        pids |= now


def _pids(supervisor: Supervisor) -> dict[str, int]:
    try:
        return {state.name: state.pid for state in supervisor.states().values() if state.pid}
    except Unavailable:
        return {}


def _web(supervisor: Supervisor) -> str:
    return supervisor.services["web"].address


def _point_to_running(home: Path, port: int | None) -> None:
    state = prefect_settings.running(home) or {"web": "an address not known yet", "pid": "starting"}
    where = f"already running at {state['web']} (process {state['pid']})"
    if port is not None and not str(state["web"]).endswith(f":{port}"):
        raise Conflict(f"{where}; stop it first to use another port")
    console.say(where)


@contextmanager
def _lock(home: Path) -> Iterator[bool]:
    """Whether this process is the only one that runs the system of `home`. The lock dies with its holder."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.lock").open("w") as file:
        yield _is_first(file)


def _is_first(file: TextIO) -> bool:
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _stop_on_signals() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal stop us once; while we stop they change nothing."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise Stop

    before = [signal.signal(each, stop) for each in numbers]
    try:
        yield
    finally:
        for each, handler in zip(numbers, before, strict=True):
            signal.signal(each, handler)

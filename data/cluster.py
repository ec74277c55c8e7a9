"""The private PostgreSQL cluster under `$WANGGE_HOME`: made once, started when it is down, never run as root.

    home/cluster.json     port and passwords, readable by the owner only
    home/postgres/data    the cluster, owned by whoever runs it: the caller, or `postgres` when the caller is root
    home/postgres/log     the server's log of the last seven days

Where `postgres` cannot reach the home (a checkout under a closed folder), the cluster lies in /var/lib/wangge/<hash>.
Any process may be killed at any moment: `ensure_running` clears away what it left, and PostgreSQL recovers the rest.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import select
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from functools import cached_property
from hashlib import blake2s
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from data import postgres, whole_files
from data.settings import CHECKOUT, settings
from geo.errors import Unavailable, WanggeError

ROLE, WEB_ROLE = "wangge", "wangge_web"
DATABASES = ("wangge", "prefect")
OUTSIDE = Path("/var/lib/wangge")
START_SECONDS = 600
"""Crash recovery replays up to `max_wal_size`; on a slow disk that takes minutes."""


@dataclass(frozen=True)
class Cluster:
    """Where one private cluster lives and what it is called."""

    home: Path

    @cached_property
    def owner(self) -> pwd.struct_passwd:
        return postgres.owner()

    @cached_property
    def hash(self) -> str:
        return blake2s(str(self.home).encode(), digest_size=6).hexdigest()

    @property
    def name(self) -> str:
        """PostgreSQL puts it in the title of each of its processes: by it an orphan is known for ours."""
        return f"wangge-{self.hash}"

    @cached_property
    def folder(self) -> Path:
        outside = OUTSIDE / self.hash
        if (outside / "data").exists() or not postgres.can_enter(self.owner, self.home):
            return outside
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def socket_folder(self) -> Path:
        """Made when it is missing: folders under /tmp come and go."""
        return postgres.short_folder(self.folder / "run", self.name, self.owner)

    @property
    def notes_file(self) -> Path:
        return self.home / "cluster.json"

    def noted(self) -> dict[str, str | int]:
        """`port`, `password` and `web_password`; chosen on the first call."""
        if not self.notes_file.exists():
            self.note(port=postgres.free_port(), password=_drawn(), web_password=_drawn())
        known: dict[str, str | int] = json.loads(self.notes_file.read_text())
        return known

    def note(self, **known: str | int) -> None:
        whole_files.write(self.notes_file, json.dumps(known).encode())

    def url(self, database: str = "wangge") -> str:
        known = self.noted()
        return f"postgresql://{ROLE}:{known['password']}@127.0.0.1:{known['port']}/{database}"

    def web_url(self, database: str = "wangge") -> str:
        """For the web, as the role that owns nothing."""
        known = self.noted()
        return f"postgresql://{WEB_ROLE}:{known['web_password']}@127.0.0.1:{known['port']}/{database}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time makes, starts or stops the cluster; the lock dies with its holder."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "cluster.lock").open("w") as file:
            flock(file, LOCK_EX)
            yield


def private(home: Path | None = None) -> Cluster:
    """The cluster under `home`, or under the setting of that name."""
    return Cluster(CHECKOUT / (home or settings().home))


def url(database: str | None = None) -> str:
    """The address of `database` on the server in use, given or private; without a name, of the product's database."""
    given = settings().database_url
    if not given:
        return private().url(database or "wangge")
    return urlsplit(given)._replace(path=f"/{database}").geturl() if database else given


def web_url() -> str:
    """The address of the private cluster's product database for the web."""
    return private().web_url()


def ensure_running(*, home: Path | None = None) -> str:
    """Start the private cluster if it is down, making it first if need be; return the address of its database `wangge`.

    Without `home`, an address given in the settings is returned as it is and nothing is started.
    """
    given = settings().database_url
    if given and home is None:
        return given
    cluster = private(home)
    _ensure(cluster)
    return cluster.url()


def stop(*, home: Path | None = None) -> bool:
    """Stop the private cluster; False when it was not running."""
    cluster = private(home)
    with cluster.locked():
        server = postgres.running(cluster.data)
        if server is None:
            return False
        postgres.control(cluster, "stop", "--mode=fast", "--wait", "--timeout=60")
        return True


def postmaster_pid(*, home: Path | None = None) -> int | None:
    """Process id of the running private server."""
    server = postgres.running(private(home).data)
    return server.pid if server else None


def watch() -> None:
    """Keep the private cluster running until SIGTERM, then stop it."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    try:
        while True:
            ensure_running()
            _wait_for_end(postmaster_pid())
    finally:
        stop()


def _ensure(cluster: Cluster) -> None:
    if _is_ready(cluster):
        return
    with cluster.locked():
        _settle(cluster)
        if not _is_running(cluster):
            _create(cluster)
            launch(cluster)
        _let_in(cluster)


def _is_ready(cluster: Cluster) -> bool:
    """Whether nothing is left to do; the notes of a cluster from before the web had a role know no password for it."""
    return _is_running(cluster) and "web_password" in cluster.noted()


def _is_running(cluster: Cluster) -> bool:
    server = postgres.running(cluster.data)
    return server is not None and server.is_ready and cluster.notes_file.exists()


def _let_in(cluster: Cluster) -> None:
    """Both roles, by the passwords of the notes; the web's is made where it is missing, as after a dump was brought in."""
    known = {"web_password": _drawn()} | cluster.noted()
    passwords = {ROLE: str(known["password"]), WEB_ROLE: str(known["web_password"])}
    postgres.set_passwords(cluster, passwords, by=ROLE)
    cluster.note(**known)


def _drawn() -> str:
    return secrets.token_urlsafe(24)


def _settle(cluster: Cluster) -> None:
    """Let a server that is starting or stopping come to its end state."""
    deadline = time.monotonic() + START_SECONDS
    while (server := postgres.running(cluster.data)) and not server.is_ready:
        if time.monotonic() > deadline:
            raise Unavailable(f"the database has been {server.status} for {START_SECONDS} s; see {cluster.folder}/log")
        time.sleep(0.05)


def _create(cluster: Cluster) -> None:
    """Beside, then renamed: a cluster is there whole, with its databases, or not at all."""
    if cluster.data.exists():
        return
    unfinished = cluster.folder / "data.unfinished"
    postgres.make_folder(cluster.folder, cluster.owner)
    postgres.make_folder(cluster.folder / "log", cluster.owner)
    postgres.initialise(cluster, unfinished, role=ROLE, databases=DATABASES)
    unfinished.rename(cluster.data)


def launch(cluster: Cluster) -> None:
    """Start the server alone, for who holds the lock."""
    postgres.bury(cluster)
    for attempt in (1, 2, 3):
        _settle_port(cluster)
        postgres.configure(cluster, port=int(cluster.noted()["port"]))
        started = postgres.control(cluster, "start", "--wait", f"--timeout={START_SECONDS}", check=attempt == 3)
        if started:
            break


def _settle_port(cluster: Cluster) -> None:
    known = cluster.noted()
    if not postgres.is_free(int(known["port"])):
        cluster.note(**known | {"port": postgres.free_port()})


def _wait_for_end(pid: int | None) -> None:
    if pid is None:
        return
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        select.select([handle], [], [])
    finally:
        os.close(handle)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    try:
        watch()
    except WanggeError as error:
        raise SystemExit(error.message) from error

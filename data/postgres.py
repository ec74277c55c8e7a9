"""PostgreSQL's own programs and processes, as `data.cluster` needs them. Memory is in MB, time in seconds."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

from data import whole_files
from data.settings import settings
from geo.errors import NotReady, Unavailable

if TYPE_CHECKING:
    from data.cluster import Cluster

SOCKET_PATH_BYTES = 107
PORTS = range(20000, 32000)
"""Below the range from which Linux gives ports to outgoing connections."""
PLAIN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
INSTALL = "apt install postgresql-15 postgresql-15-postgis-3 postgresql-15-pgrouting"


@dataclass(frozen=True)
class Server:
    """What postmaster.pid says of a server that really runs."""

    pid: int
    status: str

    @property
    def is_ready(self) -> bool:
        return self.status == "ready"


def owner() -> pwd.struct_passwd:
    """Who runs the server: the caller, or `postgres` when the caller is root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError as error:
        raise NotReady(f"PostgreSQL is not installed: {INSTALL}") from error


def programs() -> Path:
    """The folder of the newest installed PostgreSQL that has PostGIS and pgRouting."""
    found = [
        folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if all(_has_extension(folder.parent.name, name) for name in ("postgis", "pgrouting"))
    ]
    if not found:
        raise NotReady(f"PostgreSQL with PostGIS and pgRouting is not installed: {INSTALL}")
    return max(found, key=lambda folder: int(folder.parent.name))


def _has_extension(version: str, name: str) -> bool:
    return Path(f"/usr/share/postgresql/{version}/extension/{name}.control").exists()


def programs_for(data: Path) -> Path:
    """The programs of the version that made `data`."""
    version = (data / "PG_VERSION").read_text().strip()
    return Path(f"/usr/lib/postgresql/{version}/bin")


def run(cluster: Cluster, argv: Sequence[str | Path], **options: object) -> subprocess.CompletedProcess[str]:
    """Run a program as the cluster's owner, with a plain environment, in a folder that the owner can enter."""
    who = {"user": cluster.owner.pw_uid, "group": cluster.owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [str(part) for part in argv],
        check=False,
        cwd=cluster.folder,
        env=PLAIN_ENVIRONMENT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        umask=0o077,
        **{"stdin": subprocess.DEVNULL} | who | options,
    )


def run_checked(cluster: Cluster, argv: Sequence[str | Path], **options: object) -> None:
    done = run(cluster, argv, **options)
    if done.returncode:
        raise Unavailable(f"{Path(argv[0]).name} failed: {done.stdout.strip()}")


def initialise(cluster: Cluster, data: Path, *, role: str, databases: Sequence[str]) -> None:
    """Make a cluster in `data` with `databases`. Checksums on, UTF-8, and text sorts the same on every machine."""
    shutil.rmtree(data, ignore_errors=True)
    tools = programs()
    switches = ("--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=trust")
    run_checked(cluster, [tools / "initdb", *switches, "--auth-host=scram-sha-256", "-U", role, "-D", data])
    with (data / "postgresql.conf").open("a") as file:
        file.write("include '../wangge.conf'\n")
    configure(cluster, port=PORTS.start)
    statements = "".join(f"CREATE DATABASE {name}\n" for name in databases)
    run_checked(cluster, [tools / "postgres", "--single", "-D", data, "postgres"], stdin=None, input=statements)


def configure(cluster: Cluster, *, port: int) -> None:
    """Write the settings that depend on the machine and on the port of the day."""
    chosen = memory_settings(memory_mb()) | {
        "cluster_name": cluster.name,
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": cluster.socket_folder,
        "max_connections": 200,
        "max_wal_size": "4GB",
        "wal_compression": "on",
        "jit": "off",
        "random_page_cost": 1.1,
        "timezone": "UTC",
        "logging_collector": "on",
        "log_directory": cluster.folder / "log",
        "log_filename": "postgresql-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_size": 0,
    }
    chosen |= archiving(cluster)
    text = "".join(f"{key} = '{str(value).replace(chr(39), chr(39) * 2)}'\n" for key, value in chosen.items())
    whole_files.write(cluster.folder / "wangge.conf", text.encode(), mode=0o644)


def archiving(cluster: Cluster) -> dict[str, str]:
    """Settings by which every segment of the log goes to the archive, where there is one."""
    from data import wal

    archive = settings().wal_archive
    if archive is None:
        return {}
    make_folder(archive, cluster.owner)
    make_folder(archive / "wal", cluster.owner)
    return wal.archiving(archive)


def memory_settings(total_mb: int) -> dict[str, str]:
    """PostgreSQL's memory from the machine's: a quarter to its buffers, at most 1 GB, for other programs live here too."""
    return {
        "shared_buffers": f"{min(max(total_mb // 4, 64), 1024)}MB",
        "effective_cache_size": f"{max(total_mb // 2, 128)}MB",
        "work_mem": f"{min(max(total_mb // 256, 4), 64)}MB",
        "maintenance_work_mem": f"{min(max(total_mb // 16, 64), 512)}MB",
    }


def memory_mb() -> int:
    """What this machine, or the container around us, may use."""
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limit = Path("/sys/fs/cgroup/memory.max")
    allowed = limit.read_text().strip() if limit.exists() else "max"
    return min(physical, int(allowed) if allowed.isdigit() else physical) // 2**20


def control(cluster: Cluster, command: str, *switches: str, check: bool = True) -> bool:
    """`pg_ctl start|stop`; False when it failed and `check` is off."""
    log = cluster.folder / "log" / "start.log"
    to_log = ("-l", str(log)) if command == "start" else ()
    done = run(cluster, [programs_for(cluster.data) / "pg_ctl", command, "-D", cluster.data, *to_log, *switches])
    if done.returncode and check:
        raise Unavailable(f"the database did not {command}: {_last_words(cluster) or done.stdout.strip()}")
    return done.returncode == 0


def _last_words(cluster: Cluster) -> str:
    """What the server wrote last that is wrong."""
    logs = sorted((cluster.folder / "log").glob("*.log"), key=lambda log: log.stat().st_mtime)
    lines = [line for log in logs[-2:] for line in log.read_text(errors="replace").splitlines()[-50:]]
    return next((line for line in reversed(lines) if "FATAL" in line or "PANIC" in line), "")


def set_passwords(cluster: Cluster, passwords: Mapping[str, str], *, by: str) -> None:
    """Roles are made if missing. Through the socket, which only the owner can reach; so a lost password file is no loss."""
    psql = programs_for(cluster.data) / "psql"
    target = ("-h", cluster.socket_folder, "-p", cluster.noted()["port"], "-U", by, "-d", "postgres")
    told = "SET log_statement = 'none';\n" + "".join(_let_in(*each) for each in passwords.items())
    switches = ("--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1")
    run_checked(cluster, [psql, *switches, *map(str, target)], stdin=None, input=told)


def _let_in(role: str, password: str) -> str:
    made = f"SELECT 'CREATE ROLE {role} NOINHERIT' WHERE to_regrole('{role}') IS NULL \\gexec\n"
    return f"{made}ALTER ROLE {role} LOGIN PASSWORD '{password}';\n"


def running(data: Path) -> Server | None:
    """The server of `data`. A file left by a killed one doesn't count, nor a stranger who got its process id."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        title = Path(f"/proc/{int(lines[0])}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return None
    if str(data).encode() not in title:
        return None
    return Server(int(lines[0]), lines[7].strip() if len(lines) > 7 else "starting")


def bury(cluster: Cluster) -> None:
    """After a killed postmaster: end its children, which keep its shared memory, and drop the files that name it.

    PostgreSQL refuses to start while a process has the id in them, be it a stranger's or one that nobody took note of.
    """
    deadline = time.monotonic() + 30
    while children := list(_children(cluster)):
        for pid in children:
            kill(pid)
        if time.monotonic() > deadline:
            raise Unavailable(f"processes of a killed database do not end: {children}")
        time.sleep(0.02)
    for file in (cluster.data / "postmaster.pid", *cluster.socket_folder.glob(".s.PGSQL.*")):
        file.unlink(missing_ok=True)


def _children(cluster: Cluster) -> Iterator[int]:
    title = f"postgres: {cluster.name}: ".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = process.stat().st_uid == cluster.owner.pw_uid
            if is_ours and (process / "cmdline").read_bytes().startswith(title):
                yield int(process.name)
        except OSError:
            continue


def kill(pid: int) -> None:
    """End a process at once, if it is still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port on which nobody listens, at random so that two who choose at once seldom meet."""
    return next(port for port in SystemRandom().sample(PORTS, k=1000) if is_free(port))


def can_enter(who: pwd.struct_passwd, folder: Path) -> bool:
    """Whether the user may walk down to `folder`, which exists or whose parent does."""
    return all(_may_walk(who, part) for part in (folder, *folder.parents) if part.exists())


def _may_walk(who: pwd.struct_passwd, folder: Path) -> bool:
    status = folder.stat()
    if who.pw_uid in (0, status.st_uid):
        return True
    return bool(status.st_mode & (0o010 if status.st_gid == who.pw_gid else 0o001))


def make_folder(folder: Path, who: pwd.struct_passwd) -> None:
    """A folder for `who` alone, parents open to walk through. A link or another's folder in its place is refused."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid not in (os.geteuid(), who.pw_uid):
        raise NotReady(f"{folder} belongs to somebody else; move it away or set another WANGGE_HOME")
    if os.geteuid() == 0:
        os.chown(folder, who.pw_uid, who.pw_gid, follow_symlinks=False)
    folder.chmod(0o700)


def short_folder(wished: Path, name: str, who: pwd.struct_passwd) -> Path:
    """`wished`, or one under /tmp when a socket in it would have a longer path than the system takes."""
    room_for_file = len("/.s.PGSQL.65535.lock")
    is_short = len(os.fsencode(wished)) + room_for_file <= SOCKET_PATH_BYTES
    folder = wished if is_short else Path(tempfile.gettempdir()) / f"{name}-{who.pw_uid}"
    make_folder(folder, who)
    return folder

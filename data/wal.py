"""Continuous archiving of the private cluster, for those who may lose a minute and not a day: base copies, every segment of the
write-ahead log, and the cluster as it was at a moment. All in the folder of `WANGGE_WAL_ARCHIVE`:

    base/<moment in UTC>    a copy of the whole cluster
    wal/<segment>           what was written since, in pieces that are closed every minute
"""

from __future__ import annotations

import shlex
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from data import cluster, postgres
from data.settings import settings
from geo.errors import BadInput, Conflict, NotFound, NotReady, Unavailable

if TYPE_CHECKING:
    from data.cluster import Cluster

STAMP = "%Y%m%dT%H%M%SZ"
UNFINISHED = ".unfinished"
SIGNAL = "recovery.signal"
"""PostgreSQL takes it away when it has come as far as it was told."""
RECOVERY = "wangge-recovery.conf"
BEFORE = ".before-"


def base() -> Path:
    """Copy the running cluster; the copy's folder. Raises: NotReady without a private cluster that is archived."""
    archive, private = _archive(), cluster.private()
    _expect_private()
    cluster.ensure_running()
    copies = archive / "base"
    postgres.make_folder(copies, private.owner)
    name = f"{datetime.now(UTC):{STAMP}}"
    unfinished = copies / (name + UNFINISHED)
    argv = [
        postgres.programs_for(private.data) / "pg_basebackup",
        "-h",
        private.socket_folder,
        "-p",
        private.noted()["port"],
    ]
    switches = ("-U", cluster.ROLE, "--checkpoint=fast", "--no-password", "-D", str(unfinished))
    postgres.run_checked(private, [*map(str, argv), *switches])
    return unfinished.rename(copies / name)


def restore(until: datetime | None, *, force: bool) -> Path:
    """Bring the private cluster to where it was at `until`, else to the end of the archive, and start it; which copy it began with.

    Raises: Conflict while the cluster runs, or is there and not `force`: it is then kept beside; NotFound when no copy is that old.
    """
    archive, private = _archive(), cluster.private()
    _expect_private()
    copy = _copy_before(archive, until)
    with private.locked():
        _make_room(private, force=force)
        postgres.make_folder(private.folder, private.owner)
        postgres.make_folder(private.folder / "log", private.owner)
        postgres.run_checked(private, ["cp", "-a", str(copy), str(private.data)])
        _say_how_far(private, archive, until)
        _recover(private)
    cluster.ensure_running()
    return copy


def archiving(archive: Path) -> dict[str, str]:
    """The server's settings by which it archives; a segment that lies there already has to be the same."""
    there = _quoted(archive / "wal") + "/%f"
    part = _quoted(archive / "wal") + "/.%f.part"
    command = f"if test -f {there}; then cmp -s %p {there}; else cp %p {part} && sync {part} && mv {part} {there}; fi"
    return {"archive_mode": "on", "archive_timeout": "60s", "archive_command": command}


def _archive() -> Path:
    found = settings().wal_archive
    if found is None:
        raise NotReady("set WANGGE_WAL_ARCHIVE to a folder and start the database anew: docs/backup.md")
    return found


def _expect_private() -> None:
    if settings().database_url:
        raise BadInput(
            "WANGGE_DATABASE_URL names a server of your own: archive it by its own means, see docs/backup.md"
        )


def _copy_before(archive: Path, until: datetime | None) -> Path:
    copies = sorted(path for path in (archive / "base").glob("*Z"))
    old = [path for path in copies if until is None or _made_at(path) <= until]
    if not old:
        raise NotFound(f"{archive / 'base'} holds no copy of the cluster from before {until or 'now'}")
    return old[-1]


def _made_at(copy: Path) -> datetime:
    return datetime.strptime(copy.name, STAMP).replace(tzinfo=UTC)


def _make_room(private: Cluster, *, force: bool) -> None:
    if postgres.running(private.data):
        raise Conflict("the database runs: stop the system first")
    if not private.data.exists():
        return
    if not force:
        raise Conflict(f"{private.data} is there already; with --force it is kept beside")
    private.data.rename(private.data.with_name(f"data{BEFORE}{datetime.now(UTC):{STAMP}}"))


def _say_how_far(private: Cluster, archive: Path, until: datetime | None) -> None:
    """Have the server fetch what was archived, and begin to serve only when it is there."""
    chosen = {"restore_command": f"cp {_quoted(archive / 'wal')}/%f %p", "hot_standby": "off"}
    if until is not None:
        chosen |= {"recovery_target_time": until.astimezone(UTC).isoformat(), "recovery_target_action": "promote"}
    lines = "".join(f"{name} = '{_doubled(value)}'\n" for name, value in chosen.items())
    for name, text in ((RECOVERY, lines), (SIGNAL, "")):
        path = private.data / name
        path.write_text(text)
        shutil.chown(path, private.owner.pw_uid, private.owner.pw_gid)
    with (private.data / "postgresql.auto.conf").open("a") as file:
        file.write(f"include_if_exists '{RECOVERY}'\n")


def _recover(private: Cluster) -> None:
    """Run the server until it has come as far as it was told, and stop it; that it takes no connection before is wished."""
    cluster.launch(private)
    deadline = time.monotonic() + cluster.START_SECONDS
    while (private.data / SIGNAL).exists():
        if postgres.running(private.data) is None or time.monotonic() > deadline:
            raise Unavailable(f"the archive does not lead to that moment; see {private.folder / 'log'}")
        time.sleep(0.1)
    postgres.control(private, "stop", "--mode=fast", "--wait")
    (private.data / RECOVERY).unlink()


def _quoted(path: Path) -> str:
    """For the shell of the server, in which `%` begins a name."""
    return shlex.quote(str(path)).replace("%", "%%")


def _doubled(value: str) -> str:
    return value.replace("'", "''")

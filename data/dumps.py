"""PostgreSQL's own dump and restore of a database, as streams. Passwords go by the environment, never by the arguments."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from data import postgres
from geo.errors import Unavailable

PART = 2**20
LAST_WORDS = 2000


def dump(url: str, snapshot: str, sink: Any) -> None:
    """Write what the exported `snapshot` sees to `sink`, packed, in the custom format."""
    switches = ("--format=custom", "--compress=1", "--no-owner", f"--snapshot={snapshot}")
    with _program("pg_dump", url, switches, stdout=subprocess.PIPE) as process:
        shutil.copyfileobj(process.stdout, sink, PART)


def load(url: str, source: IO[bytes]) -> None:
    """Bring a dump into an empty database, in one transaction: all of it or nothing."""
    switches = ("--no-owner", "--exit-on-error", "--single-transaction")
    with _program("pg_restore", url, switches, stdin=subprocess.PIPE) as process:
        try:
            shutil.copyfileobj(source, process.stdin, PART)
            process.stdin.close()
        except BrokenPipeError:
            return


@contextmanager
def _program(name: str, url: str, switches: Sequence[str], **pipes: Any) -> Iterator[Any]:
    """A running program of PostgreSQL. Raises: Unavailable with its last words when it fails."""
    address = conninfo_to_dict(url)
    password = address.pop("password", None)
    environment = postgres.PLAIN_ENVIRONMENT | ({"PGPASSWORD": str(password)} if password else {})
    with tempfile.TemporaryFile() as words:
        argv = [
            str(postgres.programs() / name),
            *switches,
            "--no-password",
            f"--dbname={make_conninfo(**dict[str, Any](address))}",
        ]
        process = subprocess.Popen(argv, env=environment, stderr=words, **pipes)
        try:
            yield process
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            for pipe in filter(None, (process.stdin, process.stdout)):
                pipe.close()
        if status:
            words.seek(0)
            raise Unavailable(f"{name} failed: {words.read().decode(errors='replace')[-LAST_WORDS:].strip()}")

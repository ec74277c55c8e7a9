"""The private cluster is killed, robbed and started twice; what was committed stays and the next start works."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from data import cluster, postgres
from data.settings import CHECKOUT
from tests.homes import temporary_home

START = """
import sys
from pathlib import Path
from data import cluster
print(cluster.ensure_running(home=Path(sys.argv[1])))
"""


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home that every user may enter, so that the cluster lies inside it."""
    with temporary_home() as folder:
        yield folder


def connect(home: Path) -> psycopg.Connection:
    return psycopg.connect(cluster.ensure_running(home=home), autocommit=True)


def one(home: Path, query: str) -> object:
    with connect(home) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[call-overload]
        return row[0] if row else None


def pid_of(home: Path) -> int:
    pid = cluster.postmaster_pid(home=home)
    assert pid is not None
    return pid


def test_the_server_never_runs_as_root(home: Path) -> None:
    cluster.ensure_running(home=home)
    assert Path(f"/proc/{pid_of(home)}").stat().st_uid != 0


def test_a_new_cluster_has_checksums_utf8_and_what_the_maps_need(home: Path) -> None:
    assert one(home, "SHOW data_checksums") == "on"
    assert one(home, "SHOW server_encoding") == "UTF8"
    assert one(home, "SHOW fsync") == "on"
    with connect(home) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        connection.execute("CREATE EXTENSION IF NOT EXISTS pgrouting")
    assert one(home, "SELECT ST_Area(ST_MakeEnvelope(0, 0, 2, 3))") == 6


def test_prefect_has_a_database_of_its_own(home: Path) -> None:
    assert one(home, "SELECT count(*) FROM pg_database WHERE datname IN ('wangge', 'prefect')") == 2


def test_starting_a_running_server_again_changes_nothing(home: Path) -> None:
    address, pid = cluster.ensure_running(home=home), pid_of(home)
    begun = time.monotonic()
    assert cluster.ensure_running(home=home) == address
    assert pid_of(home) == pid
    assert time.monotonic() - begun < 0.5


def test_nobody_gets_in_over_the_network_without_the_password(home: Path) -> None:
    address = cluster.ensure_running(home=home)
    password = str(cluster.private(home).noted()["password"])
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address.replace(password, "guess"))


def test_the_socket_and_the_password_are_for_the_owner_alone(home: Path) -> None:
    private = cluster.private(home)
    cluster.ensure_running(home=home)
    assert private.socket_folder.stat().st_mode & 0o777 == 0o700
    assert private.notes_file.stat().st_mode & 0o777 == 0o600


def test_every_committed_row_outlives_a_killed_server(home: Path) -> None:
    """The server is killed while rows are written and another session computes, which keeps its shared memory."""
    with connect(home) as connection:
        connection.execute("CREATE TABLE kept (number int)")
    told: list[int] = []
    busy = threading.Thread(target=_compute, args=(connect(home),), daemon=True)
    writer = threading.Thread(target=_write, args=(connect(home), told), daemon=True)
    busy.start()
    writer.start()
    while len(told) < 100:
        time.sleep(0.01)
    os.kill(pid_of(home), signal.SIGKILL)
    while cluster.postmaster_pid(home=home):
        time.sleep(0.001)
    begun = time.monotonic()
    stored = one(home, "SELECT count(*) FROM kept")
    assert time.monotonic() - begun < 10
    busy.join(10)
    writer.join(10)
    assert not busy.is_alive()
    assert stored in (len(told), len(told) + 1)  # the last one may be committed and unanswered


def _write(connection: psycopg.Connection, told: list[int]) -> None:
    while True:
        try:
            connection.execute("INSERT INTO kept VALUES (%s)", [len(told)])
        except psycopg.Error:
            return
        told.append(len(told))


def _compute(connection: psycopg.Connection) -> None:
    try:
        connection.execute("SELECT count(*) FROM generate_series(1, 1e10::bigint)")
    except psycopg.Error:
        return


def test_a_process_file_with_the_id_of_a_stranger_is_no_obstacle(home: Path) -> None:
    cluster.ensure_running(home=home)
    file = cluster.private(home).data / "postmaster.pid"
    text = file.read_text().split("\n", 1)[1]
    cluster.stop(home=home)
    file.write_text(f"{os.getpid()}\n{text}")
    assert one(home, "SELECT 1") == 1


def test_a_taken_port_is_given_up_for_another(home: Path) -> None:
    cluster.ensure_running(home=home)
    before = int(cluster.private(home).noted()["port"])
    cluster.stop(home=home)
    with socket.create_server(("127.0.0.1", before)):
        assert one(home, "SHOW port") == str(cluster.private(home).noted()["port"]) != str(before)


def test_a_lost_password_is_replaced(home: Path) -> None:
    cluster.ensure_running(home=home)
    file = cluster.private(home).notes_file
    before = json.loads(file.read_text())["password"]
    cluster.stop(home=home)
    file.unlink()
    assert one(home, "SELECT 1") == 1
    assert json.loads(file.read_text())["password"] != before


def test_stopping_says_whether_there_was_something_to_stop(home: Path) -> None:
    cluster.ensure_running(home=home)
    assert cluster.stop(home=home)
    assert not cluster.stop(home=home)


def test_a_database_given_in_the_settings_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGGE_DATABASE_URL", "postgresql://someone@example.invalid:1/theirs")
    cluster.settings.cache_clear()
    try:
        assert cluster.ensure_running() == "postgresql://someone@example.invalid:1/theirs"
        assert cluster.url("prefect") == "postgresql://someone@example.invalid:1/prefect"
    finally:
        monkeypatch.undo()
        cluster.settings.cache_clear()


def test_several_who_start_at_once_get_one_server_even_after_a_broken_first_try() -> None:
    """In a folder closed to other users, with a name too long for a socket and with a blank in it."""
    with temporary_home(mode=0o700, name="a long name " + "x" * 100) as home:
        private = cluster.private(home)
        private.home.mkdir()
        (private.folder / "data.unfinished" / "base").mkdir(parents=True)
        starters = [
            subprocess.Popen([sys.executable, "-c", START, home], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        answers = {starter.communicate(timeout=60)[0] for starter in starters}
        assert answers == {f"{private.url()}\n"}
        assert len(os.fsencode(private.socket_folder)) < 80
        assert one(home, "SELECT 1") == 1


def test_memory_is_a_quarter_of_a_small_machine_and_a_gigabyte_of_a_large_one() -> None:
    assert postgres.memory_settings(2048)["shared_buffers"] == "512MB"
    assert postgres.memory_settings(64 * 1024)["shared_buffers"] == "1024MB"


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "link").symlink_to(elsewhere)
    with pytest.raises(postgres.NotReady, match="belongs to somebody else"):
        postgres.make_folder(tmp_path / "link", postgres.owner())

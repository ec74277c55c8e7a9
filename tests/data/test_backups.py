"""A backup of a system in use, and the system that comes back from it: the same rows, photos, keys and chain."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx2 as httpx
import psycopg
import pytest
from PIL import Image
from psycopg.sql import SQL

from data import (
    accounts,
    audit,
    backups,
    cluster,
    grants,
    kept_files,
    pictures,
    reference,
    restoring,
    scope,
    seal_checks,
    seals,
    uploads,
)
from data.database import driver_connection, engine, forget_engines
from data.dialogues import hold
from data.imports.options import quiet
from data.kept_files import Arrival, Part
from data.passwords import hashed
from geo.audit import Action
from geo.callers import Caller
from geo.errors import BadFile, BadInput, Conflict, NotReady
from geo.grants import NOWHERE
from geo.lifecycle import Role
from geo.offices import Office
from tests.api.server import running
from tests.conftest import ROOT, Databases, as_web
from tests.homes import temporary_home
from tests.people import name_workers

PASSPHRASE = "correct horse battery staple"
DISTRICT = (ROOT / "tests" / "api" / "district.sql").read_text(encoding="utf-8")
PHOTOS = 5
PASSWORD = "k7mfw-2xq9d-hp3ra-w8ecj"
DUTY = "000000000000"
FILE = "社区编码,社区名称\n110199001001,柳荫社区\n".encode()
SESSIONS = """
    SELECT usename FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
TAKEN = """
    INSERT INTO case_photo (case_id, sha256, width, height, size_bytes, taken_by)
    VALUES ((SELECT min(id) FROM case_file), %s, 8, 8, 100, 'worker:1')
"""
CASE = """
    WITH reported AS (
        INSERT INTO incident (category_code, lon, lat, datum, geom)
        SELECT min(code), 116.3, 39.9, 'cgcs2000', 'SRID=4490;POINT(116.3 39.9)' FROM category WHERE parent_code IS NOT NULL
        RETURNING id
    ), filed AS (INSERT INTO case_file (id) SELECT id FROM reported RETURNING id)
    INSERT INTO case_event (case_id, event, to_state, actor) SELECT id, 'file', 'filed', 'reporter' FROM filed
"""


@dataclass(frozen=True)
class Kept:
    """A backup, its keys, and where it was made."""

    folder: Path
    keys: Path
    made: backups.Made
    home: Path
    digests: list[str]
    file: str
    """The digest of what was brought in."""


@contextmanager
def standing(url: str, home: Path) -> Iterator[None]:
    """Settings of this process point to this database and home."""
    before = {name: os.environ.get(name) for name in ("WANGGE_DATABASE_URL", "WANGGE_HOME")}
    os.environ |= {"WANGGE_DATABASE_URL": url, "WANGGE_HOME": str(home)}
    forget_engines()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        forget_engines()


@contextmanager
def in_use(url: str) -> Iterator[None]:
    """Somebody reports, acts and seals all the time."""
    end = Event()

    def work() -> None:
        with psycopg.connect(url, autocommit=True) as line:
            while not end.wait(0.002):
                with line.transaction():
                    line.execute(CASE)
                    hold(line, audit.record(Action.SIGN_IN, "account:1"))
                seals.seal(line)

    busy = [Thread(target=work) for _ in range(2)]
    for thread in busy:
        thread.start()
    try:
        yield
    finally:
        end.set()
        for thread in busy:
            thread.join()


def photo(number: int) -> str:
    content = BytesIO()
    Image.new("RGB", (8, 8), (50 * number, 0, 0)).save(content, "PNG")
    picture = pictures.clean(content.getvalue())
    pictures.keep(picture)
    return picture.sha256


def brought_in(line: psycopg.Connection[Any]) -> str:
    """A file of the browser, which waits for somebody."""
    arrival = Arrival([Part("communities.csv")])
    arrival.write(FILE)
    hold(line, uploads.add(arrival, "li"))
    arrival.close()
    return hashlib.sha256(FILE).hexdigest()


def keep_accounts(line: psycopg.Connection[Any]) -> None:
    hold(line, grants.grant(hold(line, accounts.create("li", password_hash=hashed(PASSWORD))), Office.DISTRICT, DUTY))
    line.execute("UPDATE account SET must_change_password = false")


@pytest.fixture(scope="module")
def kept(databases: Databases, template: str, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Made while others write; one photo of those named is gone."""
    top, url = tmp_path_factory.mktemp("backups"), databases.create("in_use", template)
    with standing(url, top / "home"):
        with engine().begin() as connection:
            reference.load(connection)
            connection.exec_driver_sql(DISTRICT)
            line = driver_connection(connection)
            name_workers(line)
            line.execute(CASE)
            digests = [photo(number) for number in range(PHOTOS)]
            for digest in digests:
                line.execute(TAKEN, [digest])
            file = brought_in(line)
            keep_accounts(line)
        pictures.remove(digests[0])
        with in_use(url):
            made = backups.make(top / "backup", PASSPHRASE, keys_file=top / "apart.keys", step=quiet)
    return Kept(top / "backup", top / "apart.keys", made, top / "home", digests[1:], file)


@pytest.fixture(scope="module")
def empty(databases: Databases) -> str:
    return databases.create("restored", "template0")


def restore(
    kept: Kept, folder: Path | None = None, *, passphrase: str = PASSPHRASE, keys: bool = True, force: bool = False
):
    file = kept.keys if keys else None
    return restoring.restore(folder or kept.folder, passphrase, keys_file=file, force=force, step=quiet)


def test_a_backup_tells_what_it_holds_and_holds_no_key(kept: Kept) -> None:
    assert (kept.made.photos, kept.made.missing) == (PHOTOS - 1, 1)
    assert kept.made.rows > 100
    assert sorted(file.name for file in kept.folder.iterdir()) == sorted(
        [backups.HEAD, backups.DATABASE, "photos.sealed", "imports.sealed", backups.MANIFEST]
    )
    secrets = [line.split()[0] for line in (kept.home / "keys" / "data.keys").read_text().splitlines()]
    for secret in [*secrets, PASSPHRASE, (kept.home / "secret").read_text()]:
        assert all(secret.encode() not in file.read_bytes() for file in [*kept.folder.iterdir(), kept.keys])
    assert kept.keys.stat().st_mode & 0o777 == 0o600


def test_what_lies_there_is_never_written_over(kept: Kept) -> None:
    with pytest.raises(Conflict, match="is there already"):
        backups.make(kept.folder, PASSPHRASE, keys_file=None, step=quiet)
    with pytest.raises(BadInput, match="never kept inside"):
        backups.make(kept.home / "b", PASSPHRASE, keys_file=kept.home / "b" / "keys", step=quiet)
    (kept.home / "c.unfinished").mkdir()
    with pytest.raises(Conflict, match="did not finish"):
        backups.make(kept.home / "c", PASSPHRASE, keys_file=None, step=quiet)
    with pytest.raises(BadInput, match="16 characters"):
        backups.make(kept.home / "d", "short", keys_file=None, step=quiet)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def redate(path: Path) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | {"made_at": "2020-01-01T00:00:00+00:00"}))


HARMS = [
    (cut, backups.DATABASE, "database.sealed was changed or cut off"),
    (flip, backups.DATABASE, "database.sealed was changed or cut off"),
    (flip, "photos.sealed", "photos.sealed was changed or cut off"),
    (flip, backups.MANIFEST, "manifest.sealed was changed or cut off"),
    (cut, backups.MANIFEST, "manifest.sealed was changed or cut off"),
    (Path.unlink, backups.MANIFEST, "manifest.sealed is missing"),
    (Path.unlink, "photos.sealed", "photos.sealed is missing"),
    (Path.unlink, backups.HEAD, "is no backup"),
    (redate, backups.HEAD, "backup.json was changed"),
]


@pytest.mark.parametrize("harmed", HARMS, ids=lambda harmed: f"{harmed[0].__name__}-{harmed[1]}")
def test_a_harmed_backup_is_refused_before_anything_is_touched(
    kept: Kept, empty: str, tmp_path: Path, harmed: Any
) -> None:
    (harm, name, said), copy = harmed, tmp_path / "copy"
    shutil.copytree(kept.folder, copy)
    harm(copy / name)
    with standing(empty, tmp_path / "home"):
        with pytest.raises(BadFile, match=said):
            restore(kept, copy)
        assert not (tmp_path / "home").exists()


def test_what_is_needed_to_open_it_is_said_before_anything_is_touched(kept: Kept, empty: str, tmp_path: Path) -> None:
    with standing(empty, tmp_path / "home"):
        with pytest.raises(BadInput, match="passphrase is not the one"):
            restore(kept, passphrase="an entirely other passphrase")
        with pytest.raises(NotReady, match="--keys"):
            restore(kept, keys=False)
        with psycopg.connect(empty), pytest.raises(Conflict, match="stop the system"):
            restore(kept)
        unfinished = tmp_path / "b.unfinished"
        shutil.copytree(kept.folder, unfinished)
        with pytest.raises(BadFile, match="did not finish"):
            restore(kept, unfinished)
        assert not (tmp_path / "home").exists()


def check_the_web(url: str, web_url: str) -> None:
    """Somebody signs in to the restored system, whose web comes as a role of its own, and all cases and lines are there."""
    with psycopg.connect(url) as owner:
        (cases,), (lines,) = (
            owner.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,) for table in ("case_file", "audit_line")
        )
    with running(url, WANGGE_WEB_DATABASE_URL=web_url) as (address, _):
        signed = httpx.post(f"{address}/api/session", json={"name": "li", "password": PASSWORD})
        assert signed.status_code == 201, signed.text
        headers = {"Cookie": f"session={signed.cookies['session']}"}
        assert httpx.get(f"{address}/api/cases/count", headers=headers).json()["count"] == cases > 0
        with psycopg.connect(url) as owner:
            users = {row[0] for row in owner.execute(SESSIONS)}
    with psycopg.connect(web_url or url, options="-c role=wangge_web") as web:
        assert users == {web.info.user}
        scope.enter_sync(web, Caller("admin:1", Role.REPORTER, NOWHERE, Office.AUDIT_ADMIN, "sun"))
        assert web.execute("SELECT count(*) FROM audit_line").fetchone() == (lines + 1,)  # somebody signed in
        assert web.execute("SELECT count(*) > 0 FROM audit_seal").fetchone() == (True,)
        assert web.execute("SELECT count(*) FROM case_file").fetchone() == (0,)


def test_the_system_comes_back_whole_and_works(kept: Kept, empty: str, databases: Databases, tmp_path: Path) -> None:
    with standing(empty, tmp_path / "home"):
        restored = restore(kept)
        assert (restored.rows, restored.photos, restored.kept_as) == (kept.made.rows, PHOTOS - 1, None)
        assert [pictures.read(digest)[:2] for digest in kept.digests] == [b"\xff\xd8"] * (PHOTOS - 1)
        assert (kept.made.imports, restored.imports) == (1, 1)
        assert hashlib.sha256(kept_files.content(kept.file).read_bytes()).hexdigest() == kept.file
        with psycopg.connect(empty, autocommit=True) as line:
            assert line.execute("SELECT action FROM audit_line ORDER BY id DESC LIMIT 1").fetchone() == ("restore",)
            line.execute(CASE)
            seals.seal(line)
        verdict = seal_checks.verify([kept.made.head])
        assert (verdict.findings, verdict.pending) == ([], 0)
        check_the_web(empty, as_web(empty))

        forget_engines()
        with pytest.raises(Conflict, match="--force"):
            restore(kept)
        again = restore(kept, force=True)
        assert again.kept_as
        databases.names.append(again.kept_as)
        assert seal_checks.verify([kept.made.head]).is_whole


def test_a_backup_comes_back_on_a_server_that_has_never_seen_the_product(kept: Kept) -> None:
    """Another cluster: the roles to whom the dump grants something are made there; the operator gives the web's its password."""
    with temporary_home() as home, standing(cluster.ensure_running(home=home), home):
        fresh = cluster.private(home)
        with psycopg.connect(fresh.url("postgres"), autocommit=True) as line:
            line.execute("ALTER SYSTEM SET fsync = off")
            line.execute("SELECT pg_reload_conf()")
            line.execute("DROP ROLE wangge_web")
            assert restore(kept).rows == kept.made.rows
            password = SQL("ALTER ROLE wangge_web PASSWORD {}").format(str(fresh.noted()["web_password"]))
            line.execute(password)
        check_the_web(fresh.url(), fresh.web_url())
        assert seal_checks.verify([kept.made.head]).is_whole

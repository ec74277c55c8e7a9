"""A backup brought back: all is looked at first; then the database is made beside, checked, and takes its name at the end."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy.engine import make_url

from data import audit, dumps, kept_copies, keyring, schema, seal_checks, seals, whole_files
from data.backups import DATABASE, FORM, HEAD, KEYS, MANIFEST, UNFINISHED, counts
from data.database import connect, database_url
from data.dialogues import hold
from data.imports.options import Step
from data.kept_copies import Store
from data.keyring import Ring
from data.settings import settings
from data.vault import Vault, checksum
from geo.audit import Action
from geo.errors import BadFile, Conflict, NotReady, Unavailable
from geo.seals import Source

RESTORING, BEFORE = "_restoring", "_before_"
HAS_TABLES = "SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'alembic_version')"
SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


@dataclass(frozen=True)
class Restored:
    """What came back, and under which name what was there before lies now."""

    made_at: str
    rows: int
    photos: int
    imports: int
    head: str
    kept_as: str | None


@dataclass(frozen=True)
class Keys:
    """The product's own keys."""

    ring: Ring
    secret: str


@dataclass(frozen=True)
class Backup:
    """A backup that was opened: its vault and its manifest. Nothing has been touched yet."""

    folder: Path
    vault: Vault
    manifest: dict[str, Any]

    @classmethod
    def opened(cls, folder: Path, passphrase: str) -> Backup:
        """Raises: BadFile for what is no whole backup; BadInput for another passphrase."""
        if folder.name.endswith(UNFINISHED):
            raise BadFile(f"{folder} is of a backup that did not finish")
        head = _head(folder)
        vault = Vault.known(passphrase, head)
        with _there(folder, MANIFEST), vault.open(folder, MANIFEST) as file:
            backup = cls(folder, vault, json.loads(file.read()))
        if backup.manifest["made_at"] != head.get("made_at"):
            raise BadFile(f"{HEAD} was changed")
        for name, told in backup.manifest["files"].items():
            backup._check(name, told)
        return backup

    def _check(self, name: str, told: dict[str, Any]) -> None:
        with _there(self.folder, name):
            path = self.folder / name
            if path.stat().st_size != told["bytes"] or checksum(path) != told["sha256"]:
                raise BadFile(f"{name} was changed or cut off")


def restore(folder: Path, passphrase: str, *, keys_file: Path | None, force: bool, step: Step) -> Restored:
    """Bring back the database, the photos and the files brought in of a backup, and the keys of `keys_file`.

    Raises, before anything is touched: BadFile, BadInput, NotReady where keys or a newer release are needed; Conflict when there is
    data already, unless `force`: it then stays under another name.
    """
    step("checking the backup")
    backup = Backup.opened(folder, passphrase)
    keys = _keys(keys_file, passphrase)
    _expect_known_version(backup.manifest["version"])
    _expect_keys(backup.manifest["keys"], keys)
    is_full = _expect_room(keys, force=force)
    made = _load(backup, step)
    files = {store.name: _unpack(backup, store, step) for store in kept_copies.STORES}
    if keys is not None:
        _put_back(keys)
    kept_as = _take_name(made, is_kept=is_full)
    rows = sum(backup.manifest["counts"].values())
    return Restored(backup.manifest["made_at"], rows, head=backup.manifest["head"], kept_as=kept_as, **files)


def _head(folder: Path) -> dict[str, Any]:
    try:
        head: dict[str, Any] = json.loads((folder / HEAD).read_bytes())
        form = head["form"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadFile(f"{folder} is no backup: it has no {HEAD} that can be read") from error
    if form != FORM:
        raise BadFile(f"{folder} has the form {form}, this release reads {FORM}")
    return head


@contextmanager
def _there(folder: Path, name: str) -> Iterator[None]:
    """Raises: BadFile when the file is not there."""
    try:
        yield
    except FileNotFoundError as error:
        raise BadFile(f"{name} is missing in {folder}") from error


def _keys(file: Path | None, passphrase: str) -> Keys | None:
    if file is None:
        return None
    try:
        told = json.loads(file.read_bytes())
        sealed = base64.b64decode(told["sealed"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadFile(f"{file} holds no keys that can be read") from error
    keys = json.loads(Vault.known(passphrase, told).unseal(KEYS, sealed))
    return Keys(keyring.read(keys["data_keys"]), keys["secret"])


def _expect_known_version(version: str) -> None:
    if version not in schema.versions():
        raise NotReady(
            f"the backup has tables of version {version}, which this release does not know: take the newer one"
        )


def _expect_keys(wanted: list[str], keys: Keys | None) -> None:
    """What was sealed has to open afterwards. A home without keys does not draw one here."""
    has_own = keyring.is_given() or keyring.file().exists()
    ring = keys.ring if keys and not keyring.is_given() else keyring.ring() if has_own else Ring(())
    missing = [key for key in wanted if bytes.fromhex(key) not in ring.by_id]
    if missing:
        raise NotReady(
            f"people's data in the backup is sealed under the keys {', '.join(missing)}, which are not here: give the file with "
            "`--keys`, or set WANGGE_DATA_KEYS"
        )


def _expect_room(keys: Keys | None, *, force: bool) -> bool:
    """Whether there are tables already. Raises: Conflict when something is in the way."""
    with connect() as line:
        (is_full,) = line.execute(HAS_TABLES).fetchone() or (False,)
    if is_full and not force:
        raise Conflict("there is data in the database already; with --force it is kept under another name")
    if keys is not None and not force and keyring.file().exists() and keyring.ring() != keys.ring:
        raise Conflict(f"{keyring.file()} holds other keys; with --force they are replaced")
    with _server() as line:
        (sessions,) = line.execute(SESSIONS, [_name()]).fetchone() or (0,)
    if sessions:
        raise Conflict(f"{sessions} sessions use the database: stop the system first", sessions=sessions)
    return bool(is_full)


def _load(backup: Backup, step: Step) -> str:
    """The database beside, checked; its name. A failure leaves nothing behind."""
    name = _name() + RESTORING
    _make_roles(backup.manifest["roles"])
    with _server() as line:
        line.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        line.execute(SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(Identifier(name)))
    try:
        step("loading the database")
        with backup.vault.open(backup.folder, DATABASE) as source:
            dumps.load(_url(name), source)
        step("comparing")
        _check(backup, _url(name))
    except BaseException:
        with suppress(psycopg.Error), _server() as line:
            line.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        raise
    return name


def _check(backup: Backup, url: str) -> None:
    """Rows of every table and the chain as they were, the tables of this release; then the chain goes on here."""
    _compare(url, backup.manifest["counts"])
    is_as_made = schema.upgrade(url) == backup.manifest["version"]
    with connect(autocommit=True, url=url) as line:
        _go_on(line)
        told = {"made_at": backup.manifest["made_at"], "head": backup.manifest["head"]}
        hold(line, audit.record(Action.RESTORE, f"backup:{backup.folder.name}", told, account=audit.operator()))
        seals.seal(line)
    verdict = seal_checks.verify([backup.manifest["head"]] if is_as_made else [], url=url)
    if not verdict.is_whole:
        raise Unavailable(
            "the audit in the backup does not verify: look at it with `wangge audit verify` where it was made"
        )


def _compare(url: str, wanted: dict[str, int]) -> None:
    with connect(url=url) as line:
        found = counts(line, wanted)
    wrong = [f"{table} {found[table]} instead of {rows}" for table, rows in wanted.items() if found[table] != rows]
    if wrong:
        raise Unavailable(f"the restored database has other rows than the backup: {', '.join(wrong)}")


def _go_on(line: psycopg.Connection[Any]) -> None:
    last = seals.last_seals(line)
    if any(seals.is_of_another(last[source], last["now"]) for source in Source):
        seals.adopt(line)


def _make_roles(roles: list[tuple[str, bool, bool]]) -> None:
    """Roles belong to the server: those to whom the dump grants something have to be there."""
    with _server() as line:
        known = {row[0] for row in line.execute("SELECT rolname FROM pg_roles")}
        for name, may_log_in, inherits in roles:
            if name not in known:
                kind = SQL("LOGIN" if may_log_in else "NOLOGIN"), SQL("INHERIT" if inherits else "NOINHERIT")
                line.execute(SQL("CREATE ROLE {} {} {}").format(Identifier(name), *kind))


def _take_name(made: str, *, is_kept: bool) -> str | None:
    """Put the new database in the place of the old; the name under which the old one is kept."""
    name = _name()
    kept_as = f"{name}{BEFORE}{datetime.now(UTC):%Y%m%d_%H%M%S}" if is_kept else None
    with _server() as line:
        if kept_as:
            line.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(name), Identifier(kept_as)))
        else:
            line.execute(SQL("DROP DATABASE {}").format(Identifier(name)))
        line.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(made), Identifier(name)))
    return kept_as


def _unpack(backup: Backup, store: Store, step: Step) -> int:
    """Of backups from before they held it, nothing."""
    if store.archive not in backup.manifest["files"]:
        return 0
    step(f"bringing back {backup.manifest[store.name]:,} {store.name}")
    with backup.vault.open(backup.folder, store.archive) as source:
        return kept_copies.unpack(store, source)


def _put_back(keys: Keys) -> None:
    if not keyring.is_given():
        keyring.put_back(keys.ring)
    if settings().secret is None:
        whole_files.write(settings().home / "secret", keys.secret.encode())


def _name() -> str:
    return make_url(database_url()).database or ""


def _url(name: str) -> str:
    return make_url(database_url()).set(database=name).render_as_string(hide_password=False)


def _server() -> psycopg.Connection[Any]:
    """A connection beside the database, from which it can be made and renamed."""
    return connect(autocommit=True, url=_url("postgres"))

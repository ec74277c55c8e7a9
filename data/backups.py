"""A backup: the database as of one moment while it is in use, the photos that it names, and a manifest of both, all sealed.

    backup.json        in plain: the form, when it was made, and the salt
    database.sealed    pg_dump of one snapshot
    photos.sealed      a tar of the photos that the snapshot names, as they lie in the home folder
    imports.sealed     the same of the files that were brought in by the browser
    manifest.sealed    checksums of these, rows per table, the head of the audit, which keys people's data needs

It is written beside under a name with `.unfinished` and renamed at the end: a folder without that ending is whole. Keys are never
in it; the product's own go to a file of their own, to be kept elsewhere.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from data import audit, dumps, kept_copies, keyring, links, seals, whole_files
from data.database import connect, database_url
from data.dialogues import hold
from data.imports.options import Step
from data.models import Base
from data.vault import Vault
from geo.audit import Action
from geo.errors import BadInput, Conflict

FORM = "wangge-backup-1"
HEAD, DATABASE, MANIFEST = "backup.json", "database.sealed", "manifest.sealed"
UNFINISHED = ".unfinished"
KEYS = "keys"
"""By which the keys of a key file are sealed."""
ROLES = """
    SELECT rolname, rolcanlogin, rolinherit FROM pg_roles WHERE oid IN (
        SELECT refobjid FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND deptype IN ('a', 'r')
        AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    ) ORDER BY rolname
"""
"""To whom something in the database is granted; they belong to the server and are in no dump."""
Line = psycopg.Connection[Any]


@dataclass(frozen=True)
class Made:
    """What went into a backup."""

    folder: str
    rows: int
    photos: int
    imports: int
    """Files that were brought in by the browser."""
    missing: int
    """Photos and files that the database named and that were taken away before they were copied."""
    bytes: int
    head: str


def make(folder: Path, passphrase: str, *, keys_file: Path | None, step: Step) -> Made:
    """Write a backup to `folder`, which must not be there yet, and the product's keys to `keys_file`.

    Raises: Conflict when something lies there; BadInput for a key file inside the backup or a poor passphrase.
    """
    unfinished = folder.with_name(folder.name + UNFINISHED)
    _expect_room(folder, unfinished, keys_file)
    vault = Vault.new(passphrase)
    unfinished.mkdir(parents=True, mode=0o700)
    manifest = _fill(unfinished, vault, step)
    if keys_file is not None:
        whole_files.write(keys_file, json.dumps(sealed_keys(passphrase)).encode())
    unfinished.rename(folder)
    _sync(folder.parent)
    made = _told(folder, manifest)
    with connect() as line:
        told = {"rows": made.rows, "photos": made.photos, "bytes": made.bytes, "head": made.head}
        hold(line, audit.record(Action.BACKUP, f"backup:{folder.name}", told, account=audit.operator()))
    return made


def _expect_room(folder: Path, unfinished: Path, keys_file: Path | None) -> None:
    if folder.exists():
        raise Conflict(f"{folder} is there already; name a new folder")
    if unfinished.exists():
        raise Conflict(f"{unfinished} is of a backup that did not finish; remove it")
    if keys_file is not None:
        if folder in keys_file.absolute().parents:
            raise BadInput("the keys are never kept inside the backup: name a file elsewhere")
        if keys_file.exists():
            raise Conflict(f"{keys_file} is there already; name a new file")


def _fill(folder: Path, vault: Vault, step: Step) -> dict[str, Any]:
    step("sealing the audit")
    with connect(autocommit=True) as line:
        seals.seal(line)
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    whole_files.write(folder / HEAD, json.dumps({"form": FORM, "made_at": made_at} | vault.head).encode())
    with snapshot() as (line, name):
        manifest = _manifest(line) | {"made_at": made_at}
        step(f"dumping {sum(manifest['counts'].values()):,} rows")
        with vault.create(folder, DATABASE) as database:
            dumps.dump(database_url(), name, database)
        digests = {store: kept_copies.named(store, line) for store in kept_copies.STORES}
    manifest |= {"files": {DATABASE: database.told}, "missing": 0}
    for store, wanted in digests.items():
        step(f"copying {len(wanted):,} {store.name}")
        with vault.create(folder, store.archive) as archive:
            missing = kept_copies.pack(store, wanted, archive)
        manifest["files"][store.archive] = archive.told
        manifest |= {store.name: len(wanted) - missing, "missing": manifest["missing"] + missing}
    with vault.create(folder, MANIFEST) as file:
        file.write(json.dumps(manifest).encode())
    return manifest


@contextmanager
def snapshot() -> Iterator[tuple[Line, str]]:
    """A connection that sees one moment, and the name under which others see the same."""
    with connect() as line:
        line.isolation_level, line.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        (name,) = line.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        yield line, name


def _manifest(line: Line) -> dict[str, Any]:
    (version,) = line.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
    return {
        "version": version,
        "counts": counts(line),
        "head": str(seals.head(line)),
        "roles": line.execute(ROLES).fetchall(),
        "keys": [key.id.hex() for key in keyring.ring().keys],
    }


def counts(line: Line, tables: Iterable[str] = Base.metadata.tables) -> dict[str, int]:
    """How many rows each table has."""
    query = SQL("SELECT count(*) FROM {}")
    rows = ((name, line.execute(query.format(Identifier(name))).fetchone()) for name in sorted(tables))
    return {name: int(row[0]) for name, row in rows if row}


def sealed_keys(passphrase: str) -> dict[str, str]:
    """The product's own keys, for a file to be kept apart from every backup."""
    vault = Vault.new(passphrase)
    keys = {"data_keys": keyring.written(keyring.ring().keys), "secret": links.secret().decode()}
    return vault.head | {"sealed": base64.b64encode(vault.seal(KEYS, json.dumps(keys).encode())).decode()}


def _told(folder: Path, manifest: dict[str, Any]) -> Made:
    size = sum(file.stat().st_size for file in folder.iterdir())
    rows = sum(manifest["counts"].values())
    told = {name: manifest[name] for name in ("photos", "imports", "missing", "head")}
    return Made(folder.name, rows, bytes=size, **told)


def _sync(folder: Path) -> None:
    """Have the new name on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

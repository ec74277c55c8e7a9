"""Settings and reference rows as the release came to them last: what is other than before is put on record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psycopg import Connection
from pydantic import SecretStr

from data import audit
from data.dialogues import hold
from data.reference import FOLDER
from data.settings import settings
from geo.audit import Action

LAST = """
    SELECT detail->'now' FROM audit_line WHERE action = %s AND subject = %s ORDER BY at DESC, id DESC LIMIT 1
"""
UNTOLD = ("_url", "_key", "_keys", "_secret", "_password")
"""How names of settings end that may hold a password or a key; paths of the server are not told either."""


def record(connection: Connection[Any]) -> int:
    """Put on record which settings and reference files changed since the last time; how many lines that took.

    A file is told by its checksum, a setting by its value, and one that may be secret by nothing but that it is set.
    """
    return _compare(connection, "settings", _settings()) + _compare(connection, "reference", _reference())


def _compare(connection: Connection[Any], subject: str, now: Mapping[str, str]) -> int:
    row = connection.execute(LAST, [Action.SETTING_CHANGED, subject]).fetchone()
    before = row[0] if row else None
    if before == now:
        return 0
    changed = sorted(name for name in {*now, *(before or {})} if (before or {}).get(name) != now.get(name))
    told = {"changed": changed if before is not None else [], "now": dict(now)}
    hold(connection, audit.record(Action.SETTING_CHANGED, subject, told, account=audit.operator()))
    return 1


def _settings() -> dict[str, str]:
    return {name: _shown(name, value) for name, value in sorted(settings()) if value is not None}


def _shown(name: str, value: object) -> str:
    is_untold = name.endswith(UNTOLD) or isinstance(value, SecretStr | Path)
    return "set" if is_untold else str(value)


def _reference() -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in sorted(FOLDER.iterdir())
        if path.suffix in (".csv", ".toml")
    }

"""The tables' version: Alembic, configured in pyproject.toml, from Python."""

from __future__ import annotations

from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import exists, select

from data.database import WEB_ROLE, database_url, engine, sql
from data.models import Area, Base
from data.settings import CHECKOUT
from geo.errors import NotReady

HOW = f"let an administrator run CREATE ROLE {WEB_ROLE} LOGIN, and GRANT {WEB_ROLE} to this user"


def upgrade(url: str | None = None) -> str:
    """Bring the database (the configured one unless `url` is given) to the newest version; return that version.

    What the web may do is laid down anew each time, because neither a role nor every mark comes along with a dump.
    """
    config = Config(toml_file=CHECKOUT / "pyproject.toml")
    config.attributes["url"] = url
    command.upgrade(config, "head")
    with psycopg.connect(url or database_url()) as connection:
        admit_web(connection)
    return newest()


def admit_web(connection: psycopg.Connection[Any]) -> None:
    """Let the role of the web do what data/sql/web_role.sql says, and nothing else. The caller commits.

    Raises: NotReady when that takes an administrator of the database.
    """
    tables = ", ".join(sorted(Base.metadata.tables))
    try:
        connection.execute(sql("web_role").format(tables=tables).encode())
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotReady(
            f"the role {WEB_ROLE} can't be made by this user ({error.diag.message_primary}); {HOW}"
        ) from error


def newest() -> str:
    """The version that the tables should have."""
    config = Config(toml_file=CHECKOUT / "pyproject.toml")
    return str(ScriptDirectory.from_config(config).get_current_head())


def versions() -> set[str]:
    """All versions that this release knows."""
    config = Config(toml_file=CHECKOUT / "pyproject.toml")
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def has_ground() -> bool:
    """Whether the database holds any area."""
    with engine().connect() as connection:
        return connection.scalar(select(exists(select(Area.id)))) is True

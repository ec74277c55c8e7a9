"""The tables' version: Alembic, configured in pyproject.toml, from Python."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import exists, select

from data.database import engine
from data.models import Area
from data.settings import CHECKOUT


def upgrade(url: str | None = None) -> str:
    """Bring the database (the configured one unless `url` is given) to the newest version; return that version."""
    config = Config(toml_file=CHECKOUT / "pyproject.toml")
    config.attributes["url"] = url
    command.upgrade(config, "head")
    return newest()


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

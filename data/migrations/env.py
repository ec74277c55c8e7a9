"""Alembic's entry: migrates whatever `data.database.database_url` names, or the URL given with `-x url=…`."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine

from data.database import sqlalchemy_url
from data.models import Base


def is_ours(name: str | None, type_: str, parent_names: object) -> bool:
    """PostGIS and pgRouting keep tables of their own in the database."""
    return type_ != "table" or name in Base.metadata.tables


def migrate() -> None:
    url = context.get_x_argument(as_dictionary=True).get("url") or context.config.attributes.get("url")
    engine = create_engine(sqlalchemy_url(url))
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_name=is_ours,
            include_object=alembic_helpers.include_object,
            process_revision_directives=alembic_helpers.writer,
            render_item=alembic_helpers.render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


migrate()

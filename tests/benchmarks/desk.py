"""Databases of many cases for the desk: a city of 750 cells that files 900 cases a day, of which some 2 % are open."""

from __future__ import annotations

from pathlib import Path

import psycopg
from sqlalchemy import create_engine

from data import reference
from data.database import sqlalchemy_url
from data.schema import upgrade

FOLDER = Path(__file__).parent / "sql"
STREET, COMMUNITY, CELL = "110199003000", "110199003004", "110199003004002"


def fill(url: str, cases: int) -> None:
    """Make the tables, the ground, so many cases and up to eight events of each."""
    upgrade(url)
    engine = create_engine(sqlalchemy_url(url))
    with engine.begin() as connection:
        reference.load(connection)
    engine.dispose()
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        # Built at the end, in half of the time that it takes to grow.
        index = connection.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_incident_bigrams'").fetchone()
        connection.execute("DROP INDEX ix_incident_bigrams")
        for name in ("desk_ground", "desk_cases"):
            lines = (FOLDER / f"{name}.sql").read_text(encoding="utf-8").splitlines()
            told = "\n".join(line for line in lines if not line.startswith("--"))
            connection.execute(told.encode(), {"cases": cases} if "%(cases)s" in told else None)
        assert index
        connection.execute(index[0].encode())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")

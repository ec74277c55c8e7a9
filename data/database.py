"""Doors to the database: one driver (psycopg 3), synchronous for flows and commands, asynchronous for the API.

Commands and flows come as the owner of the tables. The web comes as the role `wangge_web`, which owns nothing and sees of most
tables only what a transaction was begun for: `data.scope`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from data.settings import settings

Asked = tuple[LiteralString, Mapping[str, Any]]
"""A statement and its parameters."""
SQL_FOLDER = Path(__file__).parent / "sql"
PATIENCE_S = 10
WEB_ROLE = "wangge_web"


def database_url() -> str:
    """`postgresql://…` of the setting, else of the private cluster, which is started when it is down."""
    given = settings().database_url
    if given:
        return given
    from data import cluster

    return cluster.ensure_running()


def web_database_url() -> str:
    """The address at which the web comes as itself; of a given database without one, the owner's: see `web_options`."""
    given = settings()
    if given.web_database_url or given.database_url:
        return str(given.web_database_url or given.database_url)
    from data import cluster

    cluster.ensure_running()
    return cluster.web_url()


def sqlalchemy_url(url: str | None = None) -> str:
    """The same address with SQLAlchemy's name of the driver."""
    parsed = make_url(url or database_url()).set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def session_options() -> dict[str, str]:
    """What every session is told: the day changes when it changes in the city."""
    return {"options": f"-c TimeZone={settings().timezone}"}


def web_options() -> dict[str, str]:
    """What the sessions of the web are told besides: to their short statements parallel hands are dearer than they help.

    Who comes by the owner's address becomes the web's role at once.
    """
    given = settings()
    becomes = f" -c role={WEB_ROLE}" if given.database_url and not given.web_database_url else ""
    return {"options": f"{session_options()['options']} -c max_parallel_workers_per_gather=0 -c jit=off{becomes}"}


@cache
def engine() -> Engine:
    """The synchronous engine of commands and flows."""
    return following(create_engine(sqlalchemy_url(), pool_pre_ping=True, connect_args=session_options()))


@cache
def web_engine() -> Engine:
    """The synchronous engine of the web, for what it reckons."""
    made = create_engine(sqlalchemy_url(web_database_url()), pool_pre_ping=True, connect_args=web_options())
    return following(made, is_web=True)


@cache
def async_engine() -> AsyncEngine:
    """The asynchronous engine of the web. Who waits longer for a connection than `PATIENCE_S` is told to come back."""
    size = settings().pool_max_connections
    patience = {"pool_timeout": PATIENCE_S, "connect_args": web_options() | {"connect_timeout": str(PATIENCE_S)}}
    url = sqlalchemy_url(web_database_url())
    made = create_async_engine(url, pool_size=size, max_overflow=0, pool_pre_ping=True, **patience)
    following(made.sync_engine, is_web=True)
    return made


def following(engine: Engine, *, is_web: bool = False) -> Engine:
    """A private cluster may come back on another port: every new connection looks up where it is now."""
    if not settings().database_url:
        event.listen(engine, "do_connect", _look_up_web if is_web else _look_up)
    return engine


def _look_up(dialect: Dialect, record: object, positional: list[Any], named: dict[str, Any]) -> None:
    from data import cluster

    named.update(_parts(cluster.url()))


def _look_up_web(dialect: Dialect, record: object, positional: list[Any], named: dict[str, Any]) -> None:
    from data import cluster

    named.update(_parts(cluster.web_url()))


def _parts(url: str) -> dict[str, Any]:
    return make_url(url).translate_connect_args(username="user", database="dbname")


def connect(*, autocommit: bool = False, url: str | None = None) -> psycopg.Connection:
    """A plain psycopg connection, for COPY, LISTEN and pipelines, to the configured database. The caller closes it."""
    return psycopg.connect(url or database_url(), autocommit=autocommit, options=session_options()["options"])


def driver_connection(connection: Connection) -> psycopg.Connection:
    """The psycopg connection inside a SQLAlchemy one, in the same transaction."""
    return cast(psycopg.Connection, connection.connection.driver_connection)


async def async_driver_connection(connection: AsyncConnection) -> psycopg.AsyncConnection[Any]:
    """The same for the API; begins the transaction if none is begun. Prepared statements are planned once per connection."""
    if not connection.in_transaction():
        await connection.begin()
    raw = await connection.get_raw_connection()
    return cast(psycopg.AsyncConnection[Any], raw.driver_connection)


async def read_together(driver: psycopg.AsyncConnection[Any], asked: Sequence[Asked]) -> list[list[dict[str, Any]]]:
    """The rows of several statements that do not wait for each other, fetched in one journey to the database."""
    async with driver.pipeline():
        cursors = [driver.cursor(row_factory=dict_row) for _ in asked]
        for cursor, (query, given) in zip(cursors, asked, strict=True):
            await cursor.execute(query, given, prepare=True)
        return [await cursor.fetchall() for cursor in cursors]


@cache
def sql(name: str) -> LiteralString:
    """The text of `data/sql/<name>.sql`. Parameters are psycopg's `%(name)s`.

    Without comments and indentation: psycopg keeps what it parsed of texts up to 4,096 bytes only.
    """
    lines = (line.strip() for line in (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if not line.startswith("--"))


def forget_engines() -> None:
    """After a fork or in tests: the next call opens anew, with the settings of then."""
    for made in (engine, web_engine):
        if made.cache_info().currsize:
            made().dispose()
        made.cache_clear()
    async_engine.cache_clear()
    settings.cache_clear()

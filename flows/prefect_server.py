"""Prefect's server on loopback: `python -m flows.prefect_server PORT`. Its tables are in a database of their own beside ours."""

from __future__ import annotations

import os
import sys

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from data import cluster
from data.settings import settings
from flows import prefect_settings
from geo.errors import NotReady, Unavailable


def database_url() -> str:
    """Where Prefect keeps its records: `prefect` in the private cluster, else `<name>_prefect` on the given server."""
    ours = cluster.ensure_running()
    if not settings().database_url:
        return cluster.url("prefect")
    name = f"{make_url(ours).database}_prefect"
    _make_database(ours, name)
    return cluster.url(name)


def serve(port: int) -> None:
    """Serve until told to stop."""
    url = make_url(database_url()).set(drivername="postgresql+asyncpg")
    os.environ["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = url.render_as_string(hide_password=False)
    import uvicorn
    from prefect.server.api.server import create_app

    uvicorn.run(create_app(final=True), host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=2)


def _make_database(url: str, name: str) -> None:
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotReady(f"Prefect needs the database {name}, which this user may not create; create it once") from error
    except psycopg.OperationalError as error:
        raise Unavailable(f"the database does not answer: {error}") from error


if __name__ == "__main__":
    prefect_settings.apply()
    serve(int(sys.argv[1]))

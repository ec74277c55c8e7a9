"""`wangge db`: the database by itself."""

from __future__ import annotations

import typer

from data.settings import settings
from flows import console


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help="The database: a private cluster, or the one that WANGGE_DATABASE_URL names.", no_args_is_help=True
    )
    for command in (start, stop, url, migrate):
        group.command()(command)
    app.add_typer(group, name="db")


def start(as_json: console.AsJson = False) -> None:
    """Start the private cluster, making it first if need be."""
    from data import cluster

    was_running = cluster.postmaster_pid() is not None
    address = _without_password(cluster.ensure_running())
    folder = None if settings().database_url else str(cluster.private().folder)
    console.show({"url": address, "started": not was_running, "folder": folder}, as_json=as_json)


def stop() -> None:
    """Stop the private cluster."""
    from data import cluster

    console.say("database stopped" if cluster.stop() else "the private database was not running")


def url() -> None:
    """Print the address of the database, password included; the private cluster is started if it is down."""
    from data import cluster

    print(cluster.ensure_running())


def migrate() -> None:
    """Bring the tables to the newest version and the reference rows to those of this release."""
    from flows import prepare

    console.say(f"tables at version {prepare.bring_up_to_date()}")


def _without_password(address: str) -> str:
    from sqlalchemy.engine import make_url

    return make_url(address).render_as_string()

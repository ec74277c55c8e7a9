"""`wangge wal …`: continuous archiving of the private cluster."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from data.settings import settings
from flows import console
from geo.errors import BadInput


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Continuous archiving: the database at any moment.", no_args_is_help=True)
    for command in (base, restore):
        group.command()(command)
    app.add_typer(group, name="wal")


def base(as_json: console.AsJson = False) -> None:
    """Copy the running private cluster into the archive of WANGGE_WAL_ARCHIVE; what is archived later goes on from it."""
    from data import wal

    console.show({"copy": wal.base().name}, as_json=as_json)


def restore(
    until: Annotated[
        str | None, typer.Option("--until", help="A moment, such as 2026-05-03T10:32; default: the end of the archive.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Though there is a cluster: it is kept beside.")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Bring the private cluster to where it was at a moment, and start it."""
    from data import wal

    moment = _moment(until) if until else None
    console.show({"copy": wal.restore(moment, force=force).name, "until": moment}, as_json=as_json)


def _moment(text: str) -> datetime:
    """A time without a zone is the city's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"--until {text}: write a moment such as 2026-05-03T10:32") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings().timezone))

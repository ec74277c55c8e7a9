"""`wangge places`: what grid workers must visit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows import console


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Places that grid workers must visit.", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("import")(import_)
    app.add_typer(group, name="places")


def import_(
    file: Annotated[Path, typer.Argument(help="CSV: name, kind, every_days, lon, lat.", exists=True, dir_okay=False)],
    datum: Annotated[str, typer.Option(help="wgs84, cgcs2000, gcj02 or bd09.")] = "wgs84",
    as_json: console.AsJson = False,
) -> None:
    """Make the list of places to visit, in the cells that a file speaks of, what the file says."""
    from data import visit_places
    from data.database import connect

    with connect() as line:
        told = visit_places.store(line, visit_places.read(file, datum))
    console.show(told, as_json=as_json)

"""`wangge demo`: the fictional district."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from data.settings import settings
from flows import console


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="The fictional district.", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("load")(load)
    app.add_typer(group, name="demo")


def load(
    communities: Annotated[int, typer.Option(help="How large: 148 is a district, 7000 a city.")] = 148,
    seed: Annotated[int, typer.Option(help="Same seed, same district.")] = 7,
    as_of: Annotated[datetime | None, typer.Option(help="When its year of cases ends; default a fixed day.")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Make the demo district from a seed and load it into an empty database. Same options, same rows."""
    console.show(_load(communities, seed, as_of and _in_the_city(as_of)), as_json=as_json)


def _in_the_city(moment: datetime) -> datetime:
    """A time without a zone is the city's."""
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings().timezone))


def _load(communities: int, seed: int, as_of: datetime | None) -> dict[str, Any]:
    from data.database import engine
    from data.demo import load as demo

    with console.progress() as bar, engine().begin() as connection:
        task = bar.add_task("making the demo district", total=None)
        return demo.load(
            connection, communities=communities, seed=seed, as_of=as_of, progress=partial(console.move, bar, task)
        )

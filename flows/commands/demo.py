"""`wangge demo`: the fictional district."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import typer
from rich.progress import Progress, TaskID

from flows import console


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="The fictional district.", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("load")(load)
    app.add_typer(group, name="demo")


def load(
    communities: Annotated[int, typer.Option(help="How large: 148 is a district, 7000 a city.")] = 148,
    seed: Annotated[int, typer.Option(help="Same seed, same district.")] = 7,
    as_json: console.AsJson = False,
) -> None:
    """Make the demo district from a seed and load it into an empty database."""
    console.show(_load(communities, seed), as_json=as_json)


def _load(communities: int, seed: int) -> dict[str, Any]:
    from data.database import engine
    from data.demo import load as demo

    with console.progress() as bar, engine().begin() as connection:
        task = bar.add_task("making the demo district", total=None)
        return demo.load(connection, communities=communities, seed=seed, progress=partial(_update, bar, task))


def _update(bar: Progress, task: TaskID, done: int, total: int, what: str) -> None:
    bar.update(task, completed=done, total=total, description=what)

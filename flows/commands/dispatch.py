"""`wangge dispatch`: give waiting cases to who must act."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from flows import console


def register(app: typer.Typer) -> None:
    app.command("dispatch")(dispatch)


def dispatch(
    once: Annotated[
        bool, typer.Option("--once", help="Dispatch all that wait now, then end; without it: keep on.")
    ] = False,
    as_json: console.AsJson = False,
) -> None:
    """Dispatch waiting cases to workers and desks."""
    if not once:
        from flows import dispatch as shifts

        return shifts.main()
    from flows import dispatcher

    with console.progress() as bar:
        task = bar.add_task("Dispatching", total=dispatcher.waiting())
        figures = dispatcher.drain(lambda done: bar.advance(task, done))
    return console.show(asdict(figures), as_json=as_json)

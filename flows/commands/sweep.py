"""`wangge sweep`: look after deadlines by hand."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from flows import console


def register(app: typer.Typer) -> None:
    app.command("sweep")(sweep)


def sweep(
    once: Annotated[
        bool, typer.Option("--once", help="Until nothing is left to do now, then end; without it: keep on.")
    ] = False,
    as_json: console.AsJson = False,
) -> None:
    """Remind, put breaches on record, escalate; the dispatcher does so by itself."""
    from flows.sweep import sweep_all

    console.show(asdict(sweep_all(for_ever=not once)), as_json=as_json)

"""`wangge up`: the whole system in one terminal."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command("up")(up)


def up(
    port: Annotated[int | None, typer.Option(help="Port of the web pages; default: WANGGE_PORT or 8000.")] = None,
    demo: Annotated[bool, typer.Option(help="Load the demo district into an empty database.")] = True,
) -> None:
    """Start database, Prefect, web, dispatcher and schedules; Ctrl-C stops all, a second start loses nothing."""
    from flows.up import up as run

    run(port=port, with_demo=demo)

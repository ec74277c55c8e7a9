"""`wangge privacy …`: take out what is past its days."""

from __future__ import annotations

from typing import Annotated

import typer

from flows import console


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="People's data: what is past its days goes.", no_args_is_help=True)
    group.command()(sweep)
    app.add_typer(group, name="privacy")


def sweep(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would go.")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Delete or make nameless what is past its days; a flow does so every night."""
    from flows.forget import run

    found = run(is_dry=dry_run)
    console.show(found if as_json else found["rows"] | {"files": found["files"]}, as_json=as_json)

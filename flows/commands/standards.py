"""`wangge standards`: what communities should have."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from flows import console, prefect_settings


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Standards: the floor area that every community should have.", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("check")(check)
    app.add_typer(group, name="standards")


def check(
    standard: Annotated[str, typer.Option(help="by-area-class or citywide.")] = "by-area-class",
    force: Annotated[bool, typer.Option("--force", help="Store a new run even if nothing has changed.")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Check every community's service stations against a floor-area standard."""
    console.show(_check(standard, force), as_json=as_json)


def _check(standard: str, force: bool) -> dict[str, Any]:
    prefect_settings.keep_quiet()
    from flows import check_standards, retrying

    if retrying.has_server():
        return check_standards.check_standards(standard, force)
    return check_standards.check(standard, force=force)

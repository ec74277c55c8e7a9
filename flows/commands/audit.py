"""`wangge audit …`: what is on record, and whether it is still what it was."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from flows import console


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="The audit: who did what, chained so that no line can be bent.", no_args_is_help=True)
    for command in (verify, seal, head, drop, adopt):
        group.command()(command)
    app.add_typer(group, name="audit")


def verify(
    kept: Annotated[
        list[str] | None,
        typer.Option("--head", help="A head that was kept elsewhere: the chain must hold it. Repeatable."),
    ] = None,
    as_json: console.AsJson = False,
) -> None:
    """Hold every line and event against the chain; name what was changed, taken away, swapped or put in.

    Exit status 1 when anything is not what was sealed.
    """
    from flows import audit

    verdict, told = audit.verify(kept or [])
    for found in told["findings"]:
        console.say(found["text"])
    console.show(told if as_json else told | {"findings": len(verdict.findings)}, as_json=as_json)
    if not verdict.is_whole:
        raise typer.Exit(1)


def seal(as_json: console.AsJson = False) -> None:
    """Chain what was put on record since the last seal; the dispatcher does so by itself about once a second."""
    from flows import audit

    console.show(audit.seal(), as_json=as_json)


def head(as_json: console.AsJson = False) -> None:
    """Print the newest hash of the chain, to be kept where whoever rules the database does not reach."""
    from flows import audit

    told = audit.head()
    if as_json:
        console.show(told, as_json=True)
    else:
        print(told["head"])


def drop(
    before: Annotated[datetime, typer.Option(formats=["%Y-%m"], help="The first month that stays, such as 2025-11.")],
    as_json: console.AsJson = False,
) -> None:
    """Drop whole months of lines that are past their time; their hashes stay, so that the chain still verifies."""
    from flows import audit

    console.show(audit.drop(before.date()), as_json=as_json)


def adopt(as_json: console.AsJson = False) -> None:
    """Let the chain go on in a database that was copied by other means than `wangge restore`."""
    from flows import audit

    console.show(audit.adopt(), as_json=as_json)

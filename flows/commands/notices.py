"""`wangge notices …`: who is told where, and whether it works."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from flows import console


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Notices: who is told of what happens to cases, where and when.", no_args_is_help=True)
    for command in (add, remove, test, send):
        group.command()(command)
    group.command("list")(list_all)
    app.add_typer(group, name="notices")


def add(  # noqa: PLR0917
    recipient: Annotated[str, typer.Option(help="worker:<id>, desk:<code> or agency:<id>.")],
    url: Annotated[
        str,
        typer.Option(
            help="As apprise writes it: mailtos://…, wecombot://…, dingtalk://…, feishu://…; -: a line of input."
        ),
    ],
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    digest: Annotated[int, typer.Option(help="Minutes for which notices are collected into one message.", min=0)] = 0,
    quiet: Annotated[str, typer.Option(help="Hours without messages, such as 22:00-07:00.")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Store where somebody is told; the same address again changes how."""
    from flows import addresses

    url = sys.stdin.readline().strip() if url == "-" else url
    console.show({"id": addresses.add(recipient, url, language, digest, quiet)}, as_json=as_json)


def remove(address_id: int, as_json: console.AsJson = False) -> None:
    """Send nothing to an address any more."""
    from flows import addresses

    addresses.remove(address_id)
    console.show({"removed": address_id}, as_json=as_json)


def test(address_id: int, as_json: console.AsJson = False) -> None:
    """Send a test message to an address, at once."""
    from flows import addresses

    addresses.test(address_id)
    console.show({"sent": address_id}, as_json=as_json)


def send(as_json: console.AsJson = False) -> None:
    """Send all notices that are due now; the dispatcher does so by itself."""
    from flows import addresses

    console.show(addresses.send(), as_json=as_json)


def list_all(as_json: console.AsJson = False) -> None:
    """Every address, without what may be secret in it, and what became of its owner's notices."""
    from flows import addresses

    console.show({"addresses": addresses.listed()}, as_json=as_json)

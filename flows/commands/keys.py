"""`wangge keys …`: the keys under which people's data is sealed."""

from __future__ import annotations

import typer

from flows import console


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Keys: under which people's data is sealed.", no_args_is_help=True)
    group.command("list")(list_all)
    group.command()(rotate)
    group.command()(prune)
    app.add_typer(group, name="keys")


def list_all(as_json: console.AsJson = False) -> None:
    """Every key by its id and age, and how much it sealed; never the key itself."""
    from flows import keys

    console.show({"keys": keys.listed()}, as_json=as_json)


def rotate(as_json: console.AsJson = False) -> None:
    """Draw a new key and seal everything anew; killed half-way, the next call goes on."""
    from flows import keys

    with console.progress() as bar:
        task = bar.add_task("sealing anew")
        told = keys.rotate(lambda done, total: console.move(bar, task, done, total))
    console.show(told, as_json=as_json)


def prune(as_json: console.AsJson = False) -> None:
    """Take away old keys that nothing uses any more; backups that were made under them can't be opened after that."""
    from flows import keys

    console.show(keys.prune(), as_json=as_json)

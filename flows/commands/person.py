"""`wangge person …`: all that is kept of one person."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows import console

Name = Annotated[str | None, typer.Option(help="The whole name.")]
Phone = Annotated[str | None, typer.Option(help="The telephone number.")]
Reason = Annotated[str, typer.Option(help="Why; it goes on record.")]
Ref = Annotated[str, typer.Argument(help="A record, as `wangge person find` names it: worker:12.")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="One person's data: found, told, corrected, deleted.", no_args_is_help=True)
    for command in (find, export, correct, delete):
        group.command()(command)
    app.add_typer(group, name="person")


def find(reason: Reason, name: Name = None, phone: Phone = None, as_json: console.AsJson = False) -> None:
    """Every record and text in which a person stands, masked."""
    from data.persons import Wanted
    from flows import people

    console.show(people.find(Wanted(name, phone), reason), as_json=as_json)


def export(
    out: Annotated[Path, typer.Option(help="A folder that is not there yet.")],
    reason: Reason,
    name: Name = None,
    phone: Phone = None,
    as_json: console.AsJson = False,
) -> None:
    """Write all that is kept of a person, whole, to a folder: person.json and the photos of his cases."""
    from data.persons import Wanted
    from flows import people

    console.show(people.export(Wanted(name, phone), out, reason), as_json=as_json)


def correct(  # noqa: PLR0917
    record: Ref,
    reason: Reason,
    name: Name = None,
    phone: Phone = None,
    home: Annotated[str | None, typer.Option(help="Where he lives.")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Put right what a record says of a person."""
    from flows import people
    from geo.persons import Kind

    given = {Kind.NAME: name, Kind.PHONE: phone, Kind.HOME: home}
    told = {kind: text for kind, text in given.items() if text is not None}
    console.show(people.correct(record, told, reason), as_json=as_json)


def delete(
    *,
    reason: Reason,
    record: Annotated[list[str] | None, typer.Option(help="A record of `wangge person find`; can be repeated.")] = None,
    name: Name = None,
    phone: Phone = None,
    texts: Annotated[bool, typer.Option("--texts", help="Also put stars in its place in what people wrote.")] = False,
    photos: Annotated[bool, typer.Option("--photos", help="Also delete the photos of the cases he reported.")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Delete what is kept of a person, or make it nameless where cases point to it."""
    from data.persons import Wanted
    from flows import people

    told = people.delete(record or [], Wanted(name, phone), reason, with_texts=texts, with_photos=photos)
    console.show(told, as_json=as_json)

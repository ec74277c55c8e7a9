"""`wangge backup` and `wangge restore`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from data.settings import settings
from flows import console
from geo.errors import BadInput

KeyFile = Annotated[
    Path | None, typer.Option("--key-file", help="A file with the passphrase; default: WANGGE_BACKUP_KEY.")
]


def register(app: typer.Typer) -> None:
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder for the backup.")],
    key_file: KeyFile = None,
    keys: Annotated[
        Path | None,
        typer.Option("--keys", help="A new file, kept elsewhere, for the keys of people's data and of links."),
    ] = None,
    as_json: console.AsJson = False,
) -> None:
    """Write database and photos, as of one moment while in use, sealed and with checksums, to a folder."""
    from data import backups

    made = backups.make(_absolute(folder), _passphrase(key_file), keys_file=keys and _absolute(keys), step=console.say)
    console.show(asdict(made), as_json=as_json)


def restore(
    folder: Annotated[Path, typer.Argument(help="The folder of a backup.")],
    key_file: KeyFile = None,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="The file of the keys, where this home has not got them.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Though there is data: it is kept under another name.")
    ] = False,
    as_json: console.AsJson = False,
) -> None:
    """Bring a backup back; nothing is touched before all of it has been checked."""
    from data import restoring

    restored = restoring.restore(
        _absolute(folder), _passphrase(key_file), keys_file=keys and _absolute(keys), force=force, step=console.say
    )
    console.show(asdict(restored), as_json=as_json)


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _passphrase(file: Path | None) -> str:
    if file is None:
        given = settings().backup_key
        if given is None:
            raise BadInput("give the passphrase by --key-file or WANGGE_BACKUP_KEY, never as an argument")
        return given.get_secret_value().strip()
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} can't be read as a passphrase") from error

"""The command `wangge`. Every module in `flows/commands/` adds its own commands; nothing is listed here.

To add a command, write `flows/commands/<noun>.py`:

    import typer
    from flows import console

    def register(app: typer.Typer) -> None:
        group = typer.Typer(help="Cells: the ground of one grid worker.")   # `wangge cells …`
        group.command("cut")(cut)                                           # or app.command("dispatch")(dispatch)
        app.add_typer(group, name="cells")

    def cut(households: str = "300-500", as_json: console.AsJson = False) -> None:
        \"\"\"Cut cells in every community that has none.\"\"\"
        from flows.cut_cells import cut_cells                               # heavy imports here, never at the top
        with console.progress() as bar:
            console.show(cut_cells(households, progress=bar), as_json=as_json)

Modules of `flows/commands` import at their top only typer, `flows.console`, `data.settings` and `geo.errors`: `wangge
--help` must not wait for Prefect, pandas or SQLAlchemy. Refuse by raising from `geo.errors`. Exit status: 0 done, 1 refused
or failed with a message that says what to do, 2 wrong usage.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import typer

from flows import commands, console, prefect_settings
from geo.errors import NotReady, Unavailable, WanggeError

NO_TABLES = ("42P01", "42703", "42704")
"""SQLSTATE of an undefined table, column, and object: without migrations there is not even a type `geometry`."""


def build() -> typer.Typer:
    """The application with every command of `flows/commands`, in alphabetical order of the modules."""
    app = typer.Typer(
        help="网格 Wangge: streets, communities and grid cells, their standards and their incidents.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for module in pkgutil.iter_modules(commands.__path__):
        importlib.import_module(f"{commands.__name__}.{module.name}").register(app)
    return app


def main() -> None:
    """Entry of the console script."""
    try:
        prefect_settings.apply()
        build()()
    except Exception as error:
        refusal = error if isinstance(error, WanggeError) else _from_database(error)
        if refusal is None:
            raise
        sys.exit(console.refuse(refusal, as_json="--json" in sys.argv))


def _from_database(error: Exception) -> WanggeError | None:
    """What a person can do about an error of the driver, bare or in SQLAlchemy's wrapping; None when it is none."""
    psycopg = sys.modules.get("psycopg")
    cause = getattr(error, "orig", None) or error
    if psycopg and getattr(cause, "sqlstate", None) in NO_TABLES:
        return NotReady("the tables are missing or of another version; run `wangge db migrate`")
    if psycopg and isinstance(cause, psycopg.OperationalError):
        return Unavailable(f"the database does not answer: {str(cause).strip()}")
    return None

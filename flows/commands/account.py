"""`wangge account …`: who may sign in, in which offices and on which ground."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer

from flows import console

Name = Annotated[str, typer.Argument(help="Name of the account.")]
OfficeText = Annotated[
    str,
    typer.Argument(
        help="worker, community, station, street, department, planner, district, system_admin, security_admin, audit_admin."
    ),
]
Ground = Annotated[
    str | None, typer.Argument(help="Code of a unit, or id of a worker, agency or facility; none for administrators.")
]
DAY = ["%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Accounts: who may sign in, in which offices and on which ground.", no_args_is_help=True)
    for command in (create, lock, unlock, reset, link, grant, revoke, grants, sessions):
        group.command()(command)
    group.command("list")(list_all)
    app.add_typer(group, name="account")


def create(
    name: Name,
    office: Annotated[str | None, typer.Option(help="Its first office, as in `grant`.")] = None,
    ground: Annotated[str | None, typer.Option(help="The ground of that office.")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Make an account and print its one-time password, which is changed at the first sign-in."""
    from flows import accounts

    told = accounts.create(name, office, ground)
    console.show(told, as_json=as_json)
    if office is None:
        console.say(f"it holds no office yet: `wangge account grant {told['account']} OFFICE GROUND`")


def list_all(
    part: Annotated[str, typer.Option(help="Only names that hold this.")] = "", as_json: console.AsJson = False
) -> None:
    """Accounts by name, with what they hold today."""
    from flows import accounts

    rows = accounts.listed(part)
    if as_json:
        return console.show({"accounts": rows}, as_json=True)
    return console.show_rows(
        ("account", "state", "acts as", "open sessions", "last seen"), [_line(row) for row in rows]
    )


def lock(name: Name, as_json: console.AsJson = False) -> None:
    """Let an account in no more, and end its sessions."""
    from flows import accounts

    accounts.lock(name)
    console.show({"locked": name}, as_json=as_json)


def unlock(name: Name, as_json: console.AsJson = False) -> None:
    """Let an account in again, whether an administrator or failures locked it."""
    from flows import accounts

    accounts.unlock(name)
    console.show({"unlocked": name}, as_json=as_json)


def reset(
    name: Name,
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Take away the second factor too: the device is lost.")
    ] = False,
    as_json: console.AsJson = False,
) -> None:
    """Print another one-time password, and end the account's sessions."""
    from flows import accounts

    console.show(accounts.reset(name, with_second_factor=second_factor), as_json=as_json)


def link(
    name: Name,
    subject: Annotated[
        str | None, typer.Argument(help="As the city's provider names him (`sub`); none: no longer.")
    ] = None,
    as_json: console.AsJson = False,
) -> None:
    """Let an account sign in through the city's provider."""
    from flows import accounts

    accounts.link(name, subject)
    console.show({"account": name, "subject": subject}, as_json=as_json)


def grant(  # noqa: PLR0917
    name: Name,
    office: OfficeText,
    ground: Ground = None,
    cells: Annotated[
        list[str] | None, typer.Option("--cell", help="Only this cell of a worker's; may be repeated.")
    ] = None,
    begins: Annotated[datetime | None, typer.Option("--from", formats=DAY, help="First day; default today.")] = None,
    ends: Annotated[
        datetime | None, typer.Option("--until", formats=DAY, help="First day on which it no longer holds.")
    ] = None,
    as_json: console.AsJson = False,
) -> None:
    """Grant an office on its ground."""
    from flows import accounts

    told = accounts.grant(name, office, ground, cells or [], (_day(begins), _day(ends)))
    console.show(told, as_json=as_json)


def revoke(
    name: Name,
    grant_id: Annotated[int, typer.Argument(help="Number of the grant, as `wangge account grants` tells it.")],
    as_json: console.AsJson = False,
) -> None:
    """End a grant at once."""
    from flows import accounts

    console.show(accounts.revoke(name, grant_id), as_json=as_json)


def grants(name: Name, as_json: console.AsJson = False) -> None:
    """Every grant of an account, past and to come too."""
    from flows import accounts

    rows = accounts.grants_of(name)
    if as_json:
        return console.show({"grants": rows}, as_json=True)
    shown = ("id", "office", "actor", "ground_name", "valid_from", "valid_to")
    return console.show_rows(shown, [_texts(row, shown) for row in rows])


def sessions(
    name: Name,
    end: Annotated[int | None, typer.Option(help="End this one, by its number.")] = None,
    end_all: Annotated[bool, typer.Option("--end-all", help="End all.")] = False,
    as_json: console.AsJson = False,
) -> None:
    """The sessions of an account that are open now; or end them."""
    from flows import accounts

    if end or end_all:
        return console.show({"ended": accounts.end_sessions(name, end)}, as_json=as_json)
    rows = accounts.sessions_of(name)
    if as_json:
        return console.show({"sessions": rows}, as_json=True)
    shown = ("id", "opened_at", "seen_at", "expires_at", "address", "browser")
    return console.show_rows(shown, [_texts(row, shown) for row in rows])


def _day(moment: datetime | None) -> date | None:
    return moment and moment.date()


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    state = "locked" if row["locked_at"] else "demo" if row["is_demo"] else "open"
    actors = ", ".join(held["actor"] for held in row["grants"])
    seen = f"{row['last_seen_at']:%Y-%m-%d %H:%M}" if row["last_seen_at"] else ""
    return row["name"], state, actors, str(row["sessions"]), seen


def _texts(row: dict[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("" if row[name] is None else str(row[name]) for name in names)

"""`wangge score`: what the events of cases say of streets, communities, cells, departments and categories."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

import typer

from flows import console, prefect_settings

DAY = ["%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Scores of a period, and the cases behind each figure.", invoke_without_command=True)
    group.callback()(score)
    group.command("rows")(rows)
    group.command("check")(check)
    app.add_typer(group, name="score")


def score(
    context: typer.Context,
    period: Annotated[str, typer.Option(help="day, week, month, quarter, year, custom, or all.")] = "month",
    first: Annotated[
        datetime | None, typer.Option("--from", formats=DAY, help="A day of it; default yesterday.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=DAY, help="The last day, of a custom period.")
    ] = None,
    as_json: console.AsJson = False,
) -> None:
    """Reckon scores from the events, and store them as a run per period."""
    if context.invoked_subcommand is None:
        found = _score(period, first and first.date(), last and last.date())
        console.show(found if as_json else _short(found), as_json=as_json)


def rows(
    run: Annotated[int, typer.Argument(help="The run, as `wangge score` told it.")],
    dimension: Annotated[str, typer.Argument(help="all, district, street, community, cell, department or category.")],
    key: Annotated[str, typer.Argument(help="Its code; `all` for all.")],
    figure: Annotated[str, typer.Argument(help="Such as on_time_rate; docs/scores.md has them all.")],
    *,
    after: Annotated[int, typer.Option(help="`next` of the page before.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=5000, help="Cases of one page.")] = 1000,
    as_json: console.AsJson = False,
) -> None:
    """List the cases behind a figure, and which of them it counts."""
    prefect_settings.keep_quiet()
    from flows.score import behind

    found = behind(run, dimension, key, figure, after=after, limit=limit)
    if as_json:
        console.show(found, as_json=True)
        return
    for row in found.pop("rows"):
        print(json.dumps(row, ensure_ascii=False), flush=True)
    console.show(found, as_json=False)


def check(as_json: console.AsJson = False) -> None:
    """Compare every case with what its events say. Exit status 1 when they differ."""
    prefect_settings.keep_quiet()
    from flows.score import compare

    found = compare()
    console.show(found, as_json=as_json)
    if found["differing"]:
        raise typer.Exit(1)


def _score(period: str, first: Any, last: Any) -> dict[str, Any]:
    prefect_settings.keep_quiet()
    from flows import retrying
    from flows import score as scoring

    if retrying.has_server():
        return scoring.score(period, first, last)
    return scoring.run(period, first, last)


def _short(found: dict[str, Any]) -> dict[str, Any]:
    runs = {
        f"{run['period']} {run['from']} to {run['to']}": f"run {run['run']}, {run['cases']:,} cases, {run['scores']:,} rows"
        for run in found["runs"]
    }
    return runs | {"cut": found["cut"], "seconds": found["seconds"]}

"""`wangge cells`: the ground of one grid worker."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import typer

from flows import console


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Cells: the ground of one grid worker.", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("cut")(cut)
    app.add_typer(group, name="cells")


def cut(
    households: Annotated[
        str | None, typer.Option(help="Bounds such as 300-500; default: the parameters in force.")
    ] = None,
    cell_m: Annotated[float | None, typer.Option(help="Cut squares of so many metres instead.")] = None,
    as_json: console.AsJson = False,
) -> None:
    """Cut cells in every community that has a boundary and no cells."""
    low, high = _bounds(households)
    if households is not None and cell_m is not None:
        raise typer.BadParameter("give --households or --cell-m, not both")
    console.show(_cut(low, high, cell_m), as_json=as_json)


def _bounds(text: str | None) -> tuple[int | None, int | None]:
    if text is None:
        return None, None
    low, dash, high = text.partition("-")
    if not (dash and low.isdigit() and high.isdigit()):
        raise typer.BadParameter(f"{text!r} is not two numbers such as 300-500", param_hint="--households")
    return int(low), int(high)


def _cut(low: int | None, high: int | None, cell_m: float | None) -> dict[str, Any]:
    from flows import cut_cells

    with console.progress() as bar:
        task = bar.add_task("cutting communities", total=None)
        step = partial(console.move, bar, task)
        return cut_cells.cut_all(low=low, high=high, cell_m=cell_m, step=step)

"""`wangge service-areas`: what lies within a walk of every service station."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import Annotated, Any

import typer

from flows import console, prefect_settings


class Method(StrEnum):
    NETWORK = "network"
    RADIUS = "radius"


class Level(StrEnum):
    STATION = "station"
    STREET_CENTRE = "street_centre"
    DISTRICT_CENTRE = "district_centre"


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Service areas: what lies within a walk of every station.", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("build")(build)
    app.add_typer(group, name="service-areas")


def build(
    minutes: Annotated[float | None, typer.Option(help="Minutes on foot; default: the parameter in force, 20.")] = None,
    method: Annotated[Method, typer.Option(help="Along the streets, or in a straight line.")] = Method.NETWORK,
    level: Annotated[Level, typer.Option(help="Of which facilities.")] = Level.STATION,
    force: Annotated[bool, typer.Option("--force", help="Build anew even if nothing has changed.")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Build the service area of every facility, and how much of each community they cover."""
    figures = _build(method.value, minutes, level.value, force)
    _tell(figures)
    console.show(figures if as_json else _short(figures), as_json=as_json)


def _build(method: str, minutes: float | None, level: str, force: bool) -> dict[str, Any]:
    prefect_settings.keep_quiet()
    from flows import build_service_areas, retrying

    wish: dict[str, Any] = {"method": method, "minutes": minutes, "level": level, "force": force}
    with console.progress() as bar:
        task = bar.add_task("building service areas", total=None)
        if not retrying.has_server():
            return build_service_areas.build(**wish, moved=partial(console.move, bar, task))
        figures: dict[str, Any] = build_service_areas.build_service_areas(**wish)
        console.move(bar, task, figures["facilities"], figures["facilities"])
        return figures


def _tell(figures: dict[str, Any]) -> None:
    for warning in figures["warnings"]:
        console.say(warning)
    for failure in figures["failures"]:
        console.say(f"not built: {failure['code']} {failure['name']}: {failure['reason']}")


def _short(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in figures.items() if name not in ("warnings", "failures")}

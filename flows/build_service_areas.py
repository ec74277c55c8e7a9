"""Build what lies within so many minutes' walk of every service station: read, compute, store in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal
from uuid import UUID

import pandas as pd
from prefect import flow
from prefect.artifacts import create_progress_artifact, create_table_artifact, update_progress_artifact

from data import service_areas
from data.database import engine
from data.days import today
from data.parameters import parameters
from data.service_areas import BuildInput, Wish
from flows.retrying import plain, retried
from geo import network
from geo.catchment import Catchments, Step, Walk, by_network, by_radius, require_minutes
from geo.coverage import of_communities, percentage

Method = Literal["network", "radius"]
Level = Literal["station", "street_centre", "district_centre"]
ANSWER = (
    "facilities", "built", "failed", "minutes", "method", "level", "households", "households_covered",
    "households_covered_pct", "area_covered_pct", "failures", "warnings", "build", "is_new",
)  # fmt: skip
PROGRESS_STEPS = 20
"""How often Prefect's progress bar moves."""
NO_HOMES = "no residences are loaded, so nobody is counted: run `wangge import residences FILE`"
NO_COMMUNITIES = "no community has a boundary, so no ground is counted: run `wangge import communities FILE`"


@flow(name="build-service-areas")
def build_service_areas(
    method: Method = "network", minutes: float | None = None, level: Level = "station", force: bool = False
) -> dict[str, Any]:
    """Build and store the service areas of all facilities of a level; see `build`."""
    return build(method, minutes, level, force=force, step=retried, moved=_progress_bar(), show=_publish)


def build(
    method: str,
    minutes: float | None = None,
    level: str = "station",
    *,
    force: bool = False,
    step: Callable[[Any], Any] = plain,
    moved: Step = lambda done, total: None,
    show: Callable[[dict[str, Any]], None] = lambda figures: None,
) -> dict[str, Any]:
    """Returns the figures named in ANSWER and `seconds`; percentages are null where nothing could be counted, `failures` has
    `code`, `name` and `reason` of each facility without an area.

    `minutes` defaults to the parameter in force. When nothing has changed since the latest build, that one is kept, unless
    `force`. `step` wraps what reads and stores; `moved` is told how many facilities are done; `show` is given the figures.
    """
    begun = time.monotonic()
    given = step(_read)(method, minutes, level)
    kept = None if force else step(_unchanged)(given)
    figures: dict[str, Any] = kept or step(_store)(given, *_computed(given, moved), force)
    moved(figures["facilities"], figures["facilities"])
    show(figures)
    return {name: figures[name] for name in ANSWER} | {"seconds": round(time.monotonic() - begun, 3)}


def _read(method: str, minutes: float | None, level: str) -> BuildInput:
    with engine().connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        on = today()
        known = parameters(connection, on)
        minutes = known.walk_minutes if minutes is None else minutes
        require_minutes(minutes, lowest=known.walk_minutes_min, highest=known.walk_minutes_max)
        return service_areas.read(connection, Wish(method, minutes, level), known, on)


def _unchanged(given: BuildInput) -> dict[str, Any] | None:
    """The figures of the latest build when it read the same."""
    with engine().begin() as connection:
        return _kept(service_areas.same_as_latest(connection, given))


def _store(
    given: BuildInput, found: Catchments, covered: pd.DataFrame, figures: dict[str, Any], force: bool
) -> dict[str, Any]:
    with engine().begin() as connection:
        kept = _kept(service_areas.same_as_latest(connection, given))
        if kept and not force:
            return kept
        return figures | {"build": service_areas.store(connection, given, found, covered, figures), "is_new": True}


def _kept(latest: service_areas.Latest | None) -> dict[str, Any] | None:
    return latest and latest.figures | {"build": latest.id, "is_new": False}


def _computed(given: BuildInput, moved: Step) -> tuple[Catchments, pd.DataFrame, dict[str, Any]]:
    found = _caught(given, moved)
    covered = of_communities(given.communities, given.homes, found.is_reached, found.areas.geometry.to_numpy())
    return found, covered, _figures(given, found, covered)


def _caught(given: BuildInput, moved: Step) -> Catchments:
    known = given.parameters
    limit_m = given.wish.minutes * known.walk_speed_m_per_min
    if given.nodes is None or given.edges is None:
        return by_radius(given.facilities, given.homes, limit_m=limit_m, step=moved)
    walk = Walk(
        limit_m=limit_m,
        snap_m=known.street_snap_m,
        island_streets_m=known.island_streets_m,
        grid_m=known.service_area_grid_m,
    )
    return by_network(network.build(given.nodes, given.edges), given.facilities, given.homes, walk, moved)


def _figures(given: BuildInput, found: Catchments, covered: pd.DataFrame) -> dict[str, Any]:
    households = int(given.homes["households"].sum())
    reached = int(given.homes["households"][found.is_reached].sum())
    warnings = {NO_HOMES: given.homes.empty, NO_COMMUNITIES: given.communities.empty}
    return {
        "facilities": len(given.facilities),
        "built": len(found.areas),
        "failed": len(found.failed),
        "minutes": given.wish.minutes,
        "method": given.wish.method,
        "level": given.wish.level,
        "households": households,
        "households_covered": reached,
        "households_covered_pct": percentage(reached, households),
        "area_covered_pct": percentage(covered["area_covered_m2"].sum(), covered["area_m2"].sum()),
        "failures": found.failed.to_dict("records"),
        "warnings": [text for text, is_so in warnings.items() if is_so],
    }


def _progress_bar() -> Step:
    """Moves a progress artifact of the running flow, in a few steps whatever the number of facilities."""
    artifact = create_progress_artifact(progress=0.0, description="facilities done")
    assert isinstance(artifact, UUID)

    def moved(done: int, total: int) -> None:
        if done * PROGRESS_STEPS // total > (done - 1) * PROGRESS_STEPS // total:
            update_progress_artifact(artifact_id=artifact, progress=100 * done / total)

    return moved


def _publish(figures: dict[str, Any]) -> None:
    rows = [{"figure": name, "value": str(value)} for name, value in figures.items() if name != "failures"]
    key = f"service-areas-{figures['method']}-{figures['level'].replace('_', '-')}"
    create_table_artifact(rows, key=key, description="Service areas: the latest build")
    if figures["failures"]:
        create_table_artifact(figures["failures"], key=f"{key}-failed", description="Facilities without a service area")

"""Builds of service areas: what they read and what they leave behind. Frames are in the city's zone (metres); stored is 4490."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select, update

from data import frames, network
from data.copying import copy_frame
from data.database import driver_connection
from data.days import holds
from data.models import SRID, Area, Facility, Residence, ServiceBuild
from data.parameters import Parameters
from data.settings import settings
from geo.catchment import REVISION, Catchments
from geo.crs import to_metric
from geo.errors import NotReady

KEPT_BUILDS = 3
"""Of one method, level and number of minutes; older ones are deleted when a new one comes in."""
LOCK = "wangge service areas"


@dataclass(frozen=True)
class Wish:
    """What is to be built."""

    method: str
    minutes: float
    level: str


@dataclass(frozen=True, eq=False)
class BuildInput:
    """`facilities`: `id`, `code`, `name`, point. `homes`: `households`, `residents`, point. `communities`: `code`, polygon.

    `nodes` and `edges` as `data.network.read` gives them; None for straight lines.
    """

    wish: Wish
    parameters: Parameters
    facilities: gpd.GeoDataFrame
    homes: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    nodes: gpd.GeoDataFrame | None = None
    edges: gpd.GeoDataFrame | None = None
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        ground = (self.facilities, self.homes, self.communities, self.nodes, self.edges)
        object.__setattr__(self, "digest", frames.digest(REVISION, self.wish, self.parameters, *ground))


class Latest(NamedTuple):
    id: int
    figures: dict[str, Any]


def read(connection: Connection, wish: Wish, known: Parameters, on: date) -> BuildInput:
    """All that a build needs to know, as it is on the day `on`. Raises NotReady when there is no facility or no street."""
    facilities = _facilities(connection, wish.level, on)
    if facilities.empty:
        raise NotReady(f"no facility of level {wish.level} is loaded: run `wangge import facilities FILE`")
    ways = network.read(connection) if wish.method == "network" else (None, None)
    return BuildInput(wish, known, facilities, _homes(connection), _communities(connection, on), *ways)


def same_as_latest(connection: Connection, given: BuildInput) -> Latest | None:
    """The latest build of the same kind, if it read the same; then it counts as built now.

    Until the transaction ends nobody else stores a build.
    """
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(LOCK))))
    columns = (ServiceBuild.id, ServiceBuild.figures, ServiceBuild.input_digest)
    latest = connection.execute(select(*columns).where(*_like(given.wish)).order_by(*_NEWEST).limit(1)).first()
    if latest is None or latest.input_digest != given.digest:
        return None
    connection.execute(update(ServiceBuild).where(ServiceBuild.id == latest.id).values(built_at=func.now()))
    return Latest(latest.id, latest.figures)


def store(
    connection: Connection, given: BuildInput, found: Catchments, covered: pd.DataFrame, figures: dict[str, Any]
) -> int:
    """Add a build with its areas and its coverage (columns as `geo.coverage.of_communities` returns them); return its id."""
    build_id = connection.scalars(
        insert(ServiceBuild).values(_build_row(given, figures)).returning(ServiceBuild.id)
    ).one()
    driver = driver_connection(connection)
    copy_frame(driver, "service_area", found.areas.to_crs(SRID).assign(build_id=build_id))
    copy_frame(driver, "service_coverage", covered.rename(columns={"code": "community_code"}).assign(build_id=build_id))
    _forget_old(connection, given.wish)
    return build_id


_NEWEST = (ServiceBuild.built_at.desc(), ServiceBuild.id.desc())


def _build_row(given: BuildInput, figures: dict[str, Any]) -> dict[str, Any]:
    wish, speed = given.wish, given.parameters.walk_speed_m_per_min
    kind = {"method": wish.method, "level": wish.level, "minutes": wish.minutes, "speed_m_per_min": speed}
    return kind | {"input_digest": given.digest, "figures": figures}


def _forget_old(connection: Connection, wish: Wish) -> None:
    kept = select(ServiceBuild.id).where(*_like(wish)).order_by(*_NEWEST).limit(KEPT_BUILDS)
    connection.execute(delete(ServiceBuild).where(*_like(wish), ServiceBuild.id.not_in(kept.scalar_subquery())))


def _like(wish: Wish) -> tuple[Any, ...]:
    return (
        ServiceBuild.method == wish.method,
        ServiceBuild.level == wish.level,
        ServiceBuild.minutes == wish.minutes,
    )


def _facilities(connection: Connection, level: str, on: date) -> gpd.GeoDataFrame:
    columns = (Facility.id, Facility.code, Facility.name, frames.shape(Facility.geom))
    return _metric(
        connection, select(*columns).where(Facility.level == level, holds(Facility, on)).order_by(Facility.code)
    )


def _homes(connection: Connection) -> gpd.GeoDataFrame:
    columns = (Residence.households, Residence.residents, frames.shape(Residence.geom))
    return _metric(connection, select(*columns).order_by(Residence.id))


def _communities(connection: Connection, on: date) -> gpd.GeoDataFrame:
    wanted = select(Area.code, frames.shape(Area.geom)).where(Area.level == "community", Area.geom.is_not(None))
    return _metric(connection, wanted.where(holds(Area, on)).order_by(Area.code))


def _metric(connection: Connection, wanted: Any) -> gpd.GeoDataFrame:
    return to_metric(frames.read_shapes(connection, wanted), settings().metric_srid)

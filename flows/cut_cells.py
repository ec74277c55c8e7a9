"""Cut cells in every community that has none: read a community, cut it, store its cells; one transaction for all."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
from prefect import flow
from sqlalchemy import Connection

from data import ground, parameters
from data.database import engine
from data.settings import settings
from geo import cutting
from geo.errors import NotReady

Step = Callable[[int, int], None]


def quiet(done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class ByHouseholds:
    """Cells of between `low` and `high` households, along streets."""

    low: int
    high: int

    def cut(self, connection: Connection, community: Any) -> gpd.GeoDataFrame:
        return cutting.cut_by_households(
            community.geometry,
            ground.residences_in(connection, community.code),
            ground.streets_in(connection, community.code),
            crs=f"EPSG:{settings().metric_srid}",
            households=(self.low, self.high),
        )


@dataclass(frozen=True)
class BySize:
    """Squares of `cell_m` metres."""

    cell_m: float

    def cut(self, connection: Connection, community: Any) -> gpd.GeoDataFrame:
        return cutting.cut_by_size(community.geometry, crs=f"EPSG:{settings().metric_srid}", cell_m=self.cell_m)


@flow(name="cut-cells")
def cut_cells(low: int | None = None, high: int | None = None, cell_m: float | None = None) -> dict[str, Any]:
    """Cut by households (bounds default to the parameters valid today), or into squares when `cell_m` is given."""
    return cut_all(low=low, high=high, cell_m=cell_m)


def cut_all(*, low: int | None, high: int | None, cell_m: float | None, step: Step = quiet) -> dict[str, Any]:
    """Cut in a transaction of its own; see `cut`."""
    with engine().begin() as connection:
        way = way_of_cutting(connection, low=low, high=high, cell_m=cell_m)
        return cut(connection, way, step)


def way_of_cutting(
    connection: Connection, *, low: int | None, high: int | None, cell_m: float | None
) -> ByHouseholds | BySize:
    """Squares when `cell_m` is given, else by households; a bound that is not given is the parameter in force."""
    if cell_m is not None:
        return BySize(cell_m)
    known = parameters.parameters(connection)
    return ByHouseholds(
        int(known.cell_households_min) if low is None else low,
        int(known.cell_households_max) if high is None else high,
    )


def cut(connection: Connection, way: ByHouseholds | BySize, step: Step = lambda done, total: None) -> dict[str, Any]:
    """Cut and store; the caller commits. Returns `communities`, `cells`, `seconds`.

    Raises: NotReady when cells are to follow households and no residences are loaded.
    """
    begun = time.monotonic()
    if isinstance(way, ByHouseholds) and not ground.has_residences(connection):
        raise NotReady(
            "no residences are loaded: run `wangge import residences FILE`, or cut squares with --cell-m 200"
        )
    communities = ground.communities_without_cells(connection)
    cells = 0
    for done, community in enumerate(communities.itertuples(index=False), start=1):
        cells += ground.store_cells(connection, _coded(way.cut(connection, community), community), source=str(way))
        step(done, len(communities))
    return {"communities": len(communities), "cells": cells, "seconds": round(time.monotonic() - begun, 3)}


def _coded(cells: gpd.GeoDataFrame, community: Any) -> gpd.GeoDataFrame:
    """The cells with code, community and name; what is only of use to the cutter is dropped."""
    numbers = cells["number"].to_numpy()
    codes = cutting.cell_codes(community.code, numbers, digits=settings().cell_suffix_digits)
    names = [f"{community.name}第{number}网格" for number in numbers]
    kept = cells[["geometry", *([] if "households" not in cells else ["households"])]]
    return kept.assign(code=codes, community_code=community.code, name=names)

"""The checks of areas, cells and facilities against each other and what is stored. EPSG:4490, measured in the city's zone; m, m².

Each yields the name of a check and what it found: line, code, other, field, value, text, m2, geometry. What follows from it, a
warning or a refusal, is data/reference/import_checks.csv.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.imports.surroundings import Surroundings
from data.settings import settings
from geo import topology

Found = Iterator[tuple[str, pd.DataFrame]]
Check = Callable[[Surroundings], Found]


def vertices(near: Surroundings) -> Found:
    """Vertices that come twice, and parts too thin to be ground."""
    shapes, limits = _drawn(near.units), near.limits
    zone = settings().metric_srid
    twice = topology.repeated_points(shapes, metric_crs=zone, distance_m=limits.vertex_distance_m)
    yield "repeated_points", _told(near.units, twice, _each("{} vertices repeat the one before", twice["count"]))
    thin = topology.slivers(shapes, metric_crs=zone, width_m=limits.sliver_width_m)
    yield (
        "sliver",
        _told(near.units, thin, _each("a part of {:,.1f} m² is only {:.2f} m wide", thin["area_m2"], thin["width_m"])),
    )


def neighbours(near: Surroundings) -> Found:
    """Ground that two units of one level claim; of cells, ground that is the same twice."""
    everyone = near.everyone
    shared = topology.overlaps(_drawn(near.units), _drawn(everyone), near.measure(near.limits.overlap_tolerated_m2))
    shared = shared.assign(other=everyone["code"].reindex(shared["other"]).to_numpy(), index=shared["other"])
    told = _told(near.units, shared, _each("shares {:,.0f} m² with {}", shared["area_m2"], shared["other"]))
    if near.is_of_cells:
        smaller = np.minimum(_area(everyone, shared["row"]), _area(everyone, shared["index"]))
        same = (shared["area_m2"] > near.limits.same_ground_pct / 100 * smaller).to_numpy()
        yield "same_ground", told[same]
        told = told[~same]
    yield "overlap", told


def gaps(near: Surroundings) -> Found:
    """Ground of a unit above that belongs to none of its units; only where all of them are drawn."""
    above = near.above.set_index("code").geometry
    for code, siblings in near.everyone.groupby("above"):
        if siblings["line"].isna().all() or siblings.geometry.isna().any():
            continue
        within = above.get(code)
        measure = near.measure(near.limits.gap_tolerated_m2)
        left = topology.gaps(siblings.geometry, within, measure, width_m=near.limits.gap_width_m)
        lines = siblings["line"].min()
        texts = _each("{:,.0f} m² of " + str(code) + " belong to nobody", left["area_m2"])
        yield "gap", gpd.GeoDataFrame(_plain(left, texts).assign(line=lines, code=code))


def above(near: Surroundings) -> Found:
    """What lies outside the unit above, and units above that are not known."""
    known = near.above.set_index("code")
    strange = near.units[~near.units["above"].isin(known.index)].drop_duplicates("above")
    texts = _each("the unit above, {}, is not known on that day", strange["above"])
    yield "parent_unknown", _of_units(strange, "parent_code", strange["above"], texts)
    yield "outside_parent", _outside(near.units, known, near, "outside the unit above, {}")


def below(near: Surroundings) -> Found:
    """What is stored below a unit and lies outside its new boundary. The finding is the unit's row."""
    units = near.units.set_index("code")
    found = _outside(near.below, units, near, "outside its unit, {}")
    if not found.empty:
        found = found.assign(line=units["line"].reindex(found["other"]).to_numpy())
    yield "child_outside", found


def households(near: Surroundings) -> Found:
    """Households of all units below that don't add up to those of the unit above."""
    yield "households_sum", _sums(near.above, near.everyone, near)
    yield "households_sum", _sums(near.units, near.below, near)


def communities(near: Surroundings) -> Found:
    """Cells that lie in a community which is not their own."""
    if near.communities.empty:
        return
    shapes = near.communities.geometry.set_axis(near.communities.index + len(near.everyone))
    shared = topology.overlaps(_drawn(near.units), shapes, near.measure(near.limits.overlap_tolerated_m2))
    shared = shared.assign(other=near.communities["code"].to_numpy()[shared["other"] - len(near.everyone)])
    shared = shared[shared["other"] != near.units["above"].reindex(shared["row"]).to_numpy()]
    texts = _each("{:,.0f} m² lie in the community {}", shared["area_m2"], shared["other"])
    yield "cell_in_two_communities", _told(near.units, shared, texts)


LAYERS: dict[str, tuple[Check, ...]] = {
    "area": (vertices, neighbours, gaps, above, below, households),
    "cell": (vertices, neighbours, gaps, above, households, communities),
}


def _drawn(units: gpd.GeoDataFrame) -> gpd.GeoSeries:
    return units.geometry[units.geometry.notna()]


def _area(units: gpd.GeoDataFrame, labels: pd.Series) -> Any:
    return topology.sizes(units.geometry.reindex(labels), settings().metric_srid)[0]


def _each(text: str, *columns: pd.Series) -> list[str]:
    return [text.format(*values) for values in zip(*columns, strict=True)]


def _plain(found: gpd.GeoDataFrame, texts: list[str]) -> gpd.GeoDataFrame:
    m2 = found.get("area_m2", np.nan)
    return found.assign(field="geometry", text=texts, m2=m2, value=m2)


def _told(units: gpd.GeoDataFrame, found: gpd.GeoDataFrame, texts: list[str]) -> gpd.GeoDataFrame:
    """Findings with the line and code of their row."""
    mine = units[["line", "code"]].reindex(found["row"])
    return _plain(found, texts).assign(line=mine["line"].to_numpy(), code=mine["code"].to_numpy())


def _of_units(units: gpd.GeoDataFrame, field: str, values: Any, texts: list[str]) -> gpd.GeoDataFrame:
    return units[["line", "code", "geometry"]].assign(field=field, value=values, text=texts)


def _outside(units: gpd.GeoDataFrame, around: gpd.GeoDataFrame, near: Surroundings, text: str) -> gpd.GeoDataFrame:
    """Units of which a part, or whose point, lies outside the unit above; `around` has the units above by their codes."""
    limits, within = near.limits, around.geometry.reindex(units["above"]).set_axis(units.index)
    drawn = _drawn(units)
    parts = topology.outside(drawn, within.reindex(drawn.index), near.measure(limits.outside_tolerated_m2))
    over = units["above"].reindex(parts["row"])
    told = _told(units, parts, _each("{:,.0f} m² lie " + text, parts["area_m2"], over)).assign(other=over.to_numpy())
    return pd.concat([told, _points_outside(units, within, limits.outside_tolerated_m, text)])


def _points_outside(units: gpd.GeoDataFrame, within: gpd.GeoSeries, tolerated_m: float, text: str) -> gpd.GeoDataFrame:
    points, zone = gpd.GeoSeries(units["point"], crs=units.crs), settings().metric_srid
    measured = shapely.distance(points.to_crs(zone).to_numpy(), within.to_crs(zone).to_numpy())
    distance_m = pd.Series(measured, units.index)
    far = (distance_m > tolerated_m) & units.geometry.isna()
    texts = _each("its point lies {:,.0f} m " + text, distance_m[far], units["above"][far])
    told = _of_units(units[far], "point", distance_m[far], texts).assign(other=units["above"][far])
    return told.set_geometry(points[far])


def _sums(units: gpd.GeoDataFrame, children: gpd.GeoDataFrame, near: Surroundings) -> gpd.GeoDataFrame:
    sums = children.groupby("above").agg(
        line_below=("line", "min"), total=("households", "sum"), missing=("households", lambda told: told.isna().any())
    )
    both = units[units["households"].notna()].join(sums[~sums["missing"].astype(bool)], on="code", how="inner")
    allowed = near.limits.households_tolerated_pct / 100 * both["households"].astype(float)
    both = both[(both["total"].astype(float) - both["households"].astype(float)).abs() > allowed]
    texts = _each("has {:,} households, the units below it {:,} in all", both["households"], both["total"])
    lines = both["line"].fillna(both["line_below"])
    return _of_units(both, "households", both["households"], texts).assign(
        line=lines, other=both["total"].astype("str")
    )

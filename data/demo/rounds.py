"""Places that workers must visit, and elements of their cells, with invented names and numbers that belong to nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd

from data.demo import names

VISITS = (
    ("fire_exit", "消防通道", 7),
    ("gas_shop", "液化气站", 3),
    ("school_gate", "校门口", 1),
    ("site", "工地围挡", 14),
)
"""Kind, how it is called, and after how many days it is due again."""
VISITS_PER_CELL = 3
LATEST_DAYS = 12
"""No place of the demo was left longer."""
PEOPLE = (("独居老人", "每周探访"), ("重点关爱", "每月走访"), ("楼门长", ""), ("志愿者", ""))
OTHERS = (
    ("organisations", "小店", "便民店"),
    ("organisations", "社会组织", "志愿服务队"),
    ("places", "公共场所", "小广场"),
    ("things", "消防设施", "消防栓"),
    ("events", "定期活动", "周末市集"),
)
PEOPLE_PER_CELL = 3
ASKED = "organisations"
"""There somebody is asked for by name."""


def visits(
    cells: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, as_of: datetime, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Rows `cell_code, kind, name, every_days, listed_on, last_at, geometry`; each beside a home of its cell."""
    doors = _doors(cells, homes, VISITS_PER_CELL, rng)
    which = rng.integers(0, len(VISITS), len(doors))
    ago = rng.uniform(0.1, LATEST_DAYS, len(doors))
    columns = {
        "cell_code": doors["code"].to_numpy(),
        "kind": [VISITS[number][0] for number in which],
        "name": [f"{address}{VISITS[number][1]}" for address, number in zip(doors["address"], which, strict=True)],
        "every_days": [VISITS[number][2] for number in which],
        "listed_on": (as_of - timedelta(days=90)).date(),
        "last_at": pd.to_datetime([as_of - timedelta(days=days) for days in ago], utc=True).floor("min"),
    }
    return gpd.GeoDataFrame(columns, geometry=doors.geometry.to_numpy(), crs=cells.crs)


def elements(
    cells: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, as_of: datetime, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Rows `kind, cell_code, title, label, name, phone, home, note, changed_by, changed_at, confirmed_at, geometry`."""
    at = pd.Timestamp(as_of - timedelta(days=20)).tz_convert("UTC")
    both = [
        _people(_doors(cells, homes, PEOPLE_PER_CELL, rng), rng),
        _others(_doors(cells, homes, len(OTHERS), rng), rng),
    ]
    found = pd.concat(both, ignore_index=True).sort_values(["cell_code", "kind"], kind="stable", ignore_index=True)
    numbers = pd.Series([f"199001{number:05d}" for number in range(1, len(found) + 1)])
    found["phone"] = numbers.where(found["name"].notna(), None)
    written = found.assign(changed_by="import", changed_at=at, confirmed_at=at)
    return gpd.GeoDataFrame(written, geometry="geometry", crs=cells.crs)


def _people(doors: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    told = [PEOPLE[number] for number in rng.integers(0, len(PEOPLE), len(doors))]
    columns = {
        "kind": "people",
        "cell_code": doors["code"].to_numpy(),
        "title": None,
        "label": [label for label, _ in told],
        "name": names.people(rng, len(doors)),
        "home": doors["address"].to_numpy(),
        "note": [note for _, note in told],
        "geometry": None,
    }
    return pd.DataFrame(columns)


def _others(doors: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    told = [OTHERS[number % len(OTHERS)] for number in range(len(doors))]
    columns = {
        "kind": [kind for kind, _, _ in told],
        "cell_code": doors["code"].to_numpy(),
        "title": [f"{address}{title}" for address, (_, _, title) in zip(doors["address"], told, strict=True)],
        "label": [label for _, label, _ in told],
        "name": [
            name if kind == ASKED else None
            for name, (kind, _, _) in zip(names.people(rng, len(doors)), told, strict=True)
        ],
        "home": None,
        "note": "",
        "geometry": doors.geometry.to_numpy(),
    }
    return pd.DataFrame(columns)


def _doors(cells: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, count: int, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """At most `count` homes of each cell, by its `code`."""
    inside = homes[["address", "geometry"]].sjoin(cells[["code", "geometry"]], predicate="within")
    drawn = inside.assign(turn=rng.random(len(inside))).sort_values(["code", "turn"], kind="stable")
    return drawn.groupby("code").head(count).reset_index(drop=True)

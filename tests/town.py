"""A town of crooked cells that share their borders vertex by vertex, for tests and benchmarks. EPSG:4490.

All coordinates are multiples of 2**-24 degree (about 6 mm), so that the side of a border on which a vertex or the middle of an
edge lies is exact in every floating-point implementation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import shapely
from sqlalchemy import NullPool, create_engine

from data import reference
from data.copying import copy_frame
from data.database import sqlalchemy_url
from data.models import SRID

STEP = 2.0**-24
DISTRICT = "110199000000"
ORIGIN = (116.25, 39.75)
CELL_DEGREES = 0.004
PER_COMMUNITY = 3
PER_STREET = 4
"""A community is a square of 3 × 3 cells, a street one of 4 × 4 communities."""


@dataclass(frozen=True)
class Town:
    """Cells, communities and streets with `code`, `name` and the code of what they lie in, and every unit's code and level."""

    cells: gpd.GeoDataFrame
    communities: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    units: pd.DataFrame

    @property
    def bounds(self) -> np.ndarray:
        return self.streets.total_bounds


def build(columns: int, rows: int, *, seed: int = 7, bends: int = 6) -> Town:
    """`columns` × `rows` cells, each edge with `bends` vertices between its ends."""
    rng = np.random.default_rng(seed)
    shapes = _cells(columns, rows, bends, rng)
    row, column = (part.ravel() for part in np.mgrid[:rows, :columns])
    cells = gpd.GeoDataFrame(_codes(row, column, columns), geometry=shapes, crs=SRID)
    communities = _merge(cells, "community_code", parent=lambda code: code.str[:9] + "000")
    streets = _merge(communities, "parent_code", parent=lambda code: DISTRICT)
    return Town(cells.drop(columns="parent_code"), communities, streets, _units(communities, streets))


def store(connection: psycopg.Connection, town: Town) -> None:
    """Units, areas and cells, valid from 2020 on."""
    valid = {"valid_from": "2020-01-01"}
    copy_frame(connection, "unit", town.units)
    district = pd.DataFrame([{"code": DISTRICT, "level": "district", "name": "试验区", "parent_code": "110000000000"}])
    copy_frame(connection, "area", district.assign(**valid))
    for level, areas in (("street", town.streets), ("community", town.communities)):
        copy_frame(connection, "area", areas.assign(level=level, **valid))
    copy_frame(connection, "cell_code", pd.DataFrame(town.cells[["code", "community_code"]]))
    copy_frame(connection, "cell", town.cells.assign(**valid))


def staff(connection: psycopg.Connection, town: Town) -> None:
    """A head for every cell."""
    codes = town.cells["code"]
    workers = pd.DataFrame({"code": "W" + codes, "name": "张*", "community_code": town.cells["community_code"]})
    copy_frame(connection, "worker", workers)
    connection.execute(
        "INSERT INTO assignment (cell_code, worker_id, role, during)"
        " SELECT substr(code, 2), id, 'head', '[2020-01-01,)' FROM worker WHERE code LIKE 'W1%'"
    )


def settle(url: str, town: Town) -> None:
    """The reference rows, the town and its heads, in an empty database."""
    engine = create_engine(sqlalchemy_url(url), poolclass=NullPool)
    with engine.begin() as connection:
        reference.load(connection)
    with psycopg.connect(url) as connection:
        store(connection, town)
        staff(connection, town)


def layers(town: Town) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Cells, communities and streets as `geo.location.Ground.of` takes them, numbered from 0."""
    cells = town.cells.rename(columns={"community_code": "parent_code"})
    return tuple(areas.assign(id=range(len(areas))) for areas in (cells, town.communities, town.streets))


def border_points(town: Town) -> np.ndarray:
    """Vertices of the cells and middles of their edges: (n, 2) lon/lat, exactly on a border."""
    vertices = shapely.get_coordinates(town.cells.geometry.to_numpy())
    middles = (vertices[1:] + vertices[:-1]) / 2
    lines, part = shapely.get_coordinates(shapely.boundary(town.cells.geometry.to_numpy()), return_index=True)
    assert len(lines) == len(vertices)
    return np.vstack([vertices, middles[part[1:] == part[:-1]]])


def without(town: Town, share: float, *, seed: int = 7) -> Town:
    """The town with some cells taken out: gaps, inside and outside of communities."""
    kept = np.random.default_rng(seed).random(len(town.cells)) >= share
    return replace(town, cells=town.cells[kept].reset_index(drop=True))


def _cells(columns: int, rows: int, bends: int, rng: np.random.Generator) -> np.ndarray:
    jitter = rng.uniform(-0.2, 0.2, (rows + 1, columns + 1, 2))
    place = np.stack(np.meshgrid(np.arange(columns + 1), np.arange(rows + 1)), axis=-1)
    nodes = np.array(ORIGIN) + (place + jitter) * CELL_DEGREES
    across = _edges(nodes[:, :-1], nodes[:, 1:], bends, rng)
    up = _edges(nodes[:-1], nodes[1:], bends, rng)
    south, north, west, east = across[:-1], across[1:], up[:, :-1], up[:, 1:]
    corners = nodes[:-1, :-1, None], nodes[:-1, 1:, None], nodes[1:, 1:, None], nodes[1:, :-1, None]
    ring = (corners[0], south, corners[1], east, corners[2], north[:, :, ::-1], corners[3], west[:, :, ::-1])
    rings = np.concatenate(ring, axis=2).reshape(rows * columns, -1, 2)
    return shapely.polygons(np.round(rings / STEP) * STEP)


def _edges(start: np.ndarray, end: np.ndarray, bends: int, rng: np.random.Generator) -> np.ndarray:
    share = np.arange(1, bends + 1)[:, None] / (bends + 1)
    straight = start[:, :, None] + (end - start)[:, :, None] * share
    return straight + rng.uniform(-0.02, 0.02, straight.shape) * CELL_DEGREES


def _codes(row: np.ndarray, column: np.ndarray, columns: int) -> pd.DataFrame:
    side = PER_COMMUNITY * PER_STREET
    per_row = -(-columns // side)
    street = row // side * per_row + column // side + 1
    within = (row % side // PER_COMMUNITY) * PER_STREET + column % side // PER_COMMUNITY + 1
    cell = (row % PER_COMMUNITY) * PER_COMMUNITY + column % PER_COMMUNITY + 1
    digits = pd.DataFrame({"street": street, "community": within, "cell": cell}).astype(str)
    community = "110199" + digits["street"].str.zfill(3) + digits["community"].str.zfill(3)
    codes = community + digits["cell"].str.zfill(3)
    return pd.DataFrame(
        {"code": codes, "community_code": community, "name": "第" + digits["cell"] + "网格", "parent_code": ""}
    )


def _merge(parts: gpd.GeoDataFrame, by: str, *, parent) -> gpd.GeoDataFrame:
    whole = parts[[by, "geometry"]].dissolve(by, as_index=False).rename(columns={by: "code"})
    return whole.assign(parent_code=parent(whole["code"]), name="名" + whole["code"].str[6:])


def _units(communities: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> pd.DataFrame:
    above = pd.DataFrame({"code": ["110000000000", DISTRICT], "level": ["city", "district"]})
    levels = [above, communities[["code"]].assign(level="community"), streets[["code"]].assign(level="street")]
    return pd.DataFrame(pd.concat(levels, ignore_index=True))

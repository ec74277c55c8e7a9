"""Grid cells of the demo: large parks, malls and campuses as dedicated cells, the rest cut by households. City's zone."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.demo.homes import Homes
from data.demo.network import Network
from data.demo.units import Units
from data.demo.warp import ZONE
from geo.blocks import Bools, Ints, Shapes, locate, totals
from geo.cutting import cell_codes, cut_by_households, number_cells

DEDICATED_M2 = 45_000
SUFFIX_DIGITS = 3
SEEDS = 12


def cut(
    network: Network,
    units: Units,
    homes: Homes,
    *,
    households: tuple[int, int],
    seed: int,
    step: Callable[[int], None],
) -> gpd.GeoDataFrame:
    """Cells of every community, sorted by code: `code, community_code, kind, landmark, households, residents, geometry`.

    `landmark` is the face that a dedicated cell is, else -1.
    """
    residences = gpd.GeoDataFrame({"households": homes.households}, geometry=homes.points, crs=ZONE)
    ways = gpd.GeoDataFrame(network.ways[["kind"]], geometry=network.ways["geometry"].to_numpy(), crs=ZONE)
    pieces = network.faces["geometry"].to_numpy()
    is_landmark = (network.faces["landmark"] != "").to_numpy()
    found = []
    for number, (code, faces) in enumerate(_faces_by_community(units)):
        kept, dedicated = _set_apart(pieces, faces, is_landmark)
        ground = shapely.coverage_union_all(pieces[kept])
        cells = cut_by_households(
            ground, residences, ways, crs=ZONE, households=households, seeds=SEEDS, seed=seed, ways_only=True
        )
        found.append(_coded(cells, _dedicated(pieces, dedicated), code))
        step(number + 1)
    return _counted(gpd.GeoDataFrame(pd.concat(found, ignore_index=True), geometry="geometry", crs=ZONE), homes)


def _faces_by_community(units: Units) -> list[tuple[str, Ints]]:
    order = np.argsort(units.community_of, kind="stable")
    ends = np.searchsorted(units.community_of[order], np.arange(len(units.communities) + 1))
    groups = [order[start:end] for start, end in itertools.pairwise(ends)]
    return list(zip(units.communities["code"], groups, strict=True))


def _set_apart(pieces: Shapes, faces: Ints, is_landmark: Bools) -> tuple[Ints, Ints]:
    """Faces of ordinary cells and those that are cells of their own, as long as the former hold together."""
    apart: list[int] = []
    for face in faces[is_landmark[faces]]:
        rest = np.setdiff1d(faces, [*apart, face])
        if pieces[face].area > DEDICATED_M2 and len(rest) and _is_whole(pieces[rest]):
            apart.append(int(face))
    return np.setdiff1d(faces, apart), np.array(apart, dtype=np.int64)


def _is_whole(polygons: Shapes) -> bool:
    return bool(shapely.coverage_union_all(polygons).geom_type == "Polygon")


def _dedicated(pieces: Shapes, faces: Ints) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"kind": "dedicated", "landmark": faces}, geometry=pieces[faces], crs=ZONE)


def _coded(ordinary: gpd.GeoDataFrame, dedicated: gpd.GeoDataFrame, community_code: str) -> gpd.GeoDataFrame:
    cells = ordinary[["geometry"]].assign(kind="ordinary", landmark=-1)
    both = gpd.GeoDataFrame(pd.concat([cells, dedicated], ignore_index=True), geometry="geometry", crs=ZONE)
    numbered = number_cells(both)
    codes = cell_codes(community_code, numbered["number"].to_numpy(), digits=SUFFIX_DIGITS)
    return numbered.assign(code=codes, community_code=community_code)


def _counted(cells: gpd.GeoDataFrame, homes: Homes) -> gpd.GeoDataFrame:
    at = locate(cells.geometry.to_numpy(), homes.points)
    households = totals(at, homes.households, len(cells)).astype(np.int64)
    return cells.assign(households=households, residents=totals(at, homes.residents, len(cells)).astype(np.int64))

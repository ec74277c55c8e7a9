"""What is drawn under the layers: water, railway, parks, malls, campuses. Metres in the city's zone."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.demo import names
from data.demo.network import Network
from data.demo.warp import ZONE
from geo.blocks import Ints, Shapes

BANK_M = 14.0
LAKE_PARK_M2 = 70_000
TITLES = {"park": "公园", "mall": "购物中心", "campus": "产业园"}


def gather(network: Network, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Rows `kind, name, face, geometry`; `face` is the face that a park, mall or campus fills, else -1."""
    rows = [_strips(network, "river", "water", rng), _rails(network, rng), _places(network, rng)]
    places = rows[-1]
    rows.append(_lakes(places[places["kind"] == "park"]))
    return gpd.GeoDataFrame(pd.concat(rows, ignore_index=True), geometry="geometry", crs=ZONE)


def _strips(network: Network, strip: str, kind: str, rng: np.random.Generator) -> pd.DataFrame:
    """The strips of a barrier, without their banks, one row for each connected piece."""
    geometry = network.faces["geometry"].to_numpy()[(network.faces["strip"] == strip).to_numpy()]
    whole = shapely.buffer(shapely.buffer(shapely.union_all(geometry), 1.0), -1.0 - BANK_M)
    pieces = shapely.get_parts(whole)
    called = [stem.zh + names.ROADS[strip][0] for stem in names.stems(rng, len(pieces))]
    return _rows(kind, called, -1, pieces)


def _rails(network: Network, rng: np.random.Generator) -> pd.DataFrame:
    lines = network.ways[network.ways["kind"] == "rail"].groupby("line")["geometry"].agg(list)
    tracks = [shapely.line_merge(shapely.multilinestrings(pieces)) for pieces in lines]
    called = [stem.zh + names.ROADS["rail"][0] for stem in names.stems(rng, len(tracks))]
    return _rows("rail", called, -1, np.array(tracks, dtype=object))


def _places(network: Network, rng: np.random.Generator) -> pd.DataFrame:
    places = network.faces[network.faces["landmark"] != ""]
    called = [
        stem.zh + TITLES[kind] for stem, kind in zip(names.stems(rng, len(places)), places["landmark"], strict=True)
    ]
    return _rows(places["landmark"].to_numpy(), called, places.index.to_numpy(), places["geometry"].to_numpy())


def _lakes(parks: pd.DataFrame) -> pd.DataFrame:
    """A rounded lake in the middle of every large park."""
    shapes = parks["geometry"].to_numpy()
    large = shapely.area(shapes) > LAKE_PARK_M2
    inset = 0.3 * np.sqrt(shapely.area(shapes[large]))
    lakes = shapely.buffer(shapely.buffer(shapes[large], -1.25 * inset), 0.5 * inset)
    named = [name.removesuffix(TITLES["park"]) + "湖" for name in parks["name"].to_numpy()[large]]
    filled = ~shapely.is_empty(lakes)
    return _rows("water", np.array(named, dtype=object)[filled], -1, lakes[filled])


def _rows(kind: str | Shapes, name: list[str] | Shapes, face: int | Ints, geometry: Shapes) -> pd.DataFrame:
    return pd.DataFrame({"geometry": geometry}).assign(kind=kind, name=name, face=face)

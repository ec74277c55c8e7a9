"""GraphML: nodes with coordinates and the edges between them, as OSMnx and other programs write it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np
import pandas as pd
import shapely

from data.imports.formats.tables import Table, Tables, Wanted
from geo.errors import BadFile

EAST, NORTH = ("x", "lon", "longitude", "lng"), ("y", "lat", "latitude")
SHAPE = "geometry"
NOT_TOLD = (SHAPE, "id")
"""The shape goes its own way, and the id of an edge is only its number among those between the same two nodes."""
Attributes = Mapping[str, Any]


def read(path: Path, wanted: Wanted) -> Tables:
    """One row per edge, its nodes numbered where their ids are no numbers; a line is the number of the row. Raises: BadFile."""
    try:
        graph = nx.read_graphml(path)
    except (nx.NetworkXError, ParseError, ValueError, KeyError, TypeError) as error:
        raise BadFile(f"{path.name} can't be read as GraphML: {error}", file=str(path)) from error
    places = {node: _place(told, node, path) for node, told in graph.nodes(data=True)}
    numbers = _numbers(graph)
    rows = [{**told, "u": numbers[u], "v": numbers[v]} for u, v, told in graph.edges(data=True)]
    shapes = np.array([_shape(told, places[u], places[v]) for u, v, told in graph.edges(data=True)], dtype=object)
    frame = pd.DataFrame(rows, columns=None if rows else ["u", "v"]).drop(columns=[*NOT_TOLD], errors="ignore")
    yield Table(frame, np.arange(1, len(rows) + 1), shapes, graph.graph.get("crs"))


def _place(told: Attributes, node: str, path: Path) -> tuple[float, float]:
    try:
        return float(_first(told, EAST)), float(_first(told, NORTH))
    except (TypeError, ValueError) as error:
        raise BadFile(f"{path.name}: node {node} has no coordinates x and y", file=str(path)) from error


def _first(told: Attributes, names: tuple[str, ...]) -> Any:
    return next((told[name] for name in names if name in told), None)


def _numbers(graph: Any) -> dict[str, Any]:
    ids = list(graph.nodes)
    are_numbers = all(str(node).removeprefix("-").isdigit() for node in ids)
    return {node: node if are_numbers else number for number, node in enumerate(ids, start=1)}


def _shape(told: Attributes, start: tuple[float, float], end: tuple[float, float]) -> Any:
    drawn = shapely.from_wkt(told[SHAPE], on_invalid="ignore") if isinstance(told.get(SHAPE), str) else None
    return drawn if drawn is not None else shapely.LineString([start, end])

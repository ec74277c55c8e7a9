"""Streets of an OpenStreetMap extract, cut where they meet. Degrees of WGS84."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import osmium
import pandas as pd
import shapely

from data.imports.formats.tables import Table, Tables, Wanted
from geo.errors import BadFile

ONEWAY = ("yes", "true", "1", "-1")
COLUMNS = ["id", "u", "v", "highway", "name", "oneway"]


class Way(NamedTuple):
    """`nodes` in the direction of travel; `places` lon and lat of each."""

    id: int
    nodes: list[int]
    places: list[tuple[float, float]]
    highway: str
    name: str | None
    is_oneway: bool


def read(path: Path, wanted: Wanted) -> Tables:
    """One row per street from one junction to the next; a line is the number of the row. Raises: BadFile."""
    try:
        ways = list(_ways(path))
    except RuntimeError as error:
        raise BadFile(f"{path.name} can't be read as an extract of OpenStreetMap: {error}", file=str(path)) from error
    uses = Counter(node for way in ways for node in (*way.nodes, way.nodes[0], way.nodes[-1]))
    cut = [part for way in ways for part in _parts(way, uses)]
    frame = pd.DataFrame([row for row, _ in cut], columns=COLUMNS)
    lines = shapely.linestrings(np.concatenate([xy for _, xy in cut]), indices=_owners(cut)) if cut else np.array([])
    yield Table(frame, np.arange(1, len(cut) + 1), np.asarray(lines, dtype=object), "EPSG:4326")


def _owners(cut: list[tuple[Any, Any]]) -> np.ndarray[Any, Any]:
    return np.repeat(np.arange(len(cut)), [len(xy) for _, xy in cut])


def _ways(path: Path) -> Iterator[Way]:
    """Ways that are streets and whose nodes are in the extract."""
    found = osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    way: Any
    for way in found.with_filter(osmium.filter.KeyFilter("highway")):
        kept = [(node.ref, (node.lon, node.lat)) for node in way.nodes if node.location.valid()]
        tags = dict(way.tags)
        if len(kept) < 2 or tags.get("area") == "yes":
            continue
        oneway = tags.get("oneway", "yes" if tags.get("junction") == "roundabout" else "no")
        kept = kept[::-1] if oneway == "-1" else kept
        nodes, places = [node for node, _ in kept], [place for _, place in kept]
        yield Way(way.id, nodes, places, tags["highway"], tags.get("name"), oneway in ONEWAY)


def _parts(way: Way, uses: Counter[int]) -> Iterator[tuple[tuple[Any, ...], list[tuple[float, float]]]]:
    """Pieces between nodes that other streets, or this one again, pass through."""
    ends = [n for n, node in enumerate(way.nodes) if uses[node] > 1]
    for number, (start, end) in enumerate(itertools.pairwise(ends)):
        nodes = way.nodes[start], way.nodes[end]
        yield (f"{way.id}-{number}", *nodes, way.highway, way.name, way.is_oneway), way.places[start : end + 1]

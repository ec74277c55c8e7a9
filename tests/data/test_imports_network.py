"""Street networks with and without a file of nodes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from data.imports.network import node_ids
from geo.errors import BadFile, Conflict
from tests.data.files import counts, put, put_with_rejects, rows, write_csv, write_layer

EDGES = """
    SELECT external_id, source_id, target_id, kind, is_walkable, is_oneway, round(length_m::numeric, 1)::float
    FROM street_edge ORDER BY id
"""
NODES = [
    {"osm_node": -5, "lon": 116, "lat": 39},
    {"osm_node": 6, "lon": 116.001, "lat": 39},
    {"osm_node": 7, "lon": 116, "lat": "x"},
]


@pytest.fixture(scope="module")
def start(reference_template: str) -> str:
    return reference_template


def edge(u: object, v: object, highway: str = "residential", **more: object) -> dict[str, object]:
    return {
        "u": u,
        "v": v,
        "highway": highway,
        "oneway": 1,
        "length_m": 86.4,
        "wkt": "LINESTRING (116 39, 116.001 39)",
        **more,
    }


def test_edges_and_nodes_of_two_files_make_a_network(connection: Connection, tmp_path: Path) -> None:
    nodes = write_csv(tmp_path / "nodes.csv", NODES)
    edges = write_csv(tmp_path / "edges.csv", [edge(-5, 6), edge(-5, 6, "motorway"), edge(6, -5, length_m="")])
    assert counts(put(connection, "network", edges, nodes=nodes)) == (3, 0, 0, 0)
    assert rows(connection, EDGES) == [
        ("-5-6", -5, 6, "residential", True, True, 86.4),
        ("-5-6-2", -5, 6, "motorway", False, True, 86.4),
        ("6--5", 6, -5, "residential", True, True, 86.6),
    ]
    assert rows(connection, "SELECT id, ST_AsText(geom) FROM street_node ORDER BY id") == [
        (-5, "POINT(116 39)"),
        (6, "POINT(116.001 39)"),
    ]
    assert counts(put(connection, "network", edges, nodes=nodes)) == (0, 0, 3, 0)


def test_edges_that_lead_to_no_good_node_are_refused(connection: Connection, tmp_path: Path) -> None:
    nodes = write_csv(tmp_path / "nodes.csv", NODES)
    edges = write_csv(tmp_path / "edges.csv", [
        edge(-5, 6), edge(-5, 7), edge(8, 6), edge("", 6), edge(1.5, 6), edge(-5, 6, length_m=-1), edge(-5, 6, oneway="maybe"),
        edge(-5, 6, wkt="LINESTRING (116 39, 116 39)"),
    ])  # fmt: skip
    report, refused = put_with_rejects(connection, "network", edges, nodes=nodes)
    assert [(row[0], row[1]) for row in refused] == [
        (3, "target_id"), (4, "source_id"), (5, "source_id"), (6, "source_id"), (7, "length_m"), (8, "is_oneway"), (9, "geometry"),
    ]  # fmt: skip
    assert counts(report) == (1, 0, 0, 7)


def test_lines_that_share_ends_share_nodes(connection: Connection, tmp_path: Path) -> None:
    file = write_layer(tmp_path / "streets.geojson", [
        {"name": "东街", "wkt": "LINESTRING (116 39, 116.01 39)"},
        {"name": "西街", "wkt": "MULTILINESTRING ((116.01 39, 116.02 39), (116.02 39, 116.02 39.01))"},
        {"name": "two", "wkt": "MULTILINESTRING ((0.1 0, 1 0), (2 0, 3 0))"},
    ])  # fmt: skip
    _, refused = put_with_rejects(connection, "network", file)
    assert [row[3] for row in refused] == ["is a MultiLineString, not a line"]
    assert rows(connection, "SELECT count(*) FROM street_node") == [(3,)]
    shared = "SELECT count(*) FROM street_edge a JOIN street_edge b ON a.target_id = b.source_id"
    assert rows(connection, shared) == [(1,)]
    assert rows(connection, "SELECT name, kind, length_m BETWEEN 860 AND 870 FROM street_edge WHERE name = '东街'") == [
        ("东街", "unclassified", True)
    ]
    assert counts(put(connection, "network", file)) == (0, 0, 2, 1)


def test_a_street_that_changed_is_amended(connection: Connection, tmp_path: Path) -> None:
    put(
        connection,
        "network",
        write_layer(tmp_path / "a.geojson", [{"id": "s", "highway": "steps", "wkt": "LINESTRING (0 1, 1 1)"}]),
    )
    changed = write_layer(
        tmp_path / "b.geojson", [{"id": "s", "highway": "construction", "wkt": "LINESTRING (0 1, 2 2)"}]
    )
    assert counts(put(connection, "network", changed)) == (0, 1, 0, 0)
    assert rows(connection, "SELECT kind, is_walkable, ST_AsText(geom) FROM street_edge") == [
        ("construction", False, "LINESTRING(0 1,2 2)")
    ]


@pytest.mark.parametrize("corner", [(-180, -90), (180, 90)])
def test_node_numbers_fit_into_63_bits(corner: tuple[float, float]) -> None:
    assert 0 <= node_ids(np.array([shapely.Point(corner)]))[0] < 2**63


degrees = st.tuples(st.integers(-18 * 10**8, 18 * 10**8), st.integers(-9 * 10**8, 9 * 10**8))


@given(st.sets(degrees, min_size=2, max_size=20))
def test_different_places_have_different_numbers(places: set[tuple[int, int]]) -> None:
    points = shapely.points([(x / 10**7, y / 10**7) for x, y in places])
    assert len(set(node_ids(points))) == len(places)


def test_an_edition_takes_out_the_streets_that_it_no_longer_has(connection: Connection, tmp_path: Path) -> None:
    def streets(*given: tuple[str, float]) -> Path:
        lines = [{"id": name, "wkt": f"LINESTRING ({west} 39, {west + 0.01} 39.01)"} for name, west in given]
        return write_layer(tmp_path / "n.geojson", lines)

    put(connection, "network", streets(("a", 116), ("b", 116.01), ("c", 116.02), ("far", 117)))
    report = put(connection, "network", streets(("a", 116), ("c", 116.02), ("d", 116.015)), edition=date(2023, 1, 1))
    figures = report.figures()
    assert (figures["added"], figures["gone"], report.changes["gone"]) == (1, 1, [{"code": "b", "name": ""}])
    assert rows(connection, "SELECT external_id FROM street_edge ORDER BY 1") == [("a",), ("c",), ("d",), ("far",)]
    ends = "SELECT count(*) FROM street_node n WHERE NOT EXISTS (SELECT FROM street_edge e WHERE n.id IN (source_id, target_id))"
    assert rows(connection, ends) == [(0,)]
    again = put(connection, "network", streets(("a", 116), ("c", 116.02), ("d", 116.015)), edition=date(2023, 1, 1))
    assert (counts(again), again.figures()["gone"]) == ((0, 0, 3, 0), 0)
    with pytest.raises(Conflict, match="a later edition of the network"):
        put(connection, "network", streets(("a", 116)), edition=date(2016, 1, 1))


@pytest.mark.parametrize(("unit", "factor"), [("km", 0.001), ("ft", 1 / 0.3048), ("mi", 1 / 1609.344)])
def test_lengths_that_are_not_those_of_their_lines_are_asked_about(
    connection: Connection, tmp_path: Path, unit: str, factor: float
) -> None:
    told = [{"id": n, "length": 866 * factor, "wkt": f"LINESTRING (116 39.{n}, 116.01 39.{n})"} for n in range(4)]
    file = write_csv(tmp_path / "n.csv", told)
    with pytest.raises(BadFile, match=rf"say --unit length_m={unit}, or --insist"):
        put(connection, "network", file)
    put(connection, "network", file, units={"length_m": unit})
    assert rows(connection, "SELECT round(max(length_m)) FROM street_edge") == [(866,)]

"""Vector tiles. Web mercator, read back with GDAL's own reader."""

from __future__ import annotations

import math
from pathlib import Path

import pyogrio
import pytest
from fastapi.testclient import TestClient


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Column and row of the tile that holds a point; the formula of slippy map tile names."""
    turned = math.asinh(math.tan(math.radians(lat)))
    return int((lon + 180) / 360 * 2**z), int((1 - turned / math.pi) / 2 * 2**z)


def address(layer: str, z: int, lon: float = 116.3025, lat: float = 39.9025) -> str:
    x, y = tile_at(lon, lat, z)
    return f"/api/tiles/{layer}/{z}/{x}/{y}.mvt"


@pytest.mark.parametrize(
    ("layer", "z", "rows"),
    [("cells", 12, 8), ("cells", 16, 2), ("streets", 14, 1), ("streets", 9, 1), ("residences", 14, 1)],
)
def test_a_tile_has_what_lies_in_it(client: TestClient, tmp_path: Path, layer: str, z: int, rows: int) -> None:
    response = client.get(address(layer, z))
    assert response.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    file = tmp_path / "tile.mvt"
    file.write_bytes(response.content)
    assert [name for name, _ in pyogrio.list_layers(file)] == [layer]
    assert len(pyogrio.read_dataframe(file, layer=layer)) == rows


@pytest.mark.parametrize("where", [address("cells", 14, lon=10.0), address("residences", 8), address("incidents", 5)])
def test_an_empty_tile_is_answered_204(client: TestClient, where: str) -> None:
    response = client.get(where)
    assert (response.status_code, response.content) == (204, b"")


def test_a_tile_that_the_caller_has_is_answered_304(client: TestClient) -> None:
    tag = client.get(address("cells", 14)).headers["etag"]
    assert client.get(address("cells", 14), headers={"If-None-Match": tag}).status_code == 304


def test_cells_of_another_day_are_not_drawn(client: TestClient) -> None:
    assert client.get(f"{address('cells', 14)}?on=2019-12-31").status_code == 204


def test_a_report_appears_in_the_tile_at_the_next_question(client: TestClient, tmp_path: Path) -> None:
    where, report = address("incidents", 14), {"lon": 116.3025, "lat": 39.9025, "datum": "wgs84", "category": "C0101"}
    before = client.get(where)
    told = client.post("/api/incidents", json=report).json()
    after = client.get(where, headers={"If-None-Match": before.headers["etag"]})
    file = tmp_path / "tile.mvt"
    file.write_bytes(after.content)
    row = pyogrio.read_dataframe(file, layer="incidents").iloc[0]
    assert (before.status_code, row["id"], row["state"], row["category"]) == (204, told["id"], "filed", "C0101")

"""The grid worker's map and reports: ways and cells as the server has them, a report without signal, doubles before sending."""

from __future__ import annotations

import io
import itertools
import json
from typing import Any

import numpy as np
import psycopg
import pytest
import shapely
from PIL import Image
from playwright.sync_api import Page, expect
from pyproj import Transformer

from geo import location, network, reach
from tests import town
from tests.browser.conftest import Open, System
from tests.geo import streets

pytestmark = pytest.mark.browser
WORKER = "worker:1"
HERE, BEYOND = "110199001001001", "110199001001002"
NEAR_BORDER = {"longitude": 116.30492, "latitude": 39.9052, "accuracy": 12}
DEGREES = Transformer.from_crs(streets.ZONE, 4490, always_xy=True)
TABLE = """async ([network, places]) => {
  const { Streets } = await import("/static/js/work/streets.js");
  return new Streets(network).table(places.map(([lon, lat]) => ({ lon, lat })));
}"""
WALK = (
    """async ([far]) => (await import("/static/js/work/route.js")).walk(far, 0, far.map((_row, at) => at).slice(1))"""
)
LOCATE = """async ([bundle, places]) => {
  const { locate } = await import("/static/js/work/ground.js");
  const near = ({ home, others }) => [home, ...others].filter(Boolean).map(({ code, distance_m }) => [code, distance_m]);
  return places.map(([lon, lat]) => near(locate(bundle, { lon, lat })));
}"""
UNDER_CONTROL = "() => navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
REPORTS = """
    SELECT incident.id, picked_cell, accuracy_m, observed_at < reported_at, source, description,
           (SELECT count(*) FROM case_photo WHERE case_id = incident.id)
    FROM incident WHERE reported_by = 'worker:1' AND category_code = 'C0102'
"""


@pytest.fixture
def phone(visit: Open) -> Page:
    """The worker's page on a phone that stands near the border of his cell."""
    page = visit("/work", width=390, height=844, is_phone=True, actor=WORKER, may_fail=True)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(NEAR_BORDER)
    return page


def jpeg() -> dict[str, Any]:
    Image.new("RGB", (2400, 1200), "teal").save(drawn := io.BytesIO(), "JPEG")
    return {"name": "taken.jpg", "mimeType": "image/jpeg", "buffer": drawn.getvalue()}


def rows(system: System, query: str, *given: Any) -> list[Any]:
    with psycopg.connect(system.database_url) as line:
        return line.execute(query, given).fetchall()


def as_bundle(built: network.Network) -> dict[str, Any]:
    """The `streets` of a bundle."""
    nodes = np.column_stack(DEGREES.transform(*built.node_xy.T)).tolist()
    ends = zip(built.source.tolist(), built.target.tolist(), built.length_m.tolist(), strict=True)
    return {"nodes": nodes, "edges": [[at, *edge, "residential", None, []] for at, edge in enumerate(ends)]}


def test_ways_on_the_phone_are_those_of_the_server(phone: Page) -> None:
    """A city cut by a river with one bridge, where the straight line says nothing. The zone stretches lengths a little."""
    built = streets.city(8, 8, river_after=3, bridge=1)
    spots = np.array([streets.EAST, streets.NORTH]) + np.random.default_rng(5).uniform(-30, 730, (12, 2))
    joined = network.snap(built, shapely.points(spots), within_m=1000)
    expected = [one.distances(joined) for one in reach.each(built, joined, limit_m=np.inf)]
    found = phone.evaluate(TABLE, [as_bundle(built), np.column_stack(DEGREES.transform(*spots.T)).tolist()])
    off = ~np.eye(len(spots), dtype=bool)
    assert np.array(found)[off] == pytest.approx(np.array(expected)[off], rel=0.0005, abs=0.1)


def test_a_walk_goes_everywhere_once_and_is_hardly_longer_than_the_shortest(phone: Page) -> None:
    random = np.random.default_rng(3)
    for _ in range(5):
        places = random.uniform(0, 500, (7, 2))
        far = np.linalg.norm(places[:, None] - places[None], axis=2)
        way = phone.evaluate(WALK, [far.tolist()])
        length = min(_length(far, (0, *rest)) for rest in itertools.permutations(range(1, 7)))
        assert sorted(way) == list(range(7)) and way[0] == 0
        assert _length(far, way) <= 1.15 * length


def _length(far: np.ndarray, way: Any) -> float:
    return float(sum(far[a, b] for a, b in itertools.pairwise(way)))


def test_the_phone_finds_the_cells_that_the_server_finds(phone: Page) -> None:
    """Anywhere in a town of crooked cells, on their borders and around it."""
    built = town.without(town.build(6, 6), 0.1)
    ground = location.Ground.of(*town.layers(built), tolerance_m=30, srid=4548)
    west, south, east, north = built.bounds
    random = np.random.default_rng(9)
    anywhere = random.uniform((west - 0.001, south - 0.001), (east + 0.001, north + 0.001), (150, 2))
    places = np.vstack([anywhere, random.permutation(town.border_points(built))[:50]])
    cells = [
        {"properties": {"code": code, "name": code, "role": None}, "geometry": shapely.geometry.mapping(shape)}
        for code, shape in zip(built.cells["code"], built.cells.geometry, strict=True)
    ]
    bundle = {"cells": [], "neighbours": cells, "parameters": {"border_tolerance_m": 30}}
    found = location.locate(places, ground)
    near = phone.evaluate(LOCATE, [bundle, places.tolist()])
    assert [cells[0][0] if cells else None for cells in near] == found["cell_code"].tolist()
    others = [[(one["code"], one["distance_m"]) for one in json.loads(told)] for told in found["candidates"]]
    assert [len(cells[1:]) for cells in near] == [len(one) for one in others]
    for cells, expected in zip(near, others, strict=True):
        assert sorted(metres for _, metres in cells[1:]) == pytest.approx([metres for _, metres in expected], abs=0.06)
    assert [] in near and any(others)


def test_a_report_without_signal_is_whole_and_goes_out_once(phone: Page, system: System) -> None:
    """Begun, closed by the camera, opened again, near a border, sent, and only then does the signal come back."""
    phone.wait_for_function(UNDER_CONTROL)
    phone.wait_for_function("() => indexedDB.databases().then((all) => all.length > 0)")
    phone.wait_for_timeout(300)
    phone.context.set_offline(True)
    phone.locator("#bar a[href='#report']").tap()
    phone.locator(".pictures input").set_input_files([jpeg(), jpeg()])
    phone.locator(".is-other").tap()
    phone.locator(".choice", has_text="路灯故障").tap()
    phone.locator("textarea").fill("三号楼前")
    expect(phone.locator(".thumbs li")).to_have_count(2)
    phone.wait_for_timeout(800)
    phone.reload()
    expect(phone.locator(".thumbs li")).to_have_count(2)
    expect(phone.locator(".usual-one[aria-pressed=true]")).to_have_text("路灯故障")
    expect(phone.locator(".option")).to_have_count(2)
    phone.locator(".option", has_text="第002网格").tap()
    phone.locator(".case-bar .primary").tap()
    expect(phone.locator("#pending-count")).to_contain_text("1")
    assert rows(system, REPORTS) == []
    phone.context.set_offline(False)
    expect(phone.locator("#to-pending")).to_be_hidden(timeout=20_000)
    ((_, picked, accuracy, was_seen_before, source, told, photos),) = rows(system, REPORTS)
    assert (picked, accuracy, was_seen_before, source) == (BEYOND, 12, True, "grid_worker")
    assert (told, photos) == ("三号楼前", 2)


def test_what_is_reported_already_is_shown_before_sending_and_can_be_followed(phone: Page, system: System) -> None:
    place = {"lon": 116.3049, "lat": 39.9051, "datum": "wgs84", "category": "C0101", "description": "井盖松动"}
    with_session = {"Authorization": f"Bearer {system.signing.token('desk:110199001001')}"}
    case = phone.request.post(f"{system.address}/api/incidents", data=place, headers=with_session).json()["id"]
    phone.locator("#bar a[href='#report']").tap()
    phone.locator(".is-other").tap()
    phone.locator(".choice", has_text="井盖缺损").tap()
    double = phone.locator(".double", has_text="井盖松动")
    expect(double).to_be_visible()
    double.locator("button").tap()
    expect(phone.locator("#to-pending")).to_be_hidden()
    phone.wait_for_timeout(500)
    assert rows(system, "SELECT source FROM case_follower WHERE case_id = %s", case) == [("grid_worker",)]
    assert rows(system, "SELECT count(*) FROM incident WHERE reported_by = 'worker:1' AND category_code = 'C0101'") == [
        (0,)
    ]


def test_the_map_shows_the_walk_and_leads_to_the_case(phone: Page) -> None:
    phone.locator("#bar a[href='#map']").tap()
    card = phone.locator(".walk-card").first
    expect(card).to_be_visible()
    expect(card).to_contain_text("步行")
    card.locator(".walk-pick").tap()
    expect(card).to_have_class("walk-card is-ok is-picked")
    card.locator("a").tap()
    expect(phone.locator(".case h2")).to_be_visible()

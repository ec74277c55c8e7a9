"""The whole matrix over HTTP: every route, every office, inside and outside its ground, against api/access.csv."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2 as httpx
import psycopg
import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import Engine

from api import access
from api.app import create_app
from data import accounts, grants, links, sessions
from data.database import driver_connection
from data.dialogues import Dialogue, hold
from geo.offices import ADMINISTRATORS, Office
from tests.api.server import running
from tests.signing import Signing

Line = psycopg.Connection[Any]
WEST, EAST = 1, 4
SECOND = 2
ACTORS = {
    Office.WORKER: "worker:1",
    Office.COMMUNITY: "desk:110199001001",
    Office.STATION: "station:1",
    Office.STREET: "desk:110199001000",
    Office.DEPARTMENT: "agency:1",
    Office.PLANNER: "planner:110199001000",
    Office.DISTRICT: "desk:110199000000",
}
INSIDE = {
    Office.WORKER: WEST,
    Office.COMMUNITY: WEST,
    Office.STREET: WEST,
    Office.DEPARTMENT: SECOND,
    Office.DISTRICT: EAST,
}
"""A case of each; who is not named has none."""
LISTED = {
    Office.WORKER: {1},
    Office.COMMUNITY: {1},
    Office.STREET: {1, 2},
    Office.DEPARTMENT: {2},
    Office.DISTRICT: {1, 2, 3, 4},
}
"""The cases on his ground or in his hands, of cases_everywhere.sql."""
SESSION = "/api/session"
ENTRIES = frozenset({(method, path) for method, path in access.table()})
Given = dict[str, Any]


class Ground:
    """What there is of each case, by the number of the case."""

    def __init__(self, line: Line) -> None:
        self.photo: dict[int, int] = {}
        self.whistle = dict(line.execute("SELECT case_id, id FROM whistle").fetchall())
        self.bulk = dict(line.execute("SELECT actor, id FROM bulk_move").fetchall())
        self.place = dict(line.execute("SELECT cell_code, id FROM visit_place").fetchall())
        self.element = dict(line.execute("SELECT cell_code, id FROM element").fetchall())
        self.view = dict(line.execute("SELECT owner, id FROM saved_view").fetchall())


def jpeg() -> bytes:
    Image.new("RGB", (40, 30), "red").save(drawn := io.BytesIO(), "JPEG")
    return drawn.getvalue()


RATING = {"is_answered": True, "is_solved": True, "satisfaction": 5}
QUERIES: dict[str, Given] = {
    "/api/search": {"q": "柳"},
    "/api/checks/compare": {"before": 1, "after": 2},
    "/api/cases/nearby": {"category": "C0101", "lon": 116.305, "lat": 39.905},
    "/api/scores": {"run": 1, "dimension": "street"},
    "/api/cases": {"limit": 500},
    "/api/cases/export.csv": {"sort": "id"},
}
BODIES: dict[tuple[str, str], Callable[[int, str], Given]] = {
    ("POST", "/api/scores"): lambda case, me: {"period": "month", "from": "2026-01-10"},
    ("POST", "/api/cases/{case_id}/exclusion"): lambda case, me: {"reason": "x"},
    ("POST", "/api/incidents"): lambda case, me: {"category": "C0101", "lon": 116.305, "lat": 39.905, "datum": "wgs84"},
    ("POST", "/api/cases/{case_id}/followers"): lambda case, me: {},
    ("POST", "/api/cases/bulk"): lambda case, me: {"event": "remind", "ids": [case], "reason": "x"},
    ("POST", "/api/cases/{case_id}/moves"): lambda case, me: {"event": "note", "reason": "x"},
    ("POST", "/api/views"): lambda case, me: {"name": "y", "query": {"stage": "handle"}},
    ("POST", "/api/cases/{case_id}/whistle"): lambda case, me: {
        "agencies": ["agency:2"], "meet_at": "2999-01-01T00:00:00+08:00"},
    ("POST", "/api/whistles/{whistle_id}/report-in"): lambda case, me: {
        "agency": me if me.startswith("agency") else "agency:2", "signature": "张"},
    ("POST", "/api/cases/{case_id}/unmask"): lambda case, me: {"reason": "回访报告人"},
    ("POST", "/api/workers/{worker_id}/unmask"): lambda case, me: {"reason": "夜间值守联系"},
    ("PUT", "/api/me"): lambda case, me: {"actor": me if case != EAST or me == ACTORS[Office.DISTRICT] else "desk:110199002000"},
    ("POST", "/api/rate/{token}"): lambda case, me: RATING,
    ("POST", "/api/rate/{token}/reopen"): lambda case, me: {"reason": "x"},
    ("POST", "/api/session"): lambda case, me: {"name": "nobody.there", "password": "x" * 12},
    ("POST", "/api/personal-exports"): lambda case, me: {"what": "workers", "area": me[-12:], "reason": "年度走访名单核对"},
    ("POST", "/api/personal-exports/{export_id}/decision"): lambda case, me: {"is_approved": False, "note": "x"},
    ("POST", "/api/work/duty"): lambda case, me: {"is_on": True, "at": "2026-01-01T08:00:00+08:00"},
    ("POST", "/api/work/track"): lambda case, me: {"points": [[116.3, 39.9, 5.0, datetime.now(UTC).isoformat()]]},
    ("POST", "/api/work/places/{place_id}/check-in"): lambda case, me: {
        "lon": 116.305, "lat": 39.905, "accuracy_m": 5.0, "at": datetime.now(UTC).isoformat()},
    ("POST", "/api/work/elements"): lambda case, me: {"kind": "people", "cell": "110199001001001", "name": "张三"},
    ("PUT", "/api/work/elements/{element_id}"): lambda case, me: {"seq": 1},
    ("POST", "/api/work/elements/{element_id}/unmask"): lambda case, me: {"reason": "上门探访"},
    ("POST", "/api/session/demo"): lambda case, me: {"name": "nobody.there"},
}  # fmt: skip
BY_CASE = ("{case_id}", "{incident_id}", "{photo_id}", "{whistle_id}", "{worker_id}", "{bulk_id}", "{view_id}", "{place_id}",
           "{element_id}")  # fmt: skip
"""Of whose routes there is an inside and an outside; of `PUT /api/me` too. Other routes are lists of what is one's own."""
BEYOND = frozenset({("POST", "/api/cases/{case_id}/followers")})
"""Done to a case wherever it lies, of which nothing is told."""


@pytest.fixture(scope="module")
def everywhere(district: Engine, database_url: str) -> Iterator[Line]:
    with district.begin() as connection:
        line = driver_connection(connection)
        line.execute("SET LOCAL session_replication_role = replica")
        line.execute((Path(__file__).parent / "cases_everywhere.sql").read_bytes())
        line.execute("SELECT setval(pg_get_serial_sequence('incident', 'id'), 4)")
        line.execute("UPDATE case_file SET agency_id = 1, desk_code = NULL WHERE id = %s", [SECOND])
        for actor in ACTORS.values():
            line.execute("INSERT INTO bulk_move (event, actor, results) VALUES ('close', %s, '[]')", [actor])
            line.execute("INSERT INTO saved_view (owner, name, query) VALUES (%s, 'mine', '{}')", [actor])
    with psycopg.connect(database_url, autocommit=True) as line:
        yield line


@pytest.fixture(scope="module")
def tokens(everywhere: Line, signing: Signing) -> dict[Office, str]:
    """Sessions of all offices. Administrators need no second factor in a demo."""
    known = {office: signing.token(actor) for office, actor in ACTORS.items()}
    return known | {office: hold(everywhere, administrator(office)) for office in ADMINISTRATORS}


def administrator(office: Office) -> Dialogue[str]:
    account = yield from accounts.create(f"the.{office}".replace("_", "."), is_demo=True)
    yield from grants.grant(account, office)
    return (yield from sessions.open_for(account))


@pytest.fixture(scope="module")
def web(everywhere: Line, database_url: str) -> Iterator[httpx.Client]:
    with running(database_url) as (address, _), httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def ground(everywhere: Line, web: httpx.Client, tokens: dict[Office, str]) -> Ground:
    found = Ground(everywhere)
    for case in (WEST, SECOND, EAST):
        headers = {"Authorization": f"Bearer {tokens[Office.DISTRICT]}"}
        stored = web.post(f"/api/cases/{case}/photos", content=jpeg(), headers=headers)
        found.photo[case] = stored.json()["id"]
    return found


def routes() -> list[tuple[str, str]]:
    """Every method and path that the application answers, but for files."""
    return sorted({(method, route.path) for route in _walk(create_app().routes) for method in route.methods})


def _walk(found: Any) -> Iterator[APIRoute]:
    for route in found:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _walk(inner.routes)
        elif isinstance(route, APIRoute):
            yield route


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(routes()) == ENTRIES
    words = {word for row in access.table().values() for word in row.values()}
    assert words == {access.REFUSED, access.OWN, access.ALL}


def test_a_route_without_a_row_refuses_everybody(signing: Signing) -> None:
    app = create_app()

    @app.get("/forgotten")
    async def forgotten() -> str:
        return "secret"

    with TestClient(app) as client:
        client.auth = signing
        assert client.get("/forgotten").status_code == 403
        assert client.get("/forgotten", headers={"X-Wangge-Actor": "desk:110199001000"}).status_code == 403


def ask(
    web: httpx.Client, ground: Ground, office: Office, token: str | None, entry: tuple[str, str], *, case: int
) -> Any:
    method, path = entry
    me = ACTORS.get(office, "reporter")
    other = next(actor for actor in ACTORS.values() if actor != me)
    mine = me if case == INSIDE.get(office) else other
    cell = "110199001001001" if case != EAST else "110199002001001"
    values = {
        "place_id": ground.place[cell], "element_id": ground.element[cell],
        "case_id": case, "incident_id": case, "worker_id": 1 if case != EAST else 3, "photo_id": ground.photo[case],
        "whistle_id": ground.whistle[case], "bulk_id": ground.bulk.get(mine), "view_id": ground.view.get(mine),
        "code": "110199001001" if "areas" in path else "110199001001001",
        "layer": "incidents" if "tiles" in path else "cells", "z": 10, "x": 843, "y": 388,
        "run": 1, "dimension": "street", "key": "110199001000" if case != EAST else "110199002000", "figure": "opened",
        "token": links.token(WEST), "language": "zh", "import_id": 1,
        "name": "li", "grant_id": 999, "session_id": 999, "export_id": 1, "upload_id": 999,
    }  # fmt: skip
    sent: Given = {"params": QUERIES.get(path, {})}
    if entry in BODIES:
        sent["json"] = BODIES[entry](case, me)
    elif path.endswith("/photos"):
        sent["content"] = jpeg()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return web.request(method, path.format(**values), headers=headers, follow_redirects=False, **sent)


@pytest.mark.parametrize("entry", sorted(ENTRIES), ids=" ".join)
def test_everybody_has_the_business_that_the_table_says(
    web: httpx.Client, ground: Ground, tokens: dict[Office, str], entry: tuple[str, str]
) -> None:
    row = access.table()[entry]
    for office in Office:
        token = tokens.get(office)
        if row[office] == access.REFUSED:
            told = ask(web, ground, office, token, entry, case=WEST)
            assert is_turned_away(told, office), (office, told.status_code, told.text[:200])
        elif entry == ("GET", "/api/live"):
            headers = {"Authorization": f"Bearer {token}"}
            with web.stream("GET", "/api/live", headers=headers) as stream:
                assert stream.status_code == 200
        elif entry == ("DELETE", SESSION):
            continue  # tried at the end, for it leaves nobody signed in
        else:
            check(web, ground, office, token, entry)


def is_turned_away(told: Any, office: Office) -> bool:
    if office is Office.PUBLIC:
        return told.status_code == 401 or (told.status_code == 303 and told.headers["location"].startswith("/login"))
    return told.status_code == 403 and ("no business here" in told.text or "text/html" in told.headers["content-type"])


def check(web: httpx.Client, ground: Ground, office: Office, token: str | None, entry: tuple[str, str]) -> None:
    is_of_case = any(part in entry[1] for part in BY_CASE) or entry == ("PUT", "/api/me")
    inside = INSIDE.get(office)
    if access.table()[entry][office] == access.OWN and is_of_case:
        if inside is not None:
            told = ask(web, ground, office, token, entry, case=inside)
            assert told.status_code not in (401, 403, 404) and told.status_code < 500, (office, told.text[:300])
        if office is not Office.DISTRICT and not (inside is None and "view" in entry[1]):
            told = ask(web, ground, office, token, entry, case=EAST)
            is_refused = told.status_code in (403, 404) or (told.status_code, entry[1][-9:]) == (409, "report-in")
            assert is_refused, (office, told.status_code, told.text[:300])
        return
    told = ask(web, ground, office, token, entry, case=inside or WEST)
    if (
        "{export_id}" in entry[1]
    ):  # of tables of people, what is whose goes by account: tests/api/test_personal_exports.py
        assert "no business here" not in told.text and told.status_code < 500
        return
    assert told.status_code not in (403, 500), (office, told.status_code, told.text[:300])
    assert told.status_code != 401 or told.json()["error"]["code"] == "sign_in_failed"


def test_a_session_is_left_by_whoever_has_one(web: httpx.Client, everywhere: Line, database_url: str) -> None:
    token = Signing(database_url).token(ACTORS[Office.STREET])
    headers = {"Authorization": f"Bearer {token}"}
    assert [web.delete(SESSION, headers=headers).status_code for _ in range(2)] == [200, 401]


def get(web: httpx.Client, token: str, path: str, **params: Any) -> Any:
    told = web.get(path, params=params, headers={"Authorization": f"Bearer {token}"})
    assert told.status_code in (200, 204), told.text
    return told


@pytest.mark.parametrize("office", sorted(ACTORS))
def test_lists_hold_what_is_ones_own(
    web: httpx.Client, everywhere: Line, tokens: dict[Office, str], office: Office
) -> None:
    everywhere.execute("DELETE FROM case_helper")
    token, own = tokens[office], LISTED.get(office, set())
    told = {path: get(web, token, path, limit=500).json() for path in ("/api/cases", "/api/incidents")}
    first = {one["id"] for one in told["/api/cases"]["cases"] if one["id"] <= EAST}
    assert first == {one["id"] for one in told["/api/incidents"]["features"] if one["id"] <= EAST} == own
    given = {"ids": ",".join(map(str, range(1, EAST + 1)))}
    assert get(web, token, "/api/cases/count", **given).json()["count"] == len(own)
    assert sum(stage["count"] for stage in get(web, token, "/api/cases/board", **given).json()["stages"]) == len(own)
    assert {one["id"] for one in get(web, token, "/api/cases/map", **given).json()["features"]} == own
    heat = get(web, token, "/api/cases/heat", **given).json()["cells"]
    assert sum(cell["count"] for cell in heat) == len(own)
    charts = get(web, token, "/api/cases/charts", **given).json()
    assert sum(day["opened"] for day in charts["flow"]) == sum(age["count"] for age in charts["ageing"]) == len(own)
    cells = get(web, token, "/api/cells").json()["features"]
    assert len(cells) == 8 and {cell["properties"]["code"] for cell in cells if cell["properties"]["workers"]} <= {
        "110199001001001",
        *(("110199002001001",) if office is Office.DISTRICT else ()),
    }


@pytest.mark.parametrize(
    "office", [office for office in sorted(ACTORS) if office not in (Office.STATION, Office.PLANNER)]
)
def test_tables_searches_and_scores_hold_what_is_ones_own(
    web: httpx.Client, everywhere: Line, tokens: dict[Office, str], office: Office
) -> None:
    token, own = tokens[office], LISTED.get(office, set())
    given = {"ids": ",".join(map(str, range(1, EAST + 1)))}
    lines = get(web, token, "/api/cases/export.csv", **given).text.splitlines()[1:]
    assert len(lines) == len(own)
    found = get(web, token, "/api/cases", q="110199", limit=500).json()["cases"]
    assert {one["id"] for one in found if one["id"] <= EAST} == own
    near = get(web, token, "/api/cases/nearby", category="C0101", lon=116.335, lat=39.905).json()["cases"]
    assert bool({one["id"] for one in near} & {3, 4}) <= (office is Office.DISTRICT)
    scores = get(web, token, "/api/scores", run=1, dimension="street").json()["scores"]
    assert {score["key"] for score in scores} == {
        Office.DISTRICT: {"110199001000", "110199002000"}, Office.STREET: {"110199001000"}
    }.get(office, set())  # fmt: skip


def test_what_a_browser_kept_for_one_is_not_shown_to_another(web: httpx.Client, tokens: dict[Office, str]) -> None:
    first = get(web, tokens[Office.STREET], "/api/incidents")
    again = web.get(
        "/api/incidents",
        headers={"Authorization": f"Bearer {tokens[Office.COMMUNITY]}", "If-None-Match": first.headers["etag"]},
    )
    assert (again.status_code, again.headers["etag"]) != (304, first.headers["etag"])
    assert "private" in first.headers["cache-control"] or "no-store" in first.headers["cache-control"]

"""Whatever is asked or sent, the answer is a good one or a refusal in the one shape: never a failure of the server."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.app import app
from api.models.errors import ErrorAnswer
from data import links
from tests.api.cases import dispatched

LASTING = ("/api/live", "/health/ready")
ROUTES = {
    path: methods["get"].get("parameters", [])
    for path, methods in app.openapi()["paths"].items()
    if "get" in methods and path not in LASTING
}
NASTY = st.sampled_from([
    "", "0", "-1", "1", "14", "1e308", "nan", "inf", str(2**31), str(2**63 - 1), str(2**63), "9" * 400,
    "\0", "a\0b", "'", '"; --', "%",
    "\\", "../..", "é", "网格", "🚧", "\u202e", "116.3,39.9,116.4,40.0", "1,1,1,1", "0001-01-01", "9999-12-31", "2026-02-30",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "110199001001", "110199001001001", "by-area-class", "streets", "cells",
    "community", "filed", "zh", "0001-01-01T00:00:00Z~1", "9999-12-31T23:59:59-23:59~1",
])  # fmt: skip
VALUES = NASTY | st.text(max_size=30) | st.integers().map(str) | st.floats().map(str) | st.dates().map(str)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
REPORTS = st.fixed_dictionaries(
    {},
    optional={
        "lon": st.floats(-180, 180) | JSON,
        "lat": st.floats(-90, 90) | JSON,
        "datum": st.sampled_from(["wgs84", "cgcs2000", "gcj02", "bd09"]) | JSON,
        "category": st.just("C0101") | JSON,
        "description": st.text(max_size=50) | JSON,
        "source": st.just("resident") | JSON,
    },
)
SHORT = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def check(response: Any) -> None:
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        ErrorAnswer.model_validate_json(response.content)


@pytest.mark.parametrize("path", ROUTES)
@SHORT
@given(data=st.data())
def test_no_question_makes_the_server_fail(client: TestClient, path: str, data: st.DataObject) -> None:
    parameters = {
        one["name"]: (one["in"], data.draw(VALUES, one["name"])) for one in ROUTES[path] if data.draw(st.booleans())
    }
    address = path
    for one in ROUTES[path]:
        if one["in"] == "path":
            given = parameters.get(one["name"], ("path", "1"))[1]
            address = address.replace(f"{{{one['name']}}}", quote(given or "0", safe=""))
    query = {name: value for name, (where, value) in parameters.items() if where == "query"}
    check(client.get(address, params={name: value.encode(errors="replace") for name, value in query.items()}))


@settings(SHORT, max_examples=150)
@given(body=REPORTS | JSON)
def test_no_report_makes_the_server_fail(client: TestClient, body: Any) -> None:
    try:
        content = orjson.dumps(body)
    except TypeError:
        content = b"null"
    check(client.post("/api/incidents", content=content, headers={"Content-Type": "application/json"}))


MEMBERS = {
    "event": st.sampled_from(["note", "assign", "close", "reclassify", "extend", "link", "remind", "rate", "reopen"])
    | JSON,
    "ids": st.lists(st.integers(-1, 5), max_size=3) | JSON,
    "where": st.dictionaries(st.sampled_from(["stage", "ids", "polygon", "since", "x"]), VALUES | JSON, max_size=2)
    | JSON,
    "reason": st.text(max_size=20) | JSON,
    "to": st.sampled_from(["worker:1", "agency:1", "desk:110199001000", "worker:0"]) | VALUES,
    "agencies": st.lists(st.sampled_from(["agency:1", "agency:999"]), max_size=2) | JSON,
    "meet_at": VALUES,
    "limit": st.sampled_from(["4wh", "9999wd", "9999d"]) | VALUES,
    "parent": st.integers(-1, 5) | JSON,
    "photos": st.lists(st.integers(-1, 5), max_size=3) | JSON,
    "lon": st.floats(-180, 180) | JSON,
    "lat": st.floats(-90, 90) | JSON,
    "datum": st.just("wgs84") | JSON,
    "at_lon": st.floats(-180, 180) | JSON,
    "at_lat": st.floats(-90, 90) | JSON,
    "signature": st.text(max_size=20) | JSON,
    "note": st.text(max_size=20) | JSON,
    "satisfaction": st.integers(0, 6) | JSON,
    "actor": VALUES,
}
POSTS = [path for path, methods in app.openapi()["paths"].items() if "post" in methods and path != "/api/incidents"]


@pytest.mark.parametrize("path", POSTS)
@SHORT
@given(
    body=st.fixed_dictionaries({}, optional=MEMBERS) | JSON,
    key=st.integers(0, 5),
    by=st.sampled_from(["desk:110199001000", "worker:1"]),
)
def test_nothing_that_is_sent_makes_the_server_fail(
    client: TestClient, path: str, body: Any, key: int, by: str
) -> None:
    try:
        content = orjson.dumps(body)
    except TypeError:
        content = b"null"
    if key and not client.get("/api/cases/1").is_success:
        dispatched(client)
    address = re.sub(r"\{token\}", links.token(key), re.sub(r"\{[a-z_]+_id\}", str(key), path))
    headers = {"Content-Type": "application/json", "X-Wangge-Actor": by}
    check(client.post(address, content=content, headers=headers))

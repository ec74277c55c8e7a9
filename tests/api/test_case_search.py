"""The desk's search: Chinese words of any length, numbers, names of places and people, several words at once."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from flows.dispatcher import drain

TOLD = {
    "cover": "胡同口井盖破损，请尽快处理",
    "wide": "３号楼ＫＴＶ噪声扰民",
    "html": "<b>井</b>盖 100% a_b C:\\tmp 🚧",
    "wasps": "树上有马蜂窝",
    "plain": "",
}
PLACES = {"cover": 116.3025, "wide": 116.325, "html": 116.3075, "wasps": 116.312, "plain": 116.335}


@pytest.fixture(scope="module")
def told(client: TestClient, district: Engine) -> Iterator[dict[str, int]]:
    ids = {}
    for name, description in TOLD.items():
        body = {"lon": PLACES[name], "lat": 39.905, "datum": "wgs84", "category": "E0302", "description": description}
        ids[name] = client.post("/api/incidents", json=body).json()["id"]
    drain()
    yield ids


def found(client: TestClient, typed: str) -> set[int]:
    response = client.get(f"/api/cases?q={quote(typed)}")
    assert response.status_code == 200, response.text
    counted = client.get(f"/api/cases/count?q={quote(typed)}").json()["count"]
    board = client.get(f"/api/cases/board?q={quote(typed)}").json()
    ids = [case["id"] for case in response.json()["cases"]]
    assert counted == len(ids) == len(set(ids)) == sum(stage["count"] for stage in board["stages"])
    return set(ids)


@pytest.mark.parametrize(("typed", "names"), [
    ("井盖", "cover"), ("井", "cover html"), ("蜂窝", "wasps"), ("马蜂窝", "wasps"), ("盖破", "cover"), ("盖井", ""), ("龘", ""),
    ("3号楼", "wide"), ("３号楼", "wide"), ("ktv", "wide"), ("KTV", "wide"), ("100%", "html"), ("%", "html"), ("_", "html"),
    ("a_b", "html"), ("aXb", ""), ("c:\\tmp", "html"), ("🚧", "html"), ("<b>", "html wasps"), ("井盖 胡同", "cover"),
    ("井盖 蜂窝", ""),
    ("  ", "cover wide html wasps plain"), ("施工扰民", "cover wide html wasps plain"), ("噪声", "wide"),
    ("柳荫社区", "cover html"), ("槐荫街道", "wide plain"), ("Huaiyin", "wide plain"), ("110199001001001", "cover"),
    ("110199002000", "wide plain"), ("柳荫社区第001网格", "cover"), ("张三丰", "cover"), ("张三", ""), ("w3", "wide"),
    ("柳荫 井盖", "cover"), ("井盖 柳荫街道 破损 处理", "cover"), ("E0302", "cover wide html wasps plain"),
])  # fmt: skip
def test_words_are_found(client: TestClient, told: dict[str, int], typed: str, names: str) -> None:
    assert found(client, typed) == {told[name] for name in names.split()}


def test_a_case_is_found_by_its_number(client: TestClient, told: dict[str, int]) -> None:
    assert told["plain"] in found(client, str(told["plain"]))
    assert found(client, str(2**63 - 1)) == set()
    assert found(client, "9" * 30) == set()


def test_what_was_told_comes_back_as_text(client: TestClient, told: dict[str, int]) -> None:
    response = client.get("/api/cases?q=%3Cb%3E%E4%BA%95")
    assert response.headers["content-type"] == "application/json"
    assert response.json()["cases"][0]["description"] == TOLD["html"]


def test_common_words_are_found_on_the_way(client: TestClient, told: dict[str, int], district: Engine) -> None:
    with district.begin() as connection:
        connection.execute(
            text("""
            WITH stored AS (
                INSERT INTO incident (category_code, description, lon, lat, datum, geom)
                SELECT 'C0102', '路灯不亮 Lamp' || n, 116.3, 39.9, 'wgs84', 'SRID=4490;POINT(116.3 39.9)'
                FROM generate_series(1, 60) AS n
                RETURNING id
            ) INSERT INTO case_file (id) SELECT id FROM stored
        """)
        )
    assert len(found_ids(client, "路灯 不亮", limit=20)) == 60
    assert len(found_ids(client, "lamp", limit=7)) == 60
    assert len(found_ids(client, "路灯故障", limit=50)) == 60


def found_ids(client: TestClient, typed: str, *, limit: int) -> list[int]:
    """Of all pages; fails when a case comes twice."""
    ids: list[int] = []
    following: str | None = ""
    while following is not None:
        after = f"&after={quote(following)}" if following else ""
        page = client.get(f"/api/cases?q={quote(typed)}&sort=-filed&limit={limit}{after}").json()
        ids += [case["id"] for case in page["cases"]]
        following = page["next"]
    assert len(ids) == len(set(ids))
    return ids

"""Search by name or code."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.models.lists import SearchResults


def search(client: TestClient, typed: str) -> list[str]:
    response = client.get("/api/search", params={"q": typed})
    return [found.code for found in SearchResults.model_validate_json(response.content).results]


def test_larger_units_come_first(client: TestClient) -> None:
    units, stations, cells = ["110199001000", "110199001001"], ["S1", "T1"], ["110199001001001", "110199001001002"]
    assert search(client, "柳荫") == [*units, *stations, *cells]


@pytest.mark.parametrize(("typed", "first"), [
    ("110199002", "110199002000"), ("S2", "S2"), ("s2", "S2"), ("liuyin", "110199001000"), (" 松荫 ", "110199002002"),
    ("第002网格", "110199001001002"),
])  # fmt: skip
def test_a_code_or_a_part_of_a_name_finds_the_place(client: TestClient, typed: str, first: str) -> None:
    assert search(client, typed)[0] == first


@pytest.mark.parametrize("typed", ["%", "_", "\\", "", "  ", "无此地", "旧名", "' OR 1=1 --"])
def test_signs_mean_themselves_and_the_past_is_not_found(client: TestClient, typed: str) -> None:
    assert search(client, typed) == []


def test_a_result_says_where_it_is(client: TestClient) -> None:
    found = client.get("/api/search?q=110199001001").json()["results"][0]
    assert found["bbox"] == [116.3, 39.9, 116.31, 39.91]
    assert found["point"] == [pytest.approx(116.305), pytest.approx(39.905)]


def test_at_most_twenty_results_come(client: TestClient) -> None:
    assert len(search(client, "1")) == 15

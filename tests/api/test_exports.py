"""Layers as files over HTTP: whose they are, when they changed, and how much they hold."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from data.exports.formats import FORMATS
from data.settings import settings
from tests.api.cases import error

STREET = "110199001000"


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_layer_comes_as_a_file_of_every_format(client: TestClient, name: str) -> None:
    answer = client.get("/api/layers/cells/export", params={"format": name})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == FORMATS[name].media_type
    assert 'filename="cells-' in answer.headers["content-disposition"]
    assert int(answer.headers["x-rows"]) > 0 and answer.content


def test_what_the_format_cannot_hold_is_said(client: TestClient) -> None:
    answer = client.get("/api/layers/cells/export?format=shapefile&encoding=gbk&crs=zone")
    assert unquote(answer.headers["x-remarks"]).startswith("names have at most 10 characters")


def test_nothing_is_written_for_who_has_it_already(client: TestClient, district: Engine) -> None:
    address = "/api/layers/cells/export?format=csv&crs=gcj02"
    tag = client.get(address).headers["etag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    with district.begin() as connection:
        connection.execute(text("UPDATE cell SET households = coalesce(households, 0) + 1"))
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_people_are_masked(client: TestClient) -> None:
    rows = list(
        csv.DictReader(client.get("/api/layers/workers/export?format=csv").text.removeprefix("\ufeff").splitlines())
    )
    assert {row["name_masked"][1:] for row in rows} == {"*"}
    assert all("****" in row["phone_masked"] for row in rows if row["phone_masked"])


def test_people_and_cases_are_the_desks_of_their_ground(client: TestClient) -> None:
    street = {"X-Wangge-Actor": f"desk:{STREET}"}
    mine = client.get("/api/layers/workers/export?format=csv", headers=street).text.splitlines()
    told = client.get(f"/api/layers/workers/export?format=csv&area={STREET}").text.splitlines()
    assert mine == told
    other = client.get("/api/layers/workers/export?area=110199002000", headers=street)
    assert error(other) == (403, "forbidden")
    for layer in ("workers", "cases", "incidents", "residences"):
        refused = client.get(f"/api/layers/{layer}/export", headers={"X-Wangge-Actor": "worker:1"})
        assert error(refused) == (403, "forbidden")
    assert client.get("/api/layers/cells/export", headers={"X-Wangge-Actor": "worker:1"}).status_code == 200


def test_every_file_is_on_record_and_none_is_left(client: TestClient, district: Engine) -> None:
    before = set(Path(tempfile.gettempdir()).glob("wangge-export-*"))
    client.get(f"/api/layers/facilities/export?format=gpkg&area={STREET}")
    assert set(Path(tempfile.gettempdir()).glob("wangge-export-*")) <= before
    with district.connect() as connection:
        line = connection.execute(
            text(
                "SELECT account, subject, detail ->> 'area' FROM audit_line WHERE action = 'export' ORDER BY id DESC LIMIT 1"
            )
        ).one()
    assert tuple(line) == ("as.desk.000000000000", "layer:facilities", STREET)


def test_more_rows_than_allowed_are_refused_with_what_to_do(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANGGE_EXPORT_MAX_ROWS", "1")
    settings.cache_clear()
    answer = client.get("/api/layers/cells/export?format=csv")
    monkeypatch.undo()
    settings.cache_clear()
    assert error(answer) == (422, "bad_input")
    assert "narrow by area, bbox or kind" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("calendar/export?bbox=1,1,2,2", 422),
        ("cells/export?crs=EPSG:1", 422),
        ("cells/export?format=geojsonl&crs=zone", 422),
        ("cells/export?area=119999999999", 404),
        ("nothing/export", 422),
    ],
)
def test_what_can_not_be_is_refused(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"/api/layers/{query}").status_code == status

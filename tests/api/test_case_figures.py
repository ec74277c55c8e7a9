"""Cases on the map, in charts, in tables to take away, and in saved views."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from api.models.case_figures import CaseCharts, CaseHeat, CaseMap, View, ViewList
from data.days import today
from data.settings import settings
from flows.dispatcher import drain

STREET, OTHER = "110199001000", "110199002000"
FORMULA = '=HYPERLINK("http://x","井盖")'
PLACES = {"formula": 116.3025, "late": 116.3026, "html": 116.325, "closed": 116.3075, "tardy": 116.3076}


@pytest.fixture(scope="module")
def cases(client: TestClient, district: Engine) -> Iterator[dict[str, int]]:
    """Two in one cell (one of them late), one in another street, one closed in time, one closed late."""
    told = {}
    for name, lon in PLACES.items():
        body = {
            "lon": lon,
            "lat": 39.905,
            "datum": "wgs84",
            "category": "C0101",
            "description": DESCRIPTIONS.get(name, ""),
        }
        told[name] = client.post("/api/incidents", json=body).json()["id"]
    drain()
    with district.begin() as connection:
        connection.execute(text("UPDATE case_file SET due_at = NULL, time_limit = NULL, is_provisional = false"))
        for name, change in CHANGES.items():
            connection.execute(text(f"UPDATE case_file SET {change} WHERE id = :id"), {"id": told[name]})
    yield told


DESCRIPTIONS = {
    "formula": FORMULA,
    "html": "<script>alert(1)</script>",
    "late": "-2+3",
    "closed": "@SUM(A1)",
    "tardy": "\tx",
}
CHANGES = {
    "late": "due_at = now() - interval '1 hour', filed_at = now() - interval '40 days'",
    "closed": "state = 'closed', closed_at = now(), due_at = now() + interval '1 hour'",
    "tardy": "state = 'closed', closed_at = now(), due_at = now() - interval '1 second'",
}


def test_open_cases_are_points(client: TestClient, cases: dict[str, int]) -> None:
    shown = CaseMap.model_validate_json(client.get("/api/cases/map").content)
    assert {feature.id for feature in shown.features} == {cases[name] for name in ("formula", "late", "html")}
    assert shown.is_complete
    assert {f.id: f.properties.time_left for f in shown.features}[cases["late"]] == "late"
    closed = CaseMap.model_validate_json(client.get("/api/cases/map?state=closed").content)
    assert {feature.id for feature in closed.features} == {cases["closed"], cases["tardy"]}


@pytest.mark.parametrize(("zoom", "squares"), [(0, 1), (6, 1), (14, 2), (22, 3)])
def test_the_grid_fits_the_zoom(client: TestClient, cases: dict[str, int], zoom: int, squares: int) -> None:
    shown = CaseHeat.model_validate_json(client.get(f"/api/cases/heat?z={zoom}").content)
    assert (len(shown.cells), sum(cell.count for cell in shown.cells)) == (squares, 3)
    assert sum(cell.late for cell in shown.cells) == 1
    assert shown.height < shown.width


def test_charts_count(client: TestClient, cases: dict[str, int]) -> None:
    shown = CaseCharts.model_validate_json(client.get("/api/cases/charts").content)
    assert len(shown.flow) == 30
    assert (sum(day.opened for day in shown.flow), shown.flow[-1].closed) == (4, 2)
    assert {age.bucket: age.count for age in shown.ageing if age.count} == {"0-1": 2, "30+": 1}
    street = next(rate for rate in shown.on_time if rate.key == STREET)
    assert (street.on_time, street.total, street.name) == (1, 2, "柳荫街道")
    assert [rate.total for rate in shown.on_time if rate.dimension == "category"] == [2]
    assert [(cell.open, cell.late) for cell in shown.by_cell] == [(2, 1), (1, 0)]


def test_open_cases_that_are_late_count_against_being_on_time(client: TestClient, cases: dict[str, int]) -> None:
    first = today() - timedelta(days=60)
    shown = client.get(f"/api/cases/charts?from={first}&area={STREET}").json()
    assert [(rate["on_time"], rate["total"]) for rate in shown["on_time"] if rate["key"] == STREET] == [(1, 3)]


@pytest.mark.parametrize("question", ["from=2026-05-02&to=2026-05-01", "to=0001-01-05", "from=2020-01-01&to=2026-01-01",
                                      "to=9999-12-31"])  # fmt: skip
def test_days_that_make_no_period_are_refused(client: TestClient, question: str) -> None:
    assert client.get(f"/api/cases/charts?{question}").status_code == 422


def table(client: TestClient, question: str = "") -> list[dict[str, str]]:
    response = client.get(f"/api/cases/export.csv?{question}")
    assert response.status_code == 200, response.text
    assert response.content.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_a_csv_has_every_case_and_no_formula(client: TestClient, cases: dict[str, int]) -> None:
    rows = table(client, "lang=zh")
    assert sorted(int(row["案卷号"]) for row in rows) == sorted(cases.values())
    assert {row["描述"] for row in rows} == {f"'{FORMULA}", "'-2+3", "'@SUM(A1)", "x", "<script>alert(1)</script>"}
    assert [value for row in rows for value in row.values() if value.startswith(("=", "+", "-", "@", "\t"))] == []
    assert {row["状态"] for row in rows} == {"已派遣", "已结案"}
    assert "张三丰" not in str(rows) and any("张*" in row["当前处置人"] for row in rows)


def test_a_csv_can_be_english_and_chosen(client: TestClient, cases: dict[str, int]) -> None:
    rows = table(client, f"lang=en&area={OTHER}")
    assert [(row["Case"], row["State"], row["Time left"]) for row in rows] == [
        (str(cases["html"]), "Dispatched", "No clock")
    ]


def test_an_export_is_bounded(client: TestClient, cases: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGGE_EXPORT_MAX_ROWS", "2")
    settings.cache_clear()
    assert len(table(client)) == 2
    monkeypatch.undo()
    settings.cache_clear()


def test_a_workbook_holds_texts_as_texts(client: TestClient, cases: dict[str, int]) -> None:
    response = client.get("/api/cases/export.xlsx?lang=zh")
    assert response.headers["content-disposition"].endswith('.xlsx"')
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    assert sheet.findall(".//x:f", space) == []
    texts = {cell.text for cell in sheet.findall(".//x:c[@t='inlineStr']//x:t", space)}
    assert {"案卷号", FORMULA, "-2+3", "<script>alert(1)</script>"} <= texts
    assert len(sheet.findall(".//x:row", space)) == 1 + len(cases)


def test_a_desk_takes_away_its_own_cases_only(client: TestClient, cases: dict[str, int]) -> None:
    mine = client.get("/api/cases/export.csv?lang=en", headers={"X-Wangge-Actor": f"desk:{OTHER}"}).text
    assert len(mine.strip().splitlines()) == 2


DESK, NEIGHBOUR = {"X-Wangge-Actor": f"desk:{STREET}"}, {"X-Wangge-Actor": f"desk:{OTHER}"}
QUERY = {"area": STREET, "late": "late,soon", "sort": "due", "q": "井盖"}


def save(client: TestClient, name: str, query: Any = QUERY, headers: dict[str, str] = DESK) -> Any:
    return client.post("/api/views", json={"name": name, "query": query}, headers=headers)


def test_a_view_is_kept_for_its_owner(client: TestClient, district: Engine) -> None:
    kept = View.model_validate_json(save(client, " 超时 <b> ").content)
    assert (kept.name, kept.query) == ("超时 <b>", QUERY)
    again = View.model_validate_json(save(client, "超时 <b>", {"stage": "handle"}).content)
    assert (again.id, again.query) == (kept.id, {"stage": "handle"})
    mine = ViewList.model_validate_json(client.get("/api/views", headers=DESK).content)
    assert [view.id for view in mine.views] == [kept.id]
    assert client.get("/api/views", headers=NEIGHBOUR).json() == {"views": []}
    assert client.delete(f"/api/views/{kept.id}", headers=NEIGHBOUR).status_code == 404
    assert client.delete(f"/api/views/{kept.id}", headers=DESK).json() == {"views": []}


@pytest.mark.parametrize(("query", "status"), [
    ({"stage": "asleep"}, 422), ({"colour": "red"}, 422), ({"sort": "x"}, 422), ({"q": "\0"}, 422), ({"area": 5}, 422),
    ("x", 422), ({}, 201),
])  # fmt: skip
def test_a_view_has_to_select_cases(client: TestClient, district: Engine, query: Any, status: int) -> None:
    assert save(client, "one", query).status_code == status


def test_a_reporter_keeps_no_views(client: TestClient, district: Engine) -> None:
    response = save(client, "mine", headers={"X-Wangge-Actor": "reporter"})
    assert (response.status_code, response.json()["error"]["code"]) == (403, "forbidden")


def test_views_are_not_kept_without_end(client: TestClient, district: Engine) -> None:
    answers = [save(client, f"view {number}", headers=NEIGHBOUR).status_code for number in range(101)]
    assert (set(answers[:100]), answers[100]) == ({201}, 409)
    assert save(client, "view 5", headers=NEIGHBOUR).status_code == 201

"""The page of an import's report: for the district's office, from what was kept."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from data.imports.options import Options
from data.imports.run import import_file
from tests.data.files import square, write_csv


@pytest.fixture(scope="module")
def imported(district: Engine, tmp_path_factory: pytest.TempPathFactory) -> int:
    file = write_csv(
        tmp_path_factory.mktemp("files") / "街道.csv",
        [{"code": "110197001000", "wkt": square()}, {"code": "1", "wkt": ""}],
    )
    with district.begin() as connection:
        report, _ = import_file(connection, "streets", file, Options(uploader="王五"))
    return report.import_id or 0


def test_the_district_reads_the_report(client: TestClient, imported: int) -> None:
    answer = client.get(f"/imports/{imported}?lang=en")
    assert answer.status_code == 200
    assert "街道.csv" in answer.text and "王五" in answer.text and "is not 12 digits" in answer.text


def test_there_are_no_others(client: TestClient) -> None:
    answer = client.get("/imports/999999")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_it_is_the_business_of_the_district(client: TestClient, imported: int) -> None:
    answer = client.get(f"/imports/{imported}", headers={"X-Wangge-Actor": "desk:110199001000"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")

"""The page of an import's report: for desks, from what was kept."""

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


def test_a_desk_reads_the_report(client: TestClient, imported: int) -> None:
    answer = client.get(f"/imports/{imported}?lang=en")
    assert answer.status_code == 200
    assert "街道.csv" in answer.text and "王五" in answer.text and "is not 12 digits" in answer.text


@pytest.mark.parametrize(("actor", "number"), [("reporter", None), ("desk:000000000000", 999_999)])
def test_others_and_other_numbers_find_none(client: TestClient, imported: int, actor: str, number: int | None) -> None:
    answer = client.get(f"/imports/{number or imported}", headers={"X-Wangge-Actor": actor})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")

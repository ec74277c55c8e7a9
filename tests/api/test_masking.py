"""Nobody reads a whole name, number or home in passing: every personal column is filled, and every GET route is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from psycopg.types.json import Jsonb
from sqlalchemy import Engine, text
from sqlalchemy.dialects.postgresql import JSONB

from api import access
from api.app import ROUTERS
from data import links, sealing
from data.models import Base
from data.models.personal import Form, marked
from geo.offices import Office
from geo.persons import Kind
from tests.api.cases import DISTRICT, dispatched, move, moved, photo
from tests.conftest import ROOT

SEALED = {
    Kind.NAME: "诸葛孔明",
    Kind.PHONE: "13911112222",
    Kind.HOME: "隆中路八号",
    Kind.ADDRESS: "mailtos://kongming:geheim@example.org",
}
WRITTEN = "电话13911112222，证件110105194912310025"
WHOLE = ("孔明", "13911112222", "隆中", "geheim", "110105194912310025")
FIGURES = dict.fromkeys(("read", "stored", "updated", "unchanged", "rejected"), 1)
FOUND = {"check": "value", "severity": "refuse", "value": WRITTEN, "reason": WRITTEN, "text": WRITTEN, "line": 1}
PROPOSED = {"fields": [], "missing": [], "columns": [{"name": WRITTEN, "samples": [WRITTEN]}], "rows": 1, "kinds": []}
IN_FILES = {
    "import_run": FIGURES | {"first_rejects": [], "findings": [FOUND]},
    "upload": FIGURES | PROPOSED | {"code": "bad_file", "message": WRITTEN, "detail": {}, "findings": [FOUND]},
}
OWN_WORDS = ("/api/views",)
"""What somebody keeps for himself is told to himself alone."""
ENDLESS = ("/api/live",)
"""Numbers, codes and states; what it tells is listed in `data.live.SHOWN`."""
LEDGER = "case_event"
UPLOAD = "INSERT INTO upload (file_name, sha256, size_bytes, uploader, state) VALUES ('x', 'x', 1, 'li', 'draft')"
BESIDE = (
    "INSERT INTO case_helper (case_id, helper, asked_by, report) VALUES (:id, 'worker:2', 'worker:1', '')",
    "INSERT INTO exclusion (case_id, reason, decided_by) VALUES (:id, '', 'desk:110199001000')",
)
QUERIES = {
    "/api/locate": "?lon=116.3025&lat=39.905",
    "/api/work/elements": "?q=诸葛孔明",
    "/api/search": "?q=诸葛",
    "/api/me/choices": "?q=诸葛孔明",
    "/api/cases/nearby": "?category=C0101&lon=116.3025&lat=39.905&datum=cgcs2000",
    "/api/checks/compare": "?before=1&after=1",
}


@pytest.fixture(scope="module")
def case(client: TestClient, district: Engine) -> int:
    """A case with something of everything; then every personal column of every row holds what nobody may read whole."""
    with district.begin() as connection:
        connection.exec_driver_sql(
            (ROOT / "tests" / "data" / "retention.sql").read_text(encoding="utf-8").replace("%", "%%")
        )
    opened = dispatched(client, lon=116.3025, lat=39.905, datum="cgcs2000")
    moved(client, opened, "accept", at_lon=116.3025123, at_lat=39.905)
    assert move(client, opened, "note", reason=WRITTEN, photos=[photo(district, opened)]).status_code == 200
    with district.begin() as connection:
        for statement in (*BESIDE, UPLOAD):
            connection.execute(text(statement), {"id": opened})
        for table, columns in filled().items():
            changed = ", ".join(f"{name} = :{name}" for name in columns)
            connection.execute(text(f"UPDATE {table} SET {changed}"), columns)
        connection.execute(text("INSERT INTO reporter_contact (case_id) VALUES (:id)"), {"id": opened})
        connection.execute(text("UPDATE reporter_contact SET name = '诸*', phone = '139****2222', home = '****'"))
    return opened


def filled() -> dict[str, dict[str, Any]]:
    """By the table, the values of its columns."""
    values: dict[str, dict[str, Any]] = {}
    for column, mark in marked(Base.metadata):
        told = values.setdefault(column.table.name, {})
        if mark.form is Form.SEALED and mark.kind:
            told |= sealing.seal(mark.kind, SEALED[mark.kind]).columns(column.name)
        if mark.form is Form.TEXT:
            told[column.name] = Jsonb(IN_FILES.get(column.table.name, {"说": WRITTEN})) if is_json(column) else WRITTEN
    del values[LEDGER]
    values["notice_address"].pop("url_digests")  # one address is told to one person once
    values.pop("saved_view")
    return {table: told for table, told in values.items() if told}


def is_json(column: Any) -> bool:
    return isinstance(column.type, JSONB)


def routes() -> list[str]:
    found = [route for module in ROUTERS for route in module.router.routes]
    return sorted({route.path for route in found if "GET" in getattr(route, "methods", ())} - {*OWN_WORDS, *ENDLESS})


@pytest.fixture(scope="module")
def known(case: int, client: TestClient, district: Engine) -> Iterator[dict[str, list[Any]]]:
    """By the name of a path's part, what may stand there."""
    with district.connect() as connection:
        upload = connection.scalar(text("SELECT max(id) FROM upload"))
        cases = [row[0] for row in connection.execute(text("SELECT id FROM case_file ORDER BY id DESC LIMIT 3"))]
        imports = connection.scalar(text("SELECT max(id) FROM import_run"))
        photos = connection.scalar(text("SELECT max(id) FROM case_photo"))
    yield {
        "case_id": [case, *cases],
        "incident_id": [case, *cases],
        "import_id": [imports],
        "photo_id": [photos],
        "upload_id": [upload],
        "code": ["110199001000", "110199001001001"],
        "token": [links.token(id_) for id_ in cases],
        "language": ["zh"],
        "layer": ["incidents", "cells"],
        "z": [15],
        "x": [26969],
        "y": [12416],
        "run": [1],
        "dimension": ["all"],
        "key": ["all"],
        "figure": ["cases"],
        "name": ["as.desk.000000000000"],
    }


def addresses(path: str, known: dict[str, list[Any]]) -> list[str]:
    names = re.findall(r"{(\w+)}", path)
    most = max((len(known[name]) for name in names), default=1)
    told = [{name: known[name][number % len(known[name])] for name in names} for number in range(most)]
    return [path.format(**one) + QUERIES.get(path, "") for one in told]


UNREACHED = {
    "/api/checks/{run}/findings": "communities and stations",
    "/api/checks/latest": "communities and stations",
    "/api/checks/compare": "communities and stations",
    "/api/scores/{run}/{dimension}/{key}/{figure}/rows": "numbers of cases",
    "/api/scores": "counts and rates",
    "/api/service-areas": "facilities",
    "/api/uploads/{upload_id}/rejects.csv": "rows of a file, to the office that brought it",
    "/api/imports/{import_id}/file": "the file that somebody brought, to his office, on record",
    "/api/grounds": "grounds of offices, for who grants them, workers without a name",
    "/health/ready": "whether the parts of the system answer",
    "/api/photos/{photo_id}": "a picture",
    **dict.fromkeys(("/audit", "/api/audit", "/api/audit/export.csv"), "who did what, for its administrator alone"),
    **dict.fromkeys(
        ("/admin", "/api/accounts", "/api/accounts/{name}/grants", "/api/accounts/{name}/sessions"),
        "names of accounts and what they hold, for administrators alone",
    ),
    "/login/oidc": "leads to another server",
    "/login/oidc/back": "comes from another server",
}
"""What this district has nothing for, and of what it tells."""


@pytest.mark.parametrize("path", routes())
@pytest.mark.parametrize("actor", [DISTRICT, "desk:000000000000", "worker:1"])
def test_no_answer_holds_a_whole_name_number_or_home(
    client: TestClient, known: dict[str, list[Any]], path: str, actor: str
) -> None:
    answers = [client.get(address, headers={"X-Wangge-Actor": actor}) for address in addresses(path, known)]
    assert [part for part in WHOLE for answer in answers if part in answer.text] == []
    assert path in UNREACHED or actor != reader(path) or any(answer.status_code == 200 for answer in answers)


def reader(path: str) -> str:
    """Whose answer has to be one: the duty desk's, of what is for grid workers alone theirs."""
    is_for_desks = access.table()["GET", path][Office.DISTRICT] != access.REFUSED
    return "desk:000000000000" if is_for_desks else "worker:1"


def test_the_columns_do_hold_them(case: int, district: Engine) -> None:
    with district.connect() as connection:
        for table, columns in filled().items():
            row = connection.execute(text(f"SELECT * FROM {table} LIMIT 1")).mappings().one()
            assert all(row[name] for name in columns if not name.endswith("_sealed")), table


def test_a_masked_answer_says_that_there_is_something(client: TestClient, case: int) -> None:
    told = client.get(f"/api/cases/{case}").json()
    assert told["contact"] == {"name": "诸*", "phone": "139****2222", "home": "****"}
    assert told["description"] == "电话139****2222，证件110****0025"
    assert told["history"][-1]["reason"] == "电话139****2222，证件110****0025"
    assert [event["lon"] for event in told["history"] if event["lon"]] == [116.303]

"""A route, a parameter or an error that nobody can read about is not finished."""

from __future__ import annotations

import json
import re

import pytest

from api.app import app
from api.errors import PROTOCOL_CODES, status_of
from api.routes import pages
from geo import errors
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
OPENAPI = app.openapi()
TREE = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.WanggeError)]
PARAMETERS = [
    (f"{method.upper()} {path}", parameter["name"])
    for path, methods in OPENAPI["paths"].items()
    for method, operation in methods.items()
    for parameter in operation.get("parameters", [])
]
SHARED = {"bbox", "on", "limit", "after", "X-Wangge-Actor"}


def section(route: str) -> str:
    assert f"### `{route}`\n" in TEXT, f"{route} has no section in docs/api.md"
    return re.split(r"\n##", TEXT.split(f"### `{route}`\n", 1)[1])[0]


@pytest.mark.parametrize(
    "route", [f"{method.upper()} {path}" for path, ms in OPENAPI["paths"].items() for method in ms]
)
def test_every_route_is_documented(route: str) -> None:
    assert section(route).strip()


@pytest.mark.parametrize(
    "path", sorted({getattr(route, "path", "") for route in (*app.routes, *pages.router.routes)} - {""})
)
def test_every_page_is_documented(path: str) -> None:
    assert f"`GET {path}" in TEXT or f"POST {path}" in TEXT


@pytest.mark.parametrize(("route", "parameter"), PARAMETERS)
def test_every_parameter_is_documented(route: str, parameter: str) -> None:
    text = section(route).lower()
    assert f"`{parameter.lower()}" in text or f"{{{parameter}}}" in route or parameter in SHARED


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.code)
def test_every_error_of_the_tree_is_documented_with_its_status(kind: type[errors.WanggeError]) -> None:
    assert f"| `{kind.code}` | {status_of(kind('x'))} " in TEXT


@pytest.mark.parametrize("code", [*PROTOCOL_CODES.values(), "internal"])
def test_every_other_error_is_documented(code: str) -> None:
    assert f"| `{code}` |" in TEXT


@pytest.mark.parametrize("member", OPENAPI["components"]["schemas"]["NewIncident"]["properties"])
def test_every_member_of_a_report_is_documented(member: str) -> None:
    assert f"`{member}`" in section("POST /api/incidents")


@pytest.mark.parametrize("shape", sorted(OPENAPI["components"]["schemas"]))
def test_every_member_of_an_answer_is_documented(shape: str) -> None:
    members = OPENAPI["components"]["schemas"][shape].get("properties", {})
    assert [member for member in members if f'"{member}"' not in TEXT and f"`{member}`" not in TEXT] == []


def test_complete_examples_are_json() -> None:
    blocks = re.findall(r"```json\n(\{.*?)```", TEXT, flags=re.S)
    complete = [block for block in blocks if "…" not in block]
    assert len(complete) >= 4
    for block in complete:
        json.loads(block)

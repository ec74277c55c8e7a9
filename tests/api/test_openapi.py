"""The description of the API: complete, with examples, and true."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from pydantic import TypeAdapter

from api import models
from api.app import app
from api.models.errors import ErrorAnswer

OPENAPI = app.openapi()
OPERATIONS = [
    pytest.param(operation, id=f"{method.upper()} {path}")
    for path, methods in OPENAPI["paths"].items()
    for method, operation in methods.items()
]
MODELS = [import_module(f"{models.__name__}.{module.name}") for module in iter_modules(models.__path__)]
COMMON = {"422", "500", "503"}


def content(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return list(answer.get("content", {}).values())


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").removeprefix("#/components/schemas/")
    return OPENAPI["components"]["schemas"][name] if name else schema


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_route_says_what_it_does_and_how_it_fails(operation: dict[str, Any]) -> None:
    assert operation["description"]
    assert operation["tags"]
    assert operation["responses"].keys() >= COMMON


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_good_answer_has_a_shape_and_an_example(operation: dict[str, Any]) -> None:
    good = [content(answer) for status, answer in operation["responses"].items() if status in ("200", "201")]
    assert good and all(good)
    for body in good[0]:
        schema = resolved(body["schema"])
        assert "examples" in schema or schema.get("format") == "binary" or schema.get("type") == "string"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_refusal_has_the_one_shape_and_an_example(operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        if status >= "400" and "Readiness" not in str(answer):
            for body in content(answer):
                ErrorAnswer.model_validate(body["example"])


@pytest.mark.parametrize("name", OPENAPI["components"]["schemas"])
def test_every_example_is_an_example_of_its_shape(name: str) -> None:
    shape = next((vars(module)[name] for module in MODELS if name in vars(module)), None)
    assert shape, f"{name} is described by no model of ours"
    for example in shape.model_json_schema().get("examples", []):
        TypeAdapter(shape).validate_python(example)


def test_parameters_say_what_they_are() -> None:
    silent = [
        (operation.id, parameter["name"])
        for operation in OPERATIONS
        for parameter in operation.values[0].get("parameters", [])
        if not (parameter.get("description") or "enum" in str(parameter["schema"]) or parameter["schema"].get("format"))
    ]
    assert silent == []

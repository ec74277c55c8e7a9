"""The list of what we are built from names every pinned part, with its digest."""

from __future__ import annotations

import json
import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def dependencies() -> ModuleType:
    loader = SourceFileLoader("dependencies", str(ROOT / ".ci" / "dependencies"))
    made = module_from_spec(spec_from_loader("dependencies", loader))  # type: ignore[arg-type]
    loader.exec_module(made)
    return made


def test_every_python_package_is_listed(dependencies: ModuleType) -> None:
    pins = re.findall(r"^([a-z0-9._-]+==[^ \\]+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.M)
    parts = list(dependencies.python_parts())
    assert [f"{part.name}=={part.version}" for part in parts] == pins
    assert all(part.hashes for part in parts)


def test_every_npm_package_is_listed(dependencies: ModuleType) -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    parts = {str(part.purl) for part in dependencies.npm_parts()}
    assert len(parts) == len(packages) - 1
    assert any(purl.startswith("pkg:npm/leaflet@") for purl in parts)

"""Taking a layer away from the map."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open

pytestmark = pytest.mark.browser


def test_a_layer_is_taken_away_as_it_was_chosen(visit: Open, tmp_path: Path) -> None:
    page = visit()
    page.click("#export")
    page.select_option("#export-layer", "cells")
    page.select_option("#export-format", "geojson")
    page.select_option("#export-crs", "gcj02")
    with page.expect_download() as taken:
        page.click("#panel button[type=submit]")
    taken.value.save_as(tmp_path / taken.value.suggested_filename)
    (file,) = tmp_path.glob("cells-*.geojson")
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    assert {feature["properties"]["crs"] for feature in features} == {"gcj02"}
    expect(page.locator("#panel [role=status]")).to_contain_text(f"{len(features)}")


def test_what_is_refused_is_said_in_the_form(visit: Open) -> None:
    page = visit(may_fail=True)
    page.click("#export")
    page.select_option("#export-layer", "workers")
    expect(page.locator("#export-view")).to_be_disabled()
    page.select_option("#export-format", "shapefile")
    page.click("#panel button[type=submit]")
    expect(page.locator("#panel .problem")).to_contain_text("no place on the map")

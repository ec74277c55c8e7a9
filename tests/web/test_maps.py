"""The page as text: it names nobody else's address, holds no script of its own, and escapes what it was given."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import web
from web import maps
from web.i18n import LANGUAGES

VIEW = maps.View(bounds=(116.50, 39.58, 116.60, 39.65))
STATIC = Path(web.__file__).parent / "static"
OUTSIDE = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[\w-]+\.[\w.-]+")
NASTY = '"><img src=x onerror=alert(1)>'


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", maps.ENTRIES)
def test_a_page_names_no_address_outside_our_server(page: str, language: str) -> None:
    view = replace(VIEW, language=language)
    assert OUTSIDE.findall(maps.render(view, page) + maps.script(view)) == []


@pytest.mark.parametrize(
    "address", ["https://cdn.example.org/x.js", "//cdn.example.org/x.js", "http://tiles.example.org/"]
)
def test_an_outside_address_would_be_found(address: str) -> None:
    assert OUTSIDE.findall(f'<script src="{address}"></script>')


def test_no_file_of_ours_names_an_outside_address() -> None:
    files = [path for path in STATIC.rglob("*") if path.suffix in {".js", ".css", ".svg"}]
    assert len(files) > 30
    assert {path.name: found for path in files if (found := OUTSIDE.findall(path.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize("page", maps.ENTRIES)
def test_a_page_runs_no_script_or_handler_written_into_it(page: str) -> None:
    html = maps.render(VIEW, page)
    inline = re.findall(r"<script(?![^>]*\b(?:src=|application/json))[^>]*>", html)
    assert inline + re.findall(r"\son\w+=", html) + re.findall(r"<style|\sstyle=", html) == []


@pytest.mark.parametrize("page", maps.ENTRIES)
def test_every_file_that_a_page_loads_is_there(page: str) -> None:
    named = re.findall(r'(?:src|href)="/static/([^"#]+)', maps.render(VIEW, page))
    assert named
    assert [name for name in named if not (STATIC / name).is_file()] == []


def test_a_page_fetches_its_own_modules_and_no_others() -> None:
    assert "/static/js/desk/board.js" in maps.render(VIEW, "desk")
    assert "/static/js/desk/board.js" not in maps.render(VIEW)
    assert "/static/js/basis.js" in maps.render(VIEW)


def test_every_module_that_is_imported_is_there() -> None:
    modules = list((STATIC / "js").rglob("*.js"))
    imported = [(path.parent / name).resolve() for path in modules for name in _imports(path)]
    assert len(imported) > 50
    assert [path for path in imported if not path.is_file()] == []


def _imports(path: Path) -> list[str]:
    return re.findall(r'^(?:import|export)[^;]*? from "(\.[^"]+)";', path.read_text(encoding="utf-8"), re.MULTILINE)


def test_no_module_of_ours_writes_markup() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|bindPopup|bindTooltip|\beval\(|new Function"
    )
    found = {path.name: forbidden.findall(path.read_text(encoding="utf-8")) for path in (STATIC / "js").rglob("*.js")}
    assert {name: words for name, words in found.items() if words} == {}


def test_the_script_is_the_same_for_the_same_view() -> None:
    maps.script.cache_clear()
    first = maps.script(replace(VIEW, tile_url="/tiles/{z}/{x}/{y}.png"))
    maps.script.cache_clear()
    assert maps.script(replace(VIEW, tile_url="/tiles/{z}/{x}/{y}.png")) == first


def test_a_tile_address_becomes_the_base_map() -> None:
    view = replace(VIEW, tile_url="/tiles/{z}/{x}/{y}.png", tile_attribution=f"我们 {NASTY}")
    assert '"/tiles/{z}/{x}/{y}.png"' in maps.script(view)
    assert "<img" not in maps.script(view)
    assert '"has_base_map": true' in maps.render(view)


def test_a_tianditu_key_brings_its_map_and_its_names() -> None:
    script = maps.script(replace(VIEW, tianditu_key="k3y"))
    assert re.findall(r"LAYER=(\w+)", script.replace(r"\u0026", "&")) == ["vec", "cva"]
    assert script.count("tk=k3y") == 2


def test_without_a_base_map_no_tile_is_asked_for() -> None:
    assert "tileLayer" not in maps.script(VIEW)


def test_the_source_of_imported_streets_is_named_without_tiles_too() -> None:
    assert "© OpenStreetMap contributors" in maps.render(replace(VIEW, tile_attribution="© OpenStreetMap contributors"))


def test_the_review_number_is_shown_as_text() -> None:
    page = maps.render(replace(VIEW, map_review_number=f"京S(2026)001号{NASTY}"))
    assert "京S(2026)001号" in page
    assert "<img src=x" not in page


def test_no_review_number_leaves_no_empty_line() -> None:
    assert "审图号" not in maps.render(VIEW)


def test_zoom_limits_reach_leaflet_by_the_names_it_knows() -> None:
    assert re.findall(r'"(maxZoom|minZoom)": (\d+)', maps.script(VIEW)) == [("minZoom", "8"), ("maxZoom", "19")]

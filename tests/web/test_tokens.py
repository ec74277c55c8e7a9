"""Colours can be read and told apart, by the colour-blind too."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import web
from web import tokens

Floats = NDArray[np.float64]
AA, AAA = 4.5, 7.0
"""WCAG 2 contrast of normal text; the higher one is what the sun leaves something of."""
APART = 11.0
"""CIE76 difference from which two neighbouring areas or dots are told apart without doubt."""
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "deuteranopia": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "tritanopia": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
}
"""Machado, Oliveira and Fernandes (2009), severity 1.0, in linear RGB."""
STATES = ("filed", "dispatched", "handling", "verifying", "suspended", "closed")


def linear(name: str, group: str = "normal") -> Floats:
    of = tokens.flat(tokens.tokens()["normal"]) | tokens.flat(tokens.tokens()[group])
    text = of[f"colour-{name}"].lstrip("#")
    srgb = np.array([int(text[i : i + 2], 16) for i in (0, 2, 4)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str, group: str = "normal") -> float:
    light, dark = sorted((linear(name, group) @ [0.2126, 0.7152, 0.0722] for name in (one, other)), reverse=True)
    return float((light + 0.05) / (dark + 0.05))


def lab(rgb: Floats) -> Floats:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(np.clip(to_xyz @ rgb, 1e-6, None) / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(one: str, other: str, vision: str) -> float:
    seen = [lab(np.clip(VISION[vision] @ linear(name), 0, 1)) for name in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "surface"),
        ("ink-soft", "surface"),
        ("ink-soft", "surface-soft"),
        ("ink-soft", "paper"),
        ("primary", "surface"),
        ("primary-ink", "primary"),
        ("primary-ink", "danger"),
        ("danger", "danger-soft"),
        ("ink", "check-short"),
        ("ink", "check-meets"),
        ("label", "check-short"),
        ("label", "check-meets"),
        ("label-soft", "check-meets"),
        ("label-water", "surface"),
        ("label-green", "surface"),
        ("label-site", "surface"),
        ("left-ink-late", "left-soft-late"),
        ("left-ink-soon", "left-soft-soon"),
        ("left-ink-ok", "surface"),
        ("ink-soft", "left-soft-soon"),
        ("ink-soft", "left-soft-late"),
        ("ink", "primary-soft"),
    ],
)
def test_text_has_the_contrast_of_wcag_aa(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= AA


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "paper"),
        ("ink-soft", "paper"),
        ("ink-soft", "surface"),
        ("primary", "surface"),
        ("primary-ink", "primary"),
        ("danger", "danger-soft"),
        ("left-ink-late", "surface"),
        ("left-ink-soon", "surface"),
        ("left-ink-ok", "surface"),
        ("ink", "left-soft-soon"),
        ("ink", "primary-soft"),
        ("control", "surface"),
    ],
)
def test_in_sunlight_text_and_edges_have_the_contrast_of_wcag_aaa(ink: str, ground: str) -> None:
    assert contrast(ink, ground, "sunlight") >= AAA


@pytest.mark.parametrize("vision", VISION)
def test_outcomes_of_the_check_are_told_apart_by_everyone(vision: str) -> None:
    pairs = combinations(("check-meets", "check-short", "check-unknown"), 2)
    assert [pair for pair in pairs if difference(*pair, vision) < APART] == []


@pytest.mark.parametrize("vision", VISION)
def test_the_time_left_is_told_apart_by_everyone(vision: str) -> None:
    pairs = combinations([f"left-{left}" for left in ("late", "soon", "ok", "none", "stopped", "done")], 2)
    assert [pair for pair in pairs if difference(*pair, vision) < APART] == []


@pytest.mark.parametrize("vision", VISION)
def test_states_of_a_case_are_told_apart_by_everyone(vision: str) -> None:
    pairs = combinations((f"state-{state}" for state in STATES), 2)
    assert [pair for pair in pairs if difference(*pair, vision) < APART] == []


def test_every_colour_that_a_page_uses_is_a_token() -> None:
    styles = "".join(path.read_text() for path in (Path(web.__file__).parent / "static" / "css").glob("*.css"))
    known = set(re.findall(r"--([\w-]+):", tokens.stylesheet()))
    assert set(re.findall(r"var\(--([\w-]+)\)", styles)) - known == set()
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"#[a-z][\w-]*\s*[{,.]", "", styles)) == []


def test_people_who_ask_for_contrast_get_the_sunlight_values() -> None:
    _, _, more = tokens.stylesheet().partition("prefers-contrast: more")
    assert "--colour-ink: #000000" in more

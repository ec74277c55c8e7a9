"""What checks say about rows, in Chinese."""

from __future__ import annotations

import re

import pytest

from web.i18n import LANGUAGES, catalogue
from web.sentences import SENTENCES, in_language, is_known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_in_the_catalogue_with_all_its_values(language: str) -> None:
    places = {key: sorted(re.findall(r"\{\d\}", catalogue(language)[key])) for key in SENTENCES}
    assert places == {key: sorted(re.findall(r"\{\d\}", key)) for key in SENTENCES}
    assert language == "en" or not [key for key in SENTENCES if not re.search("[一-鿿]", catalogue(language)[key])]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("is not 12 digits", "应为 12 位数字"),
        ("shares 1,234 m² with 110199001002", "与 110199001002 重叠 1,234 平方米"),
        ("has 1,000 households, the units below it 900 in all", "登记 1,000 户，下级单位合计 900 户"),
        ("Self-intersection[116.25 39.05]", "边界自相交 [116.25 39.05]"),
        ("something new", "something new"),
    ],
)
def test_values_keep_their_places(text: str, told: str) -> None:
    assert in_language("zh", text) == told
    assert in_language("en", text) == text
    assert is_known(text) is (text != told)


def test_no_sentence_is_taken_for_another() -> None:
    filled = {key: re.sub(r"\{\d\}", "7", key) for key in SENTENCES}
    back = {key: in_language("zh", text) for key, text in filled.items()}
    assert back == {key: re.sub(r"\{\d\}", "7", catalogue("zh")[key]) for key in SENTENCES}

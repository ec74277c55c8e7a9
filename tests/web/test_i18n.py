"""Catalogues hold every text that pages and modules use, and no others."""

import re
from pathlib import Path

import pytest

import web
from web import i18n
from web.refusals import HEADER
from web.sentences import SENTENCES

ROOT = Path(web.__file__).parent
CHINESE = re.compile(r"[一-鿿]")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def used() -> set[str]:
    """Keys in `t("…")` of the modules and `_("…")` of the templates, and the sentences of imports."""
    modules = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "static" / "js").rglob("*.js"))
    templates = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.j2"))
    in_templates = re.findall(r"""_\((?:"([^"]*)"|'([^']*)')\)""", templates)
    return (
        set(re.findall(r'\bt\(\s*"([^"]*)"', modules))
        | {a or b for a, b in in_templates}
        | {*SENTENCES, *HEADER.values()}
    )


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_catalogue_holds_what_is_used_and_nothing_else(language: str) -> None:
    assert len(used()) > 80
    assert set(i18n.catalogue(language)) == used()


def test_every_text_is_translated_into_chinese() -> None:
    names = {"Wangge"}
    assert [key for key, text in i18n.catalogue("zh").items() if not CHINESE.search(text) and key not in names] == []


def test_no_chinese_is_left_in_english() -> None:
    assert [text for text in i18n.catalogue("en").values() if CHINESE.search(text)] == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_translations_keep_the_placeholders(language: str) -> None:
    texts = i18n.catalogue(language)
    assert {
        key for key, text in texts.items() if set(PLACEHOLDER.findall(key)) != set(PLACEHOLDER.findall(text))
    } == set()


@pytest.mark.parametrize(
    ("wanted", "chosen"), [(("en", "zh"), "en"), ((None, "en"), "en"), (("xx", None), "zh"), ((), "zh")]
)
def test_the_first_known_language_is_chosen(wanted: tuple[str | None, ...], chosen: str) -> None:
    assert i18n.choose_language(*wanted, default="zh") == chosen


def test_an_unknown_text_stands_for_itself() -> None:
    assert i18n.translate("zh", "no such text") == "no such text"

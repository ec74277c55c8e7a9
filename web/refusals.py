"""The CSV of refused rows in the reader's language: its header, the names of fields, and why each row was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from web import sentences
from web.i18n import translate, translator
from web.pages import pages

HEADER = {"line": "Line", "field": "Field", "value": "Value", "reason": "Why it was refused"}


def in_language(language: str, row: Sequence[Any]) -> Sequence[Any]:
    """A row of line, field, value and reason, or the header of these names."""
    if language == sentences.SOURCE:
        return row
    if tuple(row) == tuple(HEADER):
        return [translate(language, name) for name in HEADER.values()]
    line, field, value, reason = row
    return line, _fields(language).get(field, field), value, sentences.in_language(language, str(reason))


@cache
def _fields(language: str) -> Mapping[str, str]:
    """What pages call each field."""
    words = pages.get_template("import_words.html.j2").make_module({"_": translator(language)})
    fields: Mapping[str, str] = words.fields  # type: ignore[attr-defined]
    return fields

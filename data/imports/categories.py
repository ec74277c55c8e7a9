"""Categories of imported incidents: known by code or name, else added, below the file's own upper category or `imported`."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pandas as pd
import psycopg

IMPORTED = ("imported", None, "导入", "Imported")
ADD = (
    "INSERT INTO category (code, parent_code, kind, name, name_en, source) "
    "VALUES (%s, %s, 'event', %s, %s, %s) ON CONFLICT DO NOTHING"
)
KNOWN = "SELECT code, parent_code IS NULL, name, name_en FROM category ORDER BY parent_code NULLS FIRST, code"
MAX_SLUG = 25
Names = dict[str, str]
"""Code, Chinese and English name in lower case → code."""


def codes_of(connection: psycopg.Connection[Any], frame: pd.DataFrame) -> pd.Series:
    """The category code of each row of `frame` (category, file_name and, if told, parent_category); adds what is missing."""
    known, upper = _known(connection)
    told = frame.reindex(columns=["category", "parent_category", "file_name"]).drop_duplicates("category")
    for category, parent, file in told.itertuples(index=False):
        if category.casefold() not in known:
            above = _parent(connection, upper, parent, file)
            known[category.casefold()] = code = code_for(category)
            connection.execute(ADD, [code, above, category, category, file])
    return frame["category"].str.casefold().map(known)


def _known(connection: psycopg.Connection[Any]) -> tuple[Names, Names]:
    """All categories, of which a minor one wins over a major one of the same name; and the major ones alone."""
    rows = connection.execute(KNOWN).fetchall()
    names = [(name.casefold(), code, is_major) for code, is_major, *named in rows for name in (*named, code)]
    return {name: code for name, code, _ in names}, {name: code for name, code, is_major in names if is_major}


def _parent(connection: psycopg.Connection[Any], upper: Names, parent: Any, file: str) -> str:
    if pd.isna(parent):
        connection.execute(ADD, [*IMPORTED, file])
        return IMPORTED[0]
    if parent.casefold() not in upper:
        upper[parent.casefold()] = code = code_for(f"{parent}/")
        connection.execute(ADD, [code, None, parent, parent, file])
    return upper[parent.casefold()]


def code_for(name: str) -> str:
    """A code that anyone can read and that is the same for the same name: a short form of it and six digits of its SHA-256."""
    slug = re.sub(r"\W+", "-", name.casefold()).strip("-")[:MAX_SLUG].strip("-")
    return f"import-{slug}-{hashlib.sha256(name.casefold().encode()).hexdigest()[:6]}"

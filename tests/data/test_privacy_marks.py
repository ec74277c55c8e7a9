"""Every column that can hold people's data says so, with purpose, basis and days, or says why it does not."""

from __future__ import annotations

from typing import Any

import pytest
from geoalchemy2 import Geometry
from sqlalchemy import ARRAY, Column, Float, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB

from data import reference
from data.models import Base
from data.models.impersonal import IMPERSONAL
from data.models.personal import MARK, Form, marked, sealed_columns
from tests.conftest import ROOT

TELLING = (String, Float, LargeBinary, ARRAY, JSONB, Geometry)
"""Numbers, days and truth values tell nothing of a person without a text beside them."""
MARKS = dict(marked(Base.metadata))
BESIDE = {f"{column}{form}" for column, _ in sealed_columns(Base.metadata) for form in ("_sealed", "_digests")}
TEXT = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")


def can_tell() -> list[Column[Any]]:
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    return [column for column in columns if isinstance(column.type, TELLING) and str(column) not in BESIDE]


def reasons(column: Column[Any]) -> list[str]:
    """The keys under which the column is said not to be personal."""
    keys = (column.table.name, str(column), f"*.{column.name}")
    return [key for key in keys if key in IMPERSONAL]


@pytest.mark.parametrize("column", can_tell(), ids=str)
def test_a_column_is_marked_or_said_not_to_be_personal(column: Column[Any]) -> None:
    assert (MARK in column.info) or reasons(column), f"{column} is neither marked personal nor listed as not personal"


def test_no_reason_is_left_over() -> None:
    used = {key for column in can_tell() if MARK not in column.info for key in reasons(column)}
    assert sorted(set(IMPERSONAL) - used) == []


def test_days_are_dated_rows_with_their_source() -> None:
    rows = {row["name"]: row for row in reference.rows("retention")}
    assert {mark.days for mark in MARKS.values() if mark.days} == set(rows)
    assert all(row["source"] and int(row["days"]) > 0 and row["counted_from"] for row in rows.values())


@pytest.mark.parametrize("column", MARKS, ids=str)
def test_the_document_says_the_same_as_the_marks(column: Column[Any]) -> None:
    mark = MARKS[column]
    assert f"| `{column}` | {mark.purpose} | {mark.basis} | {mark.form} | {mark.days or '-'} |\n" in TEXT


def test_the_document_knows_no_other_columns_and_every_number_of_days() -> None:
    assert sum(line.startswith("| `") and line.count("|") == 6 for line in TEXT.splitlines()) == len(MARKS)
    for row in reference.rows("retention"):
        assert f"| `{row['name']}` | {row['days']} | {row['counted_from']} |" in TEXT


def test_what_is_sealed_has_its_three_forms() -> None:
    for column, mark in MARKS.items():
        beside = {f"{column.name}_sealed", f"{column.name}_digests"} <= set(column.table.columns.keys())
        assert beside is (mark.form is Form.SEALED)

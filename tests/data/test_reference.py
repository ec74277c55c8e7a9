"""Reference rows reach their tables once, keep their sources, and give typed numbers for a day."""

from datetime import date

import pytest
from sqlalchemy import Connection, text

from data import reference
from data.parameters import parameters
from geo.errors import NotReady


def counts(connection: Connection) -> list[int]:
    tables = ("parameter", "category", "calendar_day", "duplicate_rule", "intake_rule")
    tables = (*tables, "ready_reason", "retention_rule", "standard", "standard_limit", "handling_rule")
    return [connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in tables]


def test_loading_twice_stores_every_row_once(connection: Connection) -> None:
    expected = reference.load(connection)
    assert reference.load(connection) == expected
    assert counts(connection) == list(expected.values())


def test_a_second_loading_writes_no_row(connection: Connection) -> None:
    reference.load(connection)
    written = text("SELECT max(xmin::text::bigint), count(*), max(ctid) FROM parameter")
    before = connection.execute(written).one()
    reference.load(connection)
    assert connection.execute(written).one() == before


def test_a_changed_row_is_brought_back_in_step(connection: Connection) -> None:
    reference.load(connection)
    connection.execute(text("UPDATE parameter SET value = 7 WHERE name = 'walk_minutes'"))
    reference.load(connection)
    assert parameters(connection).walk_minutes == 20


def test_every_rule_number_has_a_unit_and_a_source(connection: Connection) -> None:
    rows = [
        row
        for name in ("parameters", "standards", "categories", "walkable", "calendar", "duplicates", "intake", "reasons")
        for row in reference.rows(name)
    ]
    assert [row for row in rows if not row["source"] or row.get("unit", "-") is None] == []


def test_standards_ask_350_230_by_class_and_350_everywhere(connection: Connection) -> None:
    reference.load(connection)
    found = connection.execute(
        text("SELECT name, area_class, required_m2 FROM standard_limit JOIN standard ON standard.id = standard_id")
    )
    assert {tuple(row) for row in found} == {
        ("by-area-class", "new", 350), ("by-area-class", "old_city", 230), ("citywide", "any", 350),
    }  # fmt: skip


def test_categories_are_a_tree_of_two_levels(connection: Connection) -> None:
    given = {row["code"]: row for row in reference.rows("categories")}
    minors = [row for row in given.values() if row["parent_code"]]
    assert all(given[row["parent_code"]]["parent_code"] is None for row in minors)
    assert all(given[row["parent_code"]]["kind"] == row["kind"] for row in minors)
    assert {row["parent_code"] for row in minors} == {code for code, row in given.items() if not row["parent_code"]}


def test_parameters_follow_their_dates(connection: Connection) -> None:
    reference.load(connection)
    connection.execute(text("UPDATE parameter SET valid_to = '2030-01-01' WHERE name = 'walk_speed_m_per_min'"))
    connection.execute(
        text("INSERT INTO parameter VALUES ('walk_speed_m_per_min', '2030-01-01', 72, 'm/min', 'a later rule')")
    )
    assert parameters(connection, date(2029, 12, 31)).walk_speed_m_per_min == 80
    assert parameters(connection, date(2030, 1, 1)).walk_speed_m_per_min == 72


def test_missing_parameters_say_what_to_run(connection: Connection) -> None:
    with pytest.raises(NotReady, match="wangge db migrate"):
        parameters(connection)


@pytest.mark.parametrize("kind", ["motorway", "motorway_link", "platform"])
def test_nobody_walks_on_a(kind: str) -> None:
    assert not reference.is_walkable(kind)


@pytest.mark.parametrize("kind", ["residential", "trunk", "something new", None])
def test_people_walk_on(kind: str | None) -> None:
    assert reference.is_walkable(kind)

"""What the schema alone refuses."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.conftest import ROOT

SQUARE = "SRID=4490;MULTIPOLYGON(((116 39, 116.1 39, 116.1 39.1, 116 39.1, 116 39)))"
ELSEWHERE = "SRID=4490;MULTIPOLYGON(((117 39, 117.1 39, 117.1 39.1, 117 39.1, 117 39)))"
BOW_TIE = "SRID=4490;MULTIPOLYGON(((116 39, 116.1 39.1, 116.1 39, 116 39.1, 116 39)))"
COMMUNITY = "110199001001"


def add_area(connection: Connection, geom: str = SQUARE, valid_from: str = "2020-01-01", valid_to: str | None = None):
    connection.execute(
        text("INSERT INTO unit VALUES ('110199001000', 'street'), (:code, 'community') ON CONFLICT DO NOTHING"),
        {"code": COMMUNITY},
    )
    connection.execute(
        text("INSERT INTO area (code, level, parent_code, name, geom, valid_from, valid_to) "
             "VALUES (:code, 'community', '110199001000', '一', :geom, :valid_from, :valid_to)"),
        {"code": COMMUNITY, "geom": geom, "valid_from": valid_from, "valid_to": valid_to},
    )  # fmt: skip


def add_cell(connection: Connection, geom: str, community: str = COMMUNITY):
    code = f"{community}001"
    connection.execute(text("INSERT INTO cell_code VALUES (:c, :m)"), {"c": code, "m": COMMUNITY})
    connection.execute(
        text("INSERT INTO cell (code, community_code, name, geom) VALUES (:c, :m, '一格', :g)"),
        {"c": code, "m": COMMUNITY, "g": geom},
    )


def test_two_versions_of_one_code_may_not_hold_on_the_same_day(connection: Connection) -> None:
    add_area(connection, valid_to="2022-01-01")
    with pytest.raises(IntegrityError, match="ex_area_code_one_version"):
        add_area(connection, valid_from="2021-12-31")


def test_versions_may_follow_each_other(connection: Connection) -> None:
    add_area(connection, valid_to="2022-01-01")
    add_area(connection, valid_from="2022-01-01")
    assert connection.scalar(text("SELECT count(*) FROM area")) == 2


def test_an_invalid_boundary_is_refused(connection: Connection) -> None:
    with pytest.raises(IntegrityError, match="geom_valid"):
        add_area(connection, geom=BOW_TIE)


def test_a_cell_outside_its_community_is_refused(connection: Connection) -> None:
    add_area(connection)
    with pytest.raises(IntegrityError, match="does not lie inside community"):
        add_cell(connection, ELSEWHERE)


def test_a_cell_code_names_its_community(connection: Connection) -> None:
    add_area(connection)
    with pytest.raises(IntegrityError, match="inside_community"):
        add_cell(connection, SQUARE, community="110199001002")


@pytest.mark.parametrize(
    "statement", ["UPDATE case_event SET event = 'x'", "DELETE FROM case_event", "TRUNCATE case_event"]
)
def test_case_events_are_append_only(connection: Connection, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(statement))


def test_every_change_of_ground_is_counted(connection: Connection) -> None:
    before = connection.scalar(text("SELECT revision FROM ground_revision"))
    add_area(connection)
    add_cell(connection, SQUARE)
    assert connection.scalar(text("SELECT revision FROM ground_revision")) == before + 2


def test_migrations_are_in_step_with_the_models(database_url: str) -> None:
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.attributes["url"] = database_url
    command.check(config)


def test_migrations_go_down_and_up_again(database_url: str) -> None:
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.attributes["url"] = database_url
    command.downgrade(config, "0001")
    command.upgrade(config, "head")

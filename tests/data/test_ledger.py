"""Events lie in months, and nobody changes them wherever they lie."""

from datetime import UTC, datetime

import pytest
from psycopg import Connection as Line
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from data import ledger
from data.database import driver_connection

MARCH, MAY = datetime(2019, 3, 31, 23, tzinfo=UTC), datetime(2019, 5, 1, tzinfo=UTC)


@pytest.fixture
def line(connection: Connection) -> Line:
    return driver_connection(connection)


def store(line: Line, moment: datetime) -> str:
    """File a case at a moment; the name of the table that its event lies in."""
    told = "INSERT INTO incident (category_code, lon, lat, datum, geom) VALUES ('C0101', 0, 0, 'wgs84', 'SRID=4490;POINT(0 0)')"
    line.execute("INSERT INTO category VALUES ('C0101', NULL, 'event', '井盖', 'cover', 'test') ON CONFLICT DO NOTHING")
    (case_id,) = line.execute(f"{told} RETURNING id").fetchone() or (0,)
    line.execute("INSERT INTO case_file (id) VALUES (%s)", [case_id])
    stored = "INSERT INTO case_event (case_id, at, event, to_state, actor) VALUES (%s, %s, 'file', 'filed', 'import')"
    row = line.execute(f"{stored} RETURNING tableoid::regclass::text", [case_id, moment]).fetchone()
    assert row
    return str(row[0])


def test_a_month_is_made_once_and_takes_its_events(line: Line) -> None:
    assert ledger.ensure_months(line, MARCH, MAY) == 3
    assert ledger.ensure_months(line, MARCH, MAY) == 0
    assert store(line, MARCH) == "case_event_2019_03"
    assert store(line, MAY) == "case_event_2019_05"


def test_months_do_not_depend_on_the_session(line: Line) -> None:
    line.execute("SET TimeZone = 'Pacific/Auckland'")
    ledger.ensure_months(line, MARCH, MARCH)
    line.execute("SET TimeZone = 'America/New_York'")
    assert ledger.ensure_months(line, MARCH, MAY) == 2


def test_an_event_of_a_month_without_a_table_is_kept_and_its_month_stays_in_the_rest(line: Line) -> None:
    assert store(line, MAY) == "case_event_other"
    assert ledger.ensure_months(line, MARCH, MAY) == 2


@pytest.mark.parametrize("table", ["case_event_2019_05", "case_event_other"])
def test_a_single_month_is_append_only_too(connection: Connection, line: Line, table: str) -> None:
    ledger.ensure_months(line, MAY, MAY)
    with pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(f"DELETE FROM {table}"))

"""The chain over lines and events: sealed by many at once, tampered with in every way, and what was done is named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Barrier
from typing import Any

import hypothesis.strategies as st
import psycopg
import pytest
from hypothesis import given, settings
from psycopg import Connection as Line

from data import audit, seal_checks, seals
from data.dialogues import hold
from geo.audit import Action
from geo.errors import BadInput, NotReady
from geo.seals import Fault, Finding, Source
from tests.conftest import ROOT

TABLES = ("audit_line", "case_event", "audit_seal")
ROUNDS = 6
TEXTS = {
    Source.LINE: ("action", "account", "office", "actor", "address", "subject", "reason"),
    Source.EVENT: ("event", "from_state", "to_state", "actor", "account", "held_by", "reason"),
}
SEAL_CHANGES = (
    "at = at + interval '1 microsecond'",
    "seen = '1:2:'",
    "rows = rows + 1",
    "month = month - 1",
    "source = CASE source WHEN 'line' THEN 'event' ELSE 'line' END",
    "previous = sha256(previous)",
    "hash = sha256(hash)",
    "marks = set_byte(marks, octet_length(marks) - 1, 255 - get_byte(marks, octet_length(marks) - 1))",
    "marks = set_byte(marks, 0, 255 - get_byte(marks, 0))",
    "marks = NULL",
    "ids = NULL, marks = NULL",
)
EVENTS = """
    WITH reported AS (
        INSERT INTO incident (category_code, lon, lat, datum, geom)
        SELECT 'C0101', 0, 0, 'wgs84', 'SRID=4490;POINT(0 0)' FROM generate_series(1, %s) RETURNING id
    ), filed AS (INSERT INTO case_file (id) SELECT id FROM reported RETURNING id)
    INSERT INTO case_event (case_id, event, to_state, actor, held_minutes, detail)
    SELECT id, 'file', 'filed', 'import', 116.123456789, '{"b": 1.50, "a": null}' FROM filed
"""
PARTS = """
    SELECT 'audit_seal' UNION ALL
    SELECT relid::text FROM unnest('{audit_line, case_event}'::regclass[]) AS named, pg_partition_tree(named)
"""


@dataclass(frozen=True)
class Record:
    """What is on record: ids of lines and events, numbers of seals, and the head."""

    url: str
    rows: dict[Source, list[int]]
    seals: list[int]
    head: str


def write(line: Line, lines: int, events: int) -> None:
    with line.transaction():
        for number in range(lines):
            detail = {"说": "a\tb\\c\n", "n": 1.10, "row": number}
            hold(line, audit.record(Action.EXPORT, f"cases:{number}", detail, account="7"))
        line.execute(EVENTS, [events])


def column(line: Line, statement: str) -> list[Any]:
    return [row[0] for row in line.execute(statement)]


@pytest.fixture(scope="module")
def record(database_url: str) -> Record:
    """Six rounds of some lines and events, sealed, with a copy beside; then every trigger is off."""
    with psycopg.connect(database_url, autocommit=True) as line:
        line.execute("INSERT INTO category VALUES ('C0101', NULL, 'event', '井盖', 'cover', 'test')")
        for number in range(ROUNDS):
            write(line, 4 + number, 3)
            assert seals.seal(line) == seals.Sealed(4 + number, 3, 2)
        for table in TABLES:
            line.execute(f"CREATE TABLE kept_{table} AS TABLE {table}")
        for part in column(line, PARTS):
            line.execute(f"ALTER TABLE {part} DISABLE TRIGGER ALL")
        rows = {source: column(line, f"SELECT id FROM {table} ORDER BY id") for source, table in seals.TABLES.items()}
        numbers = column(line, "SELECT number FROM audit_seal ORDER BY number")
        return Record(database_url, rows, numbers, str(seals.head(line)))


@contextmanager
def tampering(record: Record) -> Iterator[Line]:
    """Everything may be done; at the end it is undone."""
    with psycopg.connect(record.url, autocommit=True, options="-c synchronous_commit=off") as line:
        try:
            yield line
        finally:
            for table in TABLES:
                line.execute(f"DELETE FROM {table}")
                line.execute(f"INSERT INTO {table} TABLE kept_{table}")


def faults(record: Record) -> list[Finding]:
    return seal_checks.verify([record.head]).findings


sources = st.sampled_from(Source)


def test_an_untouched_chain_is_whole(record: Record) -> None:
    verdict = seal_checks.verify([record.head, record.head.split(":")[1]])
    assert verdict.is_whole
    assert (verdict.lines, verdict.events, verdict.seals) == (39, 18, 12)
    assert str(verdict.head) == record.head


@pytest.mark.parametrize("source", Source)
def test_a_third_party_can_read_what_is_hashed(source: Source) -> None:
    told = " ".join((ROOT / "docs" / "audit.md").read_text(encoding="utf-8").split())
    assert f"`{', '.join(seals.COLUMNS[source])}`" in told


@settings(max_examples=12)
@given(data=st.data(), source=sources)
def test_a_changed_row_is_named(record: Record, data: st.DataObject, source: Source) -> None:
    id_, name = data.draw(st.sampled_from(record.rows[source])), data.draw(st.sampled_from(TEXTS[source]))
    with tampering(record) as line:
        table = seals.TABLES[source]
        line.execute(f"UPDATE {table} SET {name} = left('x' || coalesce({name}, ''), 10) WHERE id = %s", [id_])
        (found,) = faults(record)
    assert (found.fault, found.source, found.id) == (Fault.CHANGED, source, id_)


@settings(max_examples=6)
@given(data=st.data(), source=sources)
def test_a_missing_row_is_named(record: Record, data: st.DataObject, source: Source) -> None:
    gone = data.draw(st.sets(st.sampled_from(record.rows[source]), min_size=1, max_size=4))
    with tampering(record) as line:
        line.execute(f"DELETE FROM {seals.TABLES[source]} WHERE id = ANY(%s)", [list(gone)])
        found = faults(record)[0]
    assert (found.fault, found.source, found.id) == (Fault.MISSING, source, min(gone))


@settings(max_examples=5)
@given(data=st.data(), source=sources)
def test_two_rows_that_changed_places_are_named(record: Record, data: st.DataObject, source: Source) -> None:
    pair = st.lists(st.sampled_from(record.rows[source]), min_size=2, max_size=2, unique=True)
    first, second = sorted(data.draw(pair))
    with tampering(record) as line:
        swap = f"UPDATE {seals.TABLES[source]} SET id = CASE id WHEN %(a)s THEN -1 WHEN %(b)s THEN %(a)s ELSE %(b)s END"
        for among in ([first, second], [-1]):
            line.execute(f"{swap} WHERE id = ANY(%(among)s)", {"a": first, "b": second, "among": among})
        found = faults(record)[0]
    assert (found.source, found.id) == (source, first)
    assert found.fault in (Fault.SWAPPED, Fault.CHANGED)
    assert found.other == (second if found.fault is Fault.SWAPPED else None)


@settings(max_examples=6)
@given(data=st.data(), source=sources, is_double=st.booleans())
def test_an_inserted_row_is_named(record: Record, data: st.DataObject, source: Source, is_double: bool) -> None:
    """Put in with an old transaction's number, so that no sealer ever comes by; perhaps under an id that is taken."""
    id_ = data.draw(st.sampled_from(record.rows[source]))
    table, wanted = seals.TABLES[source], id_ if is_double else 1_000_000
    with tampering(record) as line:
        names = ", ".join(name for name in seals.COLUMNS[source] if name not in ("id", "at"))
        line.execute(
            f"INSERT INTO {table} (id, at, txid, {names}) SELECT %s, at - interval '1 s', txid, {names} FROM {table} "
            "WHERE id = %s",
            [wanted, id_],
        )
        (found,) = faults(record)
    assert (found.fault, found.source, found.id) == (Fault.INSERTED, source, wanted)


@settings(max_examples=12)
@given(data=st.data(), change=st.sampled_from(SEAL_CHANGES))
def test_a_changed_seal_is_named(record: Record, data: st.DataObject, change: str) -> None:
    number = data.draw(st.sampled_from(record.seals))
    with tampering(record) as line:
        line.execute(f"UPDATE audit_seal SET {change} WHERE number = %s", [number])
        found = faults(record)[0]
    assert (found.fault, found.number) == (Fault.SEAL_CHANGED, number)


@settings(max_examples=5)
@given(data=st.data())
def test_a_missing_seal_is_named(record: Record, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(record.seals[:-1]))
    with tampering(record) as line:
        line.execute("DELETE FROM audit_seal WHERE number = %s", [number])
        found = faults(record)[0]
    assert (found.fault, found.number) == (Fault.SEAL_MISSING, number)


@settings(max_examples=5)
@given(rounds=st.integers(1, ROUNDS), is_sealed_anew=st.booleans())
def test_a_chain_that_was_cut_off_lacks_the_head_kept(record: Record, rounds: int, is_sealed_anew: bool) -> None:
    with tampering(record) as line:
        line.execute("DELETE FROM audit_seal WHERE number > %s", [len(record.seals) - 2 * rounds])
        for table in seals.TABLES.values():
            line.execute(f"UPDATE {table} SET actor = 'x' WHERE id = (SELECT max(id) FROM {table})")
        if is_sealed_anew:
            seals.seal(line)
            assert seal_checks.verify().is_whole
        assert [found.fault for found in faults(record)] == [Fault.HEAD_MISSING]


def test_a_seal_written_anew_does_not_fit_the_next(record: Record) -> None:
    """The tamperer reckons as well as we do, but for one seal only."""
    with tampering(record) as line:
        with line.transaction():
            seal = next(told for told in seal_checks.read_seals(line) if told.number == 5)
        line.execute("UPDATE audit_line SET actor = 'x' WHERE id = %s", [seal.ids[0]])
        rows = [row for number, _, row in seal_checks.read_rows(line, seal.source) if number == 5]
        forged = seal.closed_over(rows)
        told = [list(forged.ids), forged.marks, forged.hash]
        line.execute("UPDATE audit_seal SET ids = %s, marks = %s, hash = %s WHERE number = 5", told)
        (found,) = faults(record)
    assert (found.fault, found.number) == (Fault.SEAL_CHANGED, 5)


def test_a_seal_put_in_under_a_number_that_is_taken_is_named(record: Record) -> None:
    """Whole in itself, over a row that was put in past the sealer."""
    with tampering(record) as line:
        line.execute("INSERT INTO audit_line (txid, action, subject) VALUES (3, 'sign_in', 'x')")
        with line.transaction():
            line.execute(seals.PLAIN)
            rows = [row.split(b"\t", 1)[1] for row in seals.without_seal(line, Source.LINE)]
            third = next(told for told in seal_checks.read_seals(line) if told.number == 3)
            forged = replace(third, rows=1, ids=None, marks=None).closed_over(rows)
        line.execute("ALTER TABLE audit_seal DROP CONSTRAINT pk_audit_seal")
        line.execute(seals.STORE, vars(forged) | {"ids": list(forged.ids or ())})
        found = faults(record)
    with psycopg.connect(record.url, autocommit=True) as line:
        line.execute("ALTER TABLE audit_seal ADD CONSTRAINT pk_audit_seal PRIMARY KEY (number)")
    assert {told.number for told in found} == {3}
    assert Fault.SEAL_CHANGED in {told.fault for told in found}


def test_a_head_that_is_none_is_refused(record: Record) -> None:
    with pytest.raises(BadInput, match="NUMBER:HASH"):
        seal_checks.verify(["twelve"])


def test_a_database_of_another_server_is_not_sealed_by_mistake(record: Record) -> None:
    with tampering(record) as line:
        line.execute("UPDATE audit_seal SET seen = '9000000000:9000000000:'")
        with pytest.raises(NotReady, match="adopt"):
            seals.seal(line)


def test_writers_and_sealers_at_once_make_one_chain(record: Record) -> None:
    """Writers that commit late and out of order, four sealers: every row is sealed once."""
    barrier, until = Barrier(8), time.monotonic() + 1.5

    def work(number: int) -> int:
        with psycopg.connect(record.url, autocommit=True) as line:
            barrier.wait()
            while time.monotonic() < until:
                if number % 2:
                    seals.seal(line)
                else:
                    with line.transaction():
                        write(line, 2, 1)
                        time.sleep(0.003 * number)
            return seals.seal(line).seals

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    with psycopg.connect(record.url, autocommit=True) as line:
        seals.seal(line)
        verdict = seal_checks.verify([record.head])
        assert (verdict.findings, verdict.pending) == ([], 0)
        for source, table in seals.TABLES.items():
            rows = column(line, f"SELECT count(*) FROM {table}")
            ids = f"(SELECT unnest(ids) AS id FROM audit_seal WHERE source = '{source}') AS named"
            assert (
                rows
                == column(line, f"SELECT count(id) FROM {ids}")
                == column(line, f"SELECT count(DISTINCT id) FROM {ids}")
            )


SEALER = "from flows.audit import seal_for_ever; from threading import Event; seal_for_ever(Event(), every_s=0)"


def test_a_killed_sealer_leaves_a_chain_on_which_the_next_goes_on(record: Record) -> None:
    with psycopg.connect(record.url, autocommit=True) as line:
        for _ in range(3):
            sealer = subprocess.Popen(
                [sys.executable, "-c", SEALER], cwd=ROOT, env=os.environ | {"WANGGE_DATABASE_URL": record.url}
            )
            begun = seals.head(line).number
            while seals.head(line).number < begun + 6:
                write(line, 3, 1)
            os.kill(sealer.pid, signal.SIGKILL)
            sealer.wait()
        while seal_checks.verify().pending:
            seals.seal(line)
        assert seal_checks.verify([record.head]).is_whole

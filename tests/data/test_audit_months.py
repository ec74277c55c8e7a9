"""Old months go on record and the chain still verifies; a copied database goes on with the chain of the first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from psycopg import Connection as Line

from data import audit, audit_months, ledger, seal_checks, seals
from data.dialogues import hold
from geo.audit import Action
from geo.errors import Conflict, NotReady
from geo.seals import Fault, Source

OLD, OLDER = date(2025, 2, 1), date(2025, 1, 1)
RULE = "INSERT INTO parameter (name, valid_from, value, unit, source) VALUES ('audit_keep_months', '2009-01-01', 12, 'month', 't')"
STORE = "INSERT INTO audit_line (at, action, subject) SELECT %s, 'sign_in', 'account:' || n FROM generate_series(1, %s) AS n"


def begin(month: date) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def line(database_url: str) -> Iterator[Line]:
    """Lines of two old months, of which one lies in the rest, and of today, sealed together."""
    with psycopg.connect(database_url, autocommit=True) as opened:
        opened.execute(RULE)
        ledger.ensure_months(opened, begin(OLD), begin(OLD), table="audit_line")
        for moment in (begin(OLD), begin(OLDER), datetime.now(UTC), begin(OLD) + timedelta(days=27)):
            opened.execute(STORE, [moment, 3])
        assert seals.seal(opened).seals == 3
        yield opened


def test_the_chain_of_a_copy_goes_on_over_what_was_not_sealed(line: Line) -> None:
    """As after a copy to a server that has made fewer transactions: their numbers lie ahead of its own."""
    hold(line, audit.record(Action.SIGN_OUT, "account:1"))
    with line.transaction():
        for table in ("audit_line", "audit_seal"):
            line.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        line.execute("UPDATE audit_line SET txid = txid + 5000000000")
        line.execute("UPDATE audit_seal SET seen = '9000000000:9000000000:'")
        line.execute("ALTER TABLE audit_line ENABLE ALWAYS TRIGGER audit_line_append_only")
    with pytest.raises(NotReady, match="adopt"):
        seals.seal(line)
    head = reseal(line)
    assert seals.adopt(line) == seals.Sealed(1, 0, 2)
    hold(line, audit.record(Action.SIGN_IN, "account:1"))
    assert seals.seal(line).lines == 1
    verdict = seal_checks.verify([head])
    assert (verdict.findings, verdict.pending, verdict.lines) == ([], 0, 14)
    with pytest.raises(Conflict, match="own"):
        seals.adopt(line)
    with pytest.raises(psycopg.errors.RestrictViolation):
        line.execute("UPDATE audit_line SET actor = NULL")


def reseal(line: Line) -> str:
    """Reckon the seals anew after their snapshots were moved ahead, as the other server would have written them."""
    with line.transaction():
        kept = list(seal_checks.read_seals(line))
        rows = [row for _, _, row in seal_checks.read_rows(line, Source.LINE)]
        line.execute("DELETE FROM audit_seal")
        chain = seals.Chain({"number": 0, "hash": None, "now": kept[0].seen, "at": kept[0].at})
        chain.add(Source.LINE, rows)
        chain.store(line)
    return str(seals.head(line))


def test_a_month_that_has_to_be_kept_is_kept(line: Line) -> None:
    with pytest.raises(Conflict, match="kept for 12 months"):
        audit_months.drop(line, datetime.now(UTC).date() - timedelta(days=300))


def test_a_month_with_lines_that_were_never_sealed_is_kept(line: Line) -> None:
    with line.transaction(force_rollback=True):
        line.execute(STORE, [begin(OLD), 1])
        with pytest.raises(Conflict, match="verify"):
            audit_months.drop(line, date(2025, 3, 1))


def test_old_months_go_and_the_chain_still_verifies(line: Line) -> None:
    head, (count,) = str(seals.head(line)), line.execute("SELECT count(*) FROM audit_line").fetchone() or (0,)
    assert audit_months.drop(line, OLD) == [OLDER]
    seals.seal(line)
    verdict = seal_checks.verify([head])
    assert verdict.is_whole
    assert (verdict.lines, verdict.dropped) == (count - 2, [OLDER])
    assert line.execute("SELECT count(*) FROM audit_line_other").fetchone() == (0,)
    assert audit_months.drop(line, OLD) == []


def test_a_month_that_went_without_a_record_is_found(line: Line) -> None:
    with line.transaction(), seals.unguarded(line, "audit_seal"):
        line.execute("UPDATE audit_seal SET ids = NULL, marks = NULL WHERE month = %s", [OLD])
    line.execute("DROP TABLE audit_line_2025_02")
    assert {found.fault for found in seal_checks.verify().findings} == {Fault.SEAL_CHANGED}

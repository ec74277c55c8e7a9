"""One person's data by command: everything is found and told, corrected, and deleted; all of it is on record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from PIL import Image
from sqlalchemy import Engine

from data import contacts, pictures, reference, sealing
from data.database import driver_connection
from data.dialogues import hold
from data.persons import Wanted
from data.settings import settings
from flows import people
from geo.errors import BadInput, Conflict, NotFound
from geo.persons import Kind
from tests.api.conftest import DISTRICT
from tests.people import name_workers

WHY = "本人申请"
LI = Wanted("李建国", "138 0000 7777")
WORKER = Wanted("张三丰")
TEXT = "请联系李建国（13800007777）"


@pytest.fixture(scope="module", autouse=True)
def line(engine: Engine, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Connection]:
    """The district, in which 李建国 reported a case, signed on a spot, is told of cases, and stands in texts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WANGGE_HOME", str(tmp_path_factory.mktemp("home")))
        settings.cache_clear()
        with engine.begin() as connection:
            reference.load(connection)
            connection.exec_driver_sql(DISTRICT.read_text(encoding="utf-8"))
            name_workers(driver_connection(connection))
            _settle(driver_connection(connection))
        with psycopg.connect(database_url, autocommit=True) as opened:
            yield opened
    settings.cache_clear()


def _settle(line: psycopg.Connection) -> None:
    picture = pictures.clean(_picture())
    pictures.keep(picture)
    line.execute(
        "INSERT INTO incident (id, category_code, description, lon, lat, datum, geom, attributes) OVERRIDING SYSTEM VALUE VALUES"
        " (7, 'C0101', %s, 116, 39, 'wgs84', 'SRID=4490;POINT(116 39)', %s)",
        [TEXT, json.dumps({"电话": "13800007777"}, ensure_ascii=False)],
    )
    line.execute("INSERT INTO case_file (id) VALUES (7)")
    line.execute(
        "INSERT INTO case_photo (case_id, sha256, width, height, size_bytes, taken_by) VALUES (7, %s, 1, 1, 1, 'worker:1')",
        [picture.sha256],
    )
    line.execute(
        "INSERT INTO case_event (case_id, at, event, to_state, actor, reason)"
        " VALUES (7, '2026-01-01', 'note', 'filed', 'worker:1', %s)",
        [TEXT],
    )
    line.execute("INSERT INTO case_whereabouts VALUES (7, 1, '2026-01-01', 116.3, 39.9)")
    hold(line, contacts.store(7, contacts.Contact("李建国", "13800007777", "柳荫胡同 1 号")))
    line.execute("INSERT INTO agency (code, kind, name, area_code) VALUES ('A', 'station', '站', '110199001001')")
    line.execute(
        "INSERT INTO whistle (case_id, called_by, meet_at, geom) VALUES (7, 'desk:1', now(), 'SRID=4490;POINT(116 39)')"
    )
    signed = sealing.seal(Kind.NAME, "李建国").columns("signature")
    line.execute(
        "INSERT INTO whistle_call (whistle_id, agency_id, due_at, signature, signature_sealed, signature_digests)"
        " SELECT whistle.id, agency.id, now(), %(signature)s, %(signature_sealed)s, %(signature_digests)s FROM whistle, agency",
        signed,
    )
    line.execute(
        "INSERT INTO notice_address (recipient, url, url_sealed, url_digests)"
        " VALUES ('desk:1', %(url)s, %(url_sealed)s, %(url_digests)s)",
        sealing.seal(Kind.ADDRESS, "sms://138 0000 7777@gateway").columns("url"),
    )

    line.execute(
        "INSERT INTO element (kind, cell_code, title, changed_by, name, name_sealed, name_digests,"
        " phone, phone_sealed, phone_digests)"
        " SELECT kind, '110199001001001', title, 'worker:1', %(name)s, %(name_sealed)s, %(name_digests)s,"
        " %(phone)s, %(phone_sealed)s, %(phone_digests)s"
        " FROM (VALUES ('people', NULL), ('organisations', '便民店')) AS told (kind, title)",
        sealing.seal(Kind.NAME, "李建国").columns("name") | sealing.seal(Kind.PHONE, "13800007777").columns("phone"),
    )
    line.execute("INSERT INTO duty (worker_id, began_at) VALUES (1, '2026-01-01 08:00+08')")
    line.execute("INSERT INTO duty_track VALUES (1, '2026-01-01 08:05+08', 116.3, 39.9)")
    line.execute("INSERT INTO street_walked SELECT 1, '2026-01-01', id FROM street_edge")


def _picture() -> bytes:
    from io import BytesIO

    written = BytesIO()
    Image.new("RGB", (40, 30)).save(written, "PNG")
    return written.getvalue()


def audited(line: psycopg.Connection) -> tuple[Any, ...] | None:
    return line.execute(
        "SELECT action, reason, account, detail::text FROM audit_line ORDER BY id DESC LIMIT 1"
    ).fetchone()


def test_everything_is_found_masked_and_the_record_of_it_tells_no_name(line: psycopg.Connection) -> None:
    told = people.find(LI, WHY)
    assert {row["record"] for row in told["records"]} == {
        "notice_address:1", "element:1", "element:2", "reporter_contact:7", "whistle_call:1:1"}  # fmt: skip
    found = people.find(Wanted("李建国"), WHY)["records"]
    assert [row["record"] for row in found if row["record"].startswith("element")] == ["element:1", "element:2"]
    assert [row for row in found if not row["record"].startswith("element")] == [
        {"record": "reporter_contact:7", "name": "李*", "phone": "138****7777", "home": "****"},
        {"record": "whistle_call:1:1", "signature": "李*"},
    ]
    assert {(text["record"].partition(":")[0], text["column"]) for text in told["texts"]} >= {
        ("incident", "description")
    }
    assert "李建国" not in json.dumps(told, ensure_ascii=False)
    action, reason, account, detail = audited(line) or ("",) * 4
    assert (action, reason, account.partition(":")[0]) == ("person_found", WHY, "command")
    assert "李" not in detail and "7777" not in detail


def test_too_little_is_refused() -> None:
    for wanted in (Wanted(), Wanted("李"), Wanted(phone="7777"), Wanted("·")):
        with pytest.raises(BadInput):
            people.find(wanted, WHY)


def test_all_that_is_kept_is_told_whole_with_photos(line: psycopg.Connection, tmp_path: Path) -> None:
    told = people.export(Wanted("李建国"), tmp_path / "li", WHY)
    assert (told["records"], told["photos"]) == (4, 1)
    written = json.loads((tmp_path / "li" / "person.json").read_text(encoding="utf-8"))
    contact = {"record": "reporter_contact:7", "name": "李建国", "phone": "13800007777", "home": "柳荫胡同 1 号"}
    assert contact in written["records"]
    assert {text["record"].partition(":")[0] for text in written["texts"]} == {"incident", "case_event"}
    assert next((tmp_path / "li").glob("photo-*.jpg")).read_bytes().startswith(b"\xff\xd8")
    assert (tmp_path / "li").stat().st_mode & 0o777 == 0o700
    with pytest.raises(Conflict):
        people.export(Wanted("李建国"), tmp_path / "li", WHY)


def test_a_workers_own_data_tells_where_he_stood(tmp_path: Path) -> None:
    people.export(WORKER, tmp_path / "zhang", WHY)
    (record,) = json.loads((tmp_path / "zhang" / "person.json").read_text(encoding="utf-8"))["records"]
    assert record["phone"] == "13800000001" and record["whereabouts"][0][1:] == ["7", "116.3", "39.9"]
    assert [row[0] for row in record["rounds"]] == ["street", "duty", "track"] and record["rounds"][2][
        2
    ] == "116.3 39.9"


def test_what_is_wrong_is_put_right_and_found_by_the_new_value() -> None:
    told = people.correct("reporter_contact:7", {Kind.PHONE: "13811110000"}, WHY)
    assert told["phone"] == "138****0000" and people.find(Wanted(phone="13811110000"), WHY)["records"] == [told]
    people.correct("reporter_contact:7", {Kind.PHONE: "13800007777"}, WHY)
    people.correct("whistle_call:1:1", {Kind.NAME: "李建国"}, WHY)
    for ref, error in (("worker:99", NotFound), ("worker", BadInput), ("case_file:7", BadInput)):
        with pytest.raises(error):
            people.correct(ref, {Kind.NAME: "x"}, WHY)
    with pytest.raises(BadInput, match="has no home"):
        people.correct("worker:1", {Kind.HOME: "x"}, WHY)


def test_a_name_alone_deletes_nobody_and_a_worker_in_service_stays(line: psycopg.Connection) -> None:
    with pytest.raises(BadInput, match="name alone"):
        people.delete([], Wanted("李建国"), WHY, with_texts=False, with_photos=False)
    with pytest.raises(Conflict, match="in service"):
        people.delete(["worker:1"], Wanted(), WHY, with_texts=False, with_photos=False)


def test_who_is_deleted_is_in_no_record_and_no_text_but_the_ledger(line: psycopg.Connection) -> None:
    refs = [row["record"] for row in people.find(Wanted("李建国"), WHY)["records"]]
    people.delete(refs, Wanted("李建国", "13800007777"), WHY, with_texts=True, with_photos=True)
    left = people.find(Wanted("李建国"), WHY)
    assert (left["records"], left["photos"]) == ([], 0)
    assert [text["record"].partition(":")[0] for text in left["texts"]] == ["case_event"]
    row = line.execute(
        "SELECT description, attributes, (SELECT count(*) FROM case_photo) FROM incident WHERE id = 7"
    ).fetchone()
    assert row == ("请联系***（***）", {"电话": "***"}, 0)
    left_over = line.execute("SELECT kind, title, name, name_sealed, phone FROM element").fetchall()
    assert left_over == [("organisations", "便民店", None, None, None)]
    people.delete([], Wanted(phone="138 0000 7777"), WHY, with_texts=False, with_photos=False)
    assert line.execute("SELECT count(*) FROM notice_address").fetchone() == (0,)


def test_a_worker_who_left_becomes_nameless_and_leaves_no_track(line: psycopg.Connection) -> None:
    line.execute("UPDATE worker SET is_active = false WHERE id = 1")
    people.delete(["worker:1"], Wanted(), WHY, with_texts=False, with_photos=False)
    shown = line.execute("SELECT code, name, name_sealed, phone, phone_digests FROM worker WHERE id = 1").fetchone()
    assert shown == ("W1", "", None, None, None)
    for table in ("case_whereabouts", "duty", "duty_track", "street_walked"):
        assert line.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # type: ignore[arg-type]

"""A file from the first look to the import: what is confirmed is what was checked, two do not mix, and nothing is left."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, text

from data import kept_files, reference, upload_turns, uploads
from data.database import connect
from flows import importer
from geo.datum import convert
from geo.errors import Conflict, NotFound
from tests.conftest import ROOT
from tests.data.files import square
from tests.uploads import bring, check, communities, do, files_kept, own_home, read, rows, work

STREETS = "code,name,wkt\n" + "".join(f'11019900{n}000,街道{n},"{square(116 + n, 39)}"\n' for n in (1, 2))
STAY = "stay = lambda *a: (print('there', flush=True), time.sleep(99))"
KILLED = "import time; from flows import importer; {stay}; {how}; importer.main()"
AT_THE_FILE = "importer.kept_files.under_its_name = stay"
BEFORE_THE_COMMIT = (
    "end = importer.upload_turns.imported; importer.upload_turns.imported = lambda *a: (end(*a), stay())"
)
AFTER_THE_COMMIT = "go = importer.bring_in; importer.TURNS['importing'] = lambda *a: (go(*a), stay())"
PATIENCE_S = 60


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with own_home(tmp_path_factory.mktemp("home")) as path:
        yield path


@pytest.fixture
def ground(home: Path, engine: Engine) -> Iterator[Engine]:
    """Nothing imported, nothing brought."""
    with engine.begin() as connection:
        reference.load(connection)
        connection.execute(text("TRUNCATE upload, import_run, facility_serves, facility, area CASCADE"))
    yield engine
    with connect(autocommit=True) as line:
        line.execute("DELETE FROM upload")
        upload_turns.sweep(line)
    assert files_kept() == []


def looked_at(name: str, content: str | bytes) -> dict[str, Any]:
    upload_id = bring(name, content.encode() if isinstance(content, str) else content)
    work()
    return read(upload_id)


def confirmed(upload: dict[str, Any]) -> dict[str, Any]:
    do(uploads.confirm(upload["id"], upload["digest"], "wang.wu"))
    work()
    return read(upload["id"])


def areas(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM area")) or 0


def test_from_the_first_look_to_the_import(ground: Engine, database_url: str) -> None:
    upload = looked_at("街道.csv", STREETS)
    assert (upload["state"], upload["kind"], upload["proposal"]["missing"]) == ("draft", "streets", [])
    assert [(field["name"], field["column"]) for field in upload["proposal"]["fields"] if field["column"]] == [
        ("code", "code"), ("name", "name"), ("wkt", "wkt"),
    ]  # fmt: skip
    assert upload["proposal"]["columns"][1] == {"name": "name", "samples": ["街道1", "街道2"]}
    upload = check(upload["id"], "streets")
    assert (upload["state"], upload["report"]["stored"], areas(ground)) == ("checked", 2, 0)
    upload = confirmed(upload)
    assert (upload["state"], areas(ground)) == ("imported", 2)
    (run,) = rows(database_url, "SELECT file_name, sha256, uploader FROM import_run")
    assert run == {"file_name": "街道.csv", "sha256": upload["sha256"], "uploader": "li.na"}
    (line,) = rows(database_url, "SELECT account, subject FROM audit_line WHERE action = 'import'")
    assert line == {"account": "li.na", "subject": f"import:{upload['import_id']}"}
    name, path = do(uploads.kept_file(upload["import_id"]))
    assert (name, path.read_text(encoding="utf-8")) == ("街道.csv", STREETS)


def test_a_shapefile_in_gbk_is_known_by_its_headers_and_codes(ground: Engine, tmp_path: Path) -> None:
    folder = communities(tmp_path)
    parts = [kept_files.Part(path.name, path.stat().st_size) for path in sorted(folder.iterdir())]
    arrival = kept_files.Arrival(parts)
    for path in sorted(folder.iterdir()):
        arrival.write(path.read_bytes())
    upload_id = do(uploads.add(arrival, "li.na"))
    arrival.close()
    work()
    upload = read(upload_id)
    assert (upload["file_name"], upload["kind"]) == ("社区界线.zip", "communities")
    assert upload["proposal"]["remarks"][-1].endswith("read as GB18030")
    upload = check(upload_id, "communities")
    assert (upload["report"]["found"], upload["report"]["rejected"]) == (
        {"code": 1, "overlap": 1, "parent_unknown": 1},
        1,
    )
    assert "is not 12 digits" in kept_files.rejects_path(upload_id).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("name", "header", "row", "kind"),
    [
        ("a.csv", "社区编码,社区名称", "110101001001,甲", "communities"),
        ("a.csv", "区划代码,名称", "110101001000,甲", "streets"),
        ("a.csv", "网格编码,网格名称,wkt", '110101001001001,甲,"POLYGON ((0 0, 1 0, 1 1, 0 0))"', "cells"),
        ("a.csv", "站点编号,站点名称,级别,建筑面积(㎡),经度,纬度", "S1,甲,社区服务站,350,116.3,39.9", "facilities"),
        ("a.csv", "工号,姓名,社区代码,手机", "W1,张三,110101001001,13800000000", "workers"),
        ("a.csv", "day,is_working,name", "2027-01-01,no,元旦", "calendar"),
        ("a.csv", "external_id,address,households,lon,lat", "R1,甲路1号,12,116.3,39.9", "residences"),
        ("a.csv", "external_id,category,description,reported_at,lon,lat", "1,Pothole,big,2026-01-01 10:00,116.3,39.9", "incidents"),
    ],
)  # fmt: skip
def test_the_layer_is_guessed(ground: Engine, name: str, header: str, row: str, kind: str) -> None:
    assert looked_at(name, f"{header}\n{row}\n")["kind"] == kind


def test_a_better_datum_is_told_and_taken(ground: Engine) -> None:
    check_in(looked_at("街道.csv", STREETS))
    x, y = convert(np.full(20, 117.098), np.linspace(39.01, 39.09, 20), source="wgs84", target="bd09")
    lines = "".join(f"R{n},110199001000,3,{x[n]},{y[n]}\n" for n in range(20))
    upload = looked_at("住宅.csv", "external_id,place_code,households,lon,lat\n" + lines)
    assert upload["kind"] == "residences"
    upload = check(upload["id"], "residences")
    assert (upload["state"], upload["problem"]["detail"]["better"]) == ("draft", "bd09")
    upload = check(upload["id"], "residences", datum="bd09")
    assert (upload["state"], upload["report"]["stored"], upload["problem"]) == ("checked", 20, None)


def check_in(upload: dict[str, Any]) -> dict[str, Any]:
    return confirmed(check(upload["id"], upload["kind"]))


def test_what_is_confirmed_is_what_was_checked(ground: Engine) -> None:
    first, second = looked_at("街道.csv", STREETS), looked_at("街道二.csv", STREETS.replace("街道1", "街道甲"))
    first, second = check(first["id"], "streets"), check(second["id"], "streets")
    with pytest.raises(Conflict, match="other options"):
        do(uploads.confirm(first["id"], second["digest"], "wang.wu"))
    confirmed(first)
    with pytest.raises(Conflict, match="ground has changed"):
        do(uploads.confirm(second["id"], second["digest"], "wang.wu"))
    second = check(second["id"], "streets")
    assert second["report"]["updated"] == 1
    assert confirmed(second)["state"] == "imported"


def test_an_import_that_comes_out_otherwise_than_its_check_is_taken_back(ground: Engine) -> None:
    upload = check(looked_at("街道.csv", STREETS)["id"], "streets")
    do(uploads.confirm(upload["id"], upload["digest"], "wang.wu"))
    with ground.begin() as connection:  # after the confirmation, before the importer comes to it
        connection.execute(text("INSERT INTO unit VALUES ('110199001000', 'street') ON CONFLICT DO NOTHING"))
        connection.execute(
            text(
                "INSERT INTO area (code, level, parent_code, name, geom) VALUES ('110199001000', 'street', '110199000000', "
                "'别名', ST_Multi(ST_MakeEnvelope(117, 39, 117.1, 39.1, 4490)))"
            )
        )
    work()
    upload = read(upload["id"])
    assert (upload["state"], upload["problem"]["detail"]) == ("draft", {"reason": "ground_changed"})
    assert areas(ground) == 1


def test_cancelled_it_leaves_nothing_and_a_twin_keeps_its_file(ground: Engine) -> None:
    first, twin = looked_at("街道.csv", STREETS), looked_at("副本.csv", STREETS)
    do(uploads.cancel(first["id"]))
    with pytest.raises(NotFound):
        read(first["id"])
    assert check(twin["id"], "streets")["report"]["stored"] == 2
    do(uploads.cancel(twin["id"]))
    assert files_kept() == []


def test_cancelled_while_it_goes_in_it_is_taken_back(ground: Engine) -> None:
    upload = check(looked_at("街道.csv", STREETS)["id"], "streets")
    do(uploads.confirm(upload["id"], upload["digest"], "wang.wu"))
    with ground.connect() as blocker, blocker.begin():
        blocker.execute(text("UPDATE ground_revision SET revision = revision"))
        hand = threading.Thread(target=work)
        hand.start()
        until(lambda: progress_of(upload["id"]) == "storing")
        do(uploads.cancel(upload["id"]))
    hand.join()
    assert areas(ground) == 0 and files_kept() == []


def test_two_hands_and_two_files_do_not_mix(ground: Engine, database_url: str) -> None:
    names = {"甲.csv": "街道甲", "乙.csv": "街道乙"}
    codes = {"甲.csv": "110199001000", "乙.csv": "110199002000"}
    ids = [
        bring(name, f'code,name,wkt\n{codes[name]},{told},"{square(116, 39)}"\n'.encode())
        for name, told in names.items()
    ]
    two_hands()
    for upload_id in ids:
        do(uploads.ask_for(upload_id, "checking", "streets", {}))
    two_hands()
    assert [read(upload_id)["report"]["stored"] for upload_id in ids] == [1, 1]
    assert {read(upload_id)["turn"] for upload_id in ids} == {2}
    do(uploads.confirm(ids[0], read(ids[0])["digest"], "wang.wu"))
    do(uploads.confirm(ids[1], read(ids[1])["digest"], "zhao.liu"))
    two_hands()
    found = rows(database_url, "SELECT file_name, report->>'stored' AS stored FROM import_run")
    assert {row["file_name"]: row["stored"] for row in found} == {"甲.csv": "1"} | {
        name: "1" for name in names if read(ids[list(names).index(name)])["state"] == "imported"
    }


def two_hands() -> None:
    hands = [threading.Thread(target=work) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    work()


def test_out_of_turn_it_is_refused(ground: Engine) -> None:
    upload_id = bring("街道.csv", STREETS.encode())
    for asked in (
        uploads.ask_for(upload_id, "checking", "streets", {}),
        uploads.confirm(upload_id, "0" * 64, "wang.wu"),
    ):
        with pytest.raises(Conflict) as refused:
            do(asked)
        assert refused.value.detail == {"state": "reading"}
    work()
    upload = check_in(read(upload_id))
    with pytest.raises(Conflict):
        do(uploads.cancel(upload["id"]))


@pytest.mark.slow
@pytest.mark.parametrize("state", ["reading", "checking", "importing"])
def test_killed_at_its_work_the_next_one_begins_anew(ground: Engine, state: str) -> None:
    """The importer is killed in the midst of each turn; nothing is in, and the next one does it."""
    upload_id = bring("街道.csv", STREETS.encode())
    if state != "reading":
        work()
        do(uploads.ask_for(upload_id, "checking", "streets", {}))
    if state == "importing":
        work()
        do(uploads.confirm(upload_id, read(upload_id)["digest"], "wang.wu"))
    kill_there(AT_THE_FILE)
    assert (read(upload_id)["state"], areas(ground)) == (state, 0)
    until(lambda: work() == 1)
    assert read(upload_id)["state"] == {"reading": "draft", "checking": "checked", "importing": "imported"}[state]
    assert areas(ground) == (2 if state == "importing" else 0)


@pytest.mark.slow
@pytest.mark.parametrize("is_committed", [False, True])
def test_killed_around_the_commit_it_is_in_once(ground: Engine, database_url: str, is_committed: bool) -> None:
    """Before the commit nothing is there; after it everything, though nobody was told."""
    upload = check(looked_at("街道.csv", STREETS)["id"], "streets")
    do(uploads.confirm(upload["id"], upload["digest"], "wang.wu"))
    kill_there(AFTER_THE_COMMIT if is_committed else BEFORE_THE_COMMIT)
    assert (read(upload["id"])["state"], areas(ground)) == (("imported", 2) if is_committed else ("importing", 0))
    until(lambda: work() == (0 if is_committed else 1))
    assert (read(upload["id"])["state"], areas(ground)) == ("imported", 2)
    assert len(rows(database_url, "SELECT id FROM import_run")) == 1


def kill_there(how: str) -> None:
    """Start an importer that stays where `how` says, and kill it there."""
    program = KILLED.format(stay=STAY, how=how)
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        process.kill()


def progress_of(upload_id: int) -> str | None:
    return (read(upload_id)["progress"] or {}).get("step")


def until(condition: Any) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_file_that_ends_its_reader_again_and_again_is_given_up(ground: Engine) -> None:
    upload_id = bring("街道.csv", STREETS.encode())
    with ground.begin() as connection:
        connection.execute(text("UPDATE upload SET attempts = :n"), {"n": upload_turns.MOST_ATTEMPTS})
    work()
    assert read(upload_id)["problem"]["message"].startswith("reading this file ended its process")


def test_what_is_over_goes_and_what_is_young_stays(ground: Engine) -> None:
    old, young = looked_at("旧.csv", STREETS), looked_at("新.csv", STREETS.replace("街道1", "新"))
    gone = check_in(looked_at("入库.csv", STREETS + "x"))
    age(ground, old["id"], timedelta(days=8))
    age(ground, gone["id"], timedelta(days=181))
    with connect(autocommit=True) as line:
        upload_turns.sweep(line)
    with pytest.raises(NotFound):
        read(old["id"])
    assert read(gone["id"])["removed_at"] and read(young["id"])["state"] == "draft"
    with pytest.raises(NotFound, match="not kept"):
        do(uploads.kept_file(gone["import_id"]))
    assert [path for path in files_kept() if path.startswith("kept/")] == [
        f"kept/{young['sha256'][:2]}/{young['sha256']}"
    ]


def age(engine: Engine, upload_id: int, by: timedelta) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE upload SET changed_at = now() - :by WHERE id = :id"), {"by": by, "id": upload_id}
        )


def test_nul_in_a_file_is_no_trouble(ground: Engine) -> None:
    upload = looked_at("a.csv", "code,name\n110199001000,a\x01b\n")
    assert check(upload["id"], "streets")["state"] in ("checked", "draft")


def test_the_importer_needs_no_server_of_prefect() -> None:
    assert "prefect" not in vars(importer)

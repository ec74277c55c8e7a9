"""People's data is sealed: it opens only whole and unchanged, is found exactly, and changes its key without a gap."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from data import keyring, pictures, resealing, sealing
from data.models import Base
from data.models.accounts import TOTP
from data.settings import settings
from flows import keys
from geo.errors import BadInput, NotFound, NotReady
from geo.masking import mask_numbers, mask_phone
from geo.persons import Kind, name_parts, plain
from tests.conftest import ROOT, Databases

pytestmark = pytest.mark.usefixtures("home")

WORKERS = 1200
Line = psycopg.Connection


@pytest.fixture
def line(database_url: str, home: Path) -> Iterator[Line]:
    """A community with workers whose names and numbers are sealed; all gone afterwards."""
    with psycopg.connect(database_url, autocommit=True) as opened:
        opened.execute("INSERT INTO unit VALUES ('110199001001', 'community') ON CONFLICT DO NOTHING")
        with opened.cursor() as cursor:
            cursor.executemany(ADD, [worker(number) for number in range(WORKERS)])
        yield opened
        opened.execute("DELETE FROM worker")


ADD = """
    INSERT INTO worker (code, name, name_sealed, name_digests, phone, phone_sealed, phone_digests, community_code) VALUES
    (%(code)s, %(name)s, %(name_sealed)s, %(name_digests)s, %(phone)s, %(phone_sealed)s, %(phone_digests)s, '110199001001')
"""


def worker(number: int) -> dict[str, object]:
    name, phone = sealing.seal(Kind.NAME, f"李建{number:04d}"), sealing.seal(Kind.PHONE, f"1380000{number:04d}")
    return {"code": f"W{number}"} | name.columns("name") | phone.columns("phone")


def opened_names(line: Line) -> set[str | None]:
    return {sealing.open_(Kind.NAME, sealed) for (sealed,) in line.execute("SELECT name_sealed FROM worker").fetchall()}


@given(st.text(min_size=1), st.sampled_from(Kind))
def test_what_is_sealed_opens_as_it_was_and_is_found_by_itself(text: str, kind: Kind) -> None:
    forms = sealing.seal(kind, text.encode(errors="replace").decode())
    assert sealing.open_(kind, forms.sealed) == text.encode(errors="replace").decode()
    assert forms.digests and forms.digests[0] in sealing.wanted(kind, text.encode(errors="replace").decode())


def test_the_same_text_never_looks_the_same_and_opens_as_nothing_else() -> None:
    first, second = sealing.encrypt(b"x", "name"), sealing.encrypt(b"x", "name")
    assert first != second
    with pytest.raises(NotReady, match="changed"):
        sealing.decrypt(first, "phone")
    with pytest.raises(NotReady, match="changed"):
        sealing.decrypt(first[:-1] + bytes([first[-1] ^ 1]), "name")


def test_a_name_is_found_by_parts_but_not_by_one_character() -> None:
    digests = set(sealing.seal(Kind.NAME, "欧阳建国").digests or [])
    found = {
        part: bool(digests & set(sealing.wanted_part(part))) for part in ("欧阳", "建国", "欧阳建国", "国", "张三")
    }
    assert found == {"欧阳": True, "建国": True, "欧阳建国": True, "国": False, "张三": False}
    assert "吾买尔" in name_parts("阿卜杜拉·吾买尔") and plain(Kind.PHONE, "+86 138-0000 1234") == "13800001234"


def test_numbers_are_masked_by_their_length_and_inside_of_texts() -> None:
    assert [mask_phone(phone) for phone in ("13800001234", "010-6655 1234", "66551234", "110", "")] == [
        "138****1234", "010****1234", "****34", "****", "",
    ]  # fmt: skip
    told = mask_numbers("找张师傅 13800001234，身份证 11010519491231002X，编号 110199001001001，共 12345678901 件")
    assert told == "找张师傅 138****1234，身份证 110****002X，编号 110199001001001，共 12345678901 件"


def test_the_keys_are_for_their_owner_alone_and_nobody_draws_twice(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len({ring.newest for ring in pool.map(lambda _: keyring.ring(), range(50))}) == 1
    assert (home / "keys" / "data.keys").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (home / "keys").iterdir()] == ["data.keys"]
    assert base64.b64encode(keyring.ring().newest.secret).decode() not in repr(keyring.ring())


def test_keys_from_the_environment_are_used_and_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
    monkeypatch.setenv("WANGGE_DATA_KEYS", old)
    settings.cache_clear()
    sealed = sealing.encrypt(b"x", "name")
    monkeypatch.setenv("WANGGE_DATA_KEYS", f"{old},{new}")
    settings.cache_clear()
    assert sealing.decrypt(sealed, "name") == b"x" and sealing.key_id(sealing.encrypt(b"x", "name")) != sealed[1:5]
    monkeypatch.setenv("WANGGE_DATA_KEYS", new)
    settings.cache_clear()
    with pytest.raises(NotReady, match="not on the ring"):
        sealing.decrypt(sealed, "name")
    monkeypatch.setenv("WANGGE_DATA_KEYS", "tooshort")
    settings.cache_clear()
    with pytest.raises(BadInput) as caught:
        keyring.ring()
    assert "tooshort" not in str(caught.value) + repr(settings())


def test_no_table_takes_a_whole_name_or_number(line: Line) -> None:
    for column, value in (("name", "张三丰"), ("phone", "13800000001")):
        with pytest.raises(psycopg.errors.CheckViolation, match="masked"):
            line.execute(f"UPDATE worker SET {column} = %s", [value])


def test_a_rotation_that_is_killed_goes_on_and_every_name_stays_findable(line: Line, home: Path) -> None:
    before, old = opened_names(line), keyring.ring().newest
    picture = pictures.clean(_jpeg(home))
    pictures.keep(picture)
    environment = os.environ | {"WANGGE_HOME": str(home)}
    rotate = [str(ROOT / ".venv" / "bin" / "wangge"), "keys", "rotate", "--json"]
    with subprocess.Popen(rotate, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not 0 < _under(line, old.id) < 2 * WORKERS:
            pass
        process.send_signal(signal.SIGKILL)
    half = _under(line, old.id)
    found = [
        line.execute("SELECT count(*) FROM worker WHERE name_digests && %s::bytea[]", [sealing.wanted(Kind.NAME, name)])
        .fetchone() for name in ("李建0000", f"李建{WORKERS - 1:04d}")
    ]  # fmt: skip
    assert 0 < half < 2 * WORKERS and found == [(1,), (1,)] and opened_names(line) == before
    told = json.loads(subprocess.run(rotate, env=environment, check=True, capture_output=True).stdout.splitlines()[-1])
    assert (told["is_new"], told["resealed"]) == (False, half + 1) and len(keyring.ring().keys) == 2
    assert (opened_names(line), pictures.read(picture.sha256)) == (before, picture.content)
    assert resealing.used_keys(line) == {keyring.ring().newest.id: 2 * WORKERS + 1}


def test_every_sealed_column_changes_its_key(line: Line) -> None:
    sealed = {
        str(column) for table in Base.metadata.sorted_tables for column in table.columns if "sealed" in column.name
    }
    assert {str(place.column) for place in resealing.places()} == sealed
    keyring.ring()
    line.execute("INSERT INTO account (name, totp_sealed) VALUES ('li', %s)", [sealing.encrypt(b"JBSW", TOTP)])
    keys.rotate(lambda done, total: None)
    keys.rotate(lambda done, total: None)
    keys.prune()
    (secret,) = line.execute("DELETE FROM account WHERE name = 'li' RETURNING totp_sealed").fetchone() or (b"",)
    assert sealing.decrypt(secret, TOTP) == b"JBSW"


def test_keys_that_nothing_uses_go_only_a_rotation_later(line: Line) -> None:
    first = keyring.ring().newest.id.hex()
    keys.rotate(lambda done, total: None)
    assert keys.prune() == {"removed": []}
    keys.rotate(lambda done, total: None)
    assert keys.prune() == {"removed": [first]}
    assert [row["uses"] for row in keys.listed()] == [0, 2 * WORKERS]


def test_a_plain_picture_of_before_is_shown_and_sealed_in_time(home: Path) -> None:
    content = pictures.clean(_jpeg(home)).content
    plain = home / "photos" / "ab" / f"{'ab' * 32}.jpg"
    plain.parent.mkdir(parents=True)
    plain.write_bytes(content)
    assert pictures.read("ab" * 32) == content and pictures.reseal() == 1
    assert not plain.exists() and pictures.read("ab" * 32) == content
    assert content not in plain.with_suffix(".sealed").read_bytes()
    pictures.remove("ab" * 32)
    with pytest.raises(NotFound):
        pictures.read("ab" * 32)


def test_a_migration_seals_what_is_there_and_opens_it_on_the_way_back(databases: Databases, template: str) -> None:
    url = databases.create("before", template)
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.attributes["url"] = url
    command.downgrade(config, "0014")
    with psycopg.connect(url) as line:
        line.execute(BEFORE)
    command.upgrade(config, "head")
    with psycopg.connect(url) as line:
        masked = line.execute("SELECT name, phone, url, lon FROM worker, notice_address, case_whereabouts").fetchone()
        sealed = line.execute("SELECT phone_sealed, url_sealed FROM worker, notice_address").fetchone() or ()
    opened = [sealing.open_(kind, value) for kind, value in zip((Kind.PHONE, Kind.ADDRESS), sealed, strict=True)]
    assert masked == ("张*", "138****0001", "mailtos://****", 116.303)
    assert opened == ["13800000001", "mailtos://u:secret@example.org"]
    command.downgrade(config, "0014")
    with psycopg.connect(url) as line:
        told = line.execute("SELECT worker.name, phone, url FROM worker, notice_address").fetchone()
    assert told == ("张三丰", "13800000001", "mailtos://u:secret@example.org")


BEFORE = """
    INSERT INTO unit VALUES ('110199001001', 'community');
    INSERT INTO worker (code, name, phone, community_code) VALUES ('W1', '张三丰', '13800000001', '110199001001');
    INSERT INTO notice_address (recipient, url) VALUES ('worker:1', 'mailtos://u:secret@example.org');
    INSERT INTO category VALUES ('C', NULL, 'event', '类', 'kind', 'test');
    INSERT INTO incident (category_code, lon, lat, datum, geom) VALUES ('C', 116, 39, 'wgs84', 'SRID=4490;POINT(116 39)');
    INSERT INTO case_file (id) SELECT id FROM incident;
    INSERT INTO case_event (case_id, event, to_state, actor, lon, lat)
    SELECT id, 'file', 'filed', 'reporter', 116.30251, 39.9 FROM incident;
"""


def _under(line: Line, key: bytes) -> int:
    sealed = "SELECT unnest(ARRAY[name_sealed, phone_sealed]) AS value FROM worker"
    row = line.execute(f"SELECT count(*) FROM ({sealed}) AS told WHERE substr(value, 2, 4) = %s", [key]).fetchone()
    return int(row[0]) if row else 0


def _jpeg(folder: Path) -> bytes:
    Image.new("RGB", (40, 30), (200, 30, 30)).save(folder / "red.jpg")
    return (folder / "red.jpg").read_bytes()

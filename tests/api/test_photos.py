"""Photos: checked by what they are, written anew, shown to whom they are any business of."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import Engine

from api.middleware import LARGER
from tests.api.cases import ELSEWHERE, STREET, dispatched, error, row

pytestmark = pytest.mark.usefixtures("home")


def drawn(width: int, height: int, kind: str = "JPEG", **how: Any) -> bytes:
    written = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(written, kind, **how)
    return written.getvalue()


def send(client: TestClient, case: int, content: bytes, actor: str = STREET, key: str | None = None) -> Any:
    headers = {"X-Wangge-Actor": actor, "Content-Type": "image/jpeg"} | ({"Idempotency-Key": key} if key else {})
    return client.post(f"/api/cases/{case}/photos", content=content, headers=headers)


def test_a_photo_sent_twice_under_one_key_is_one_photo(client: TestClient) -> None:
    case = dispatched(client)
    first, again = send(client, case, drawn(40, 30), key="photo-1"), send(client, case, drawn(40, 30), key="photo-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    detail = client.get(f"/api/cases/{case}", headers={"X-Wangge-Actor": STREET}).json()
    assert [photo["id"] for photo in detail["photos"]] == [first.json()["id"]]
    other = send(client, case, drawn(40, 30), key="photo-2").json()["id"]
    assert other != first.json()["id"], "another key is another photo, though of the same bytes"
    assert error(send(client, case, drawn(41, 30), key="photo-1")) == (409, "key_reused")


def fetch(client: TestClient, photo: int, actor: str = STREET) -> Any:
    return client.get(f"/api/photos/{photo}", headers={"X-Wangge-Actor": actor})


def test_a_photo_is_kept_small_upright_and_without_the_cameras_notes(client: TestClient, home: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SecretCam"  # lies on its side
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 18.0)
    told = send(client, dispatched(client), drawn(3200, 1600, exif=exif))
    assert (told.status_code, told.json()["width"], told.json()["height"]) == (201, 800, 1600)
    shown = fetch(client, told.json()["id"])
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"] == "no-store"
    assert b"SecretCam" not in shown.content and b"Exif" not in shown.content
    with Image.open(io.BytesIO(shown.content)) as picture:
        assert (picture.size, dict(picture.getexif())) == ((800, 1600), {})
    assert str(home) not in told.text
    assert [path.suffix for path in (home / "photos").rglob("*") if path.is_file()] == [".sealed"]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_of_picture_become_the_same(client: TestClient, kind: str) -> None:
    told = send(client, dispatched(client), drawn(40, 30, kind)).json()
    assert fetch(client, told["id"]).content[:3] == b"\xff\xd8\xff"


def bomb() -> bytes:
    """A PNG of some hundred kilobytes that says it has 900 million pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    size = (30_000).to_bytes(4, "big")
    rows = zlib.compress(b"\0" * (30_001 * 1000), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size * 2 + b"\x08\0\0\0\0") + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"GIF89a" + b"\0" * 100,
        drawn(40, 30)[:200],
        drawn(9000, 6000, "PNG"),
        bomb(),
    ],
    ids=["nothing", "html", "gif", "cut off", "54 million pixels", "bomb"],
)
def test_what_is_no_picture_or_means_harm_is_refused(client: TestClient, home: Path, content: bytes) -> None:
    refused = send(client, dispatched(client), content)
    assert error(refused) == (422, "bad_input")
    assert refused.json()["error"]["detail"]["fields"][0]["field"] == "body"
    assert not (home / "photos").exists()


def test_a_body_of_many_megabytes_is_cut_off(client: TestClient) -> None:
    limit = LARGER[0][1]
    case = dispatched(client)
    assert error(send(client, case, b"x" * (limit + 1))) == (413, "too_large")
    assert error(client.post("/api/incidents", content=b"x" * 100_000)) == (413, "too_large")


def test_photos_are_for_those_who_have_to_do_with_the_case(client: TestClient, district: Engine) -> None:
    case = dispatched(client)
    assert error(send(client, case, drawn(40, 30), ELSEWHERE)) == (403, "forbidden")
    assert error(send(client, case, drawn(40, 30), "reporter")) == (403, "forbidden")
    assert send(client, 2**62, drawn(40, 30)).status_code == 404
    told = send(client, case, drawn(40, 30), f"worker:{row(district, case)['worker_id']}").json()
    assert error(fetch(client, told["id"], ELSEWHERE)) == (403, "forbidden")
    assert fetch(client, 2**62).status_code == 404
    assert client.get(f"/api/cases/{case}").json()["photos"][0]["id"] == told["id"]


def test_a_picture_whose_bytes_are_gone_is_not_found(client: TestClient, home: Path) -> None:
    told = send(client, dispatched(client), drawn(40, 30)).json()
    next((home / "photos").rglob("*.sealed")).unlink()
    assert fetch(client, told["id"]).status_code == 404

"""Files that come in: whole or not at all, once by their checksum, under names that harm nobody."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import kept_files
from data.kept_files import Arrival, Part, safe_name
from geo.errors import BadInput
from tests.conftest import ROOT
from tests.uploads import files_kept, own_home


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Iterator[Path]:
    with own_home(tmp_path / "home") as path:
        yield path


def arrive(parts: list[Part], *chunks: bytes) -> kept_files.Kept:
    arrival = Arrival(parts)
    try:
        for chunk in chunks:
            arrival.write(chunk)
        kept = arrival.finish()
        arrival.keep(kept)
        return kept
    finally:
        arrival.close()


def test_a_file_is_kept_once_by_its_checksum() -> None:
    kept = [arrive([Part(name)], b"a,b\n", b"1,2\n") for name in ("a.csv", "b.csv")]
    digest = hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    assert [(one.name, one.sha256, one.size_bytes) for one in kept] == [("a.csv", digest, 8), ("b.csv", digest, 8)]
    assert files_kept() == [f"kept/{digest[:2]}/{digest}"]


def test_several_files_become_one_archive_wherever_the_chunks_are_cut() -> None:
    parts, body = [Part("街道.shp", 5), Part("街道.dbf", 3)], b"shapedbf"
    kept = [arrive(parts, *(body[n : n + step] for n in range(0, 8, step))) for step in (1, 3, 8)]
    assert {one.name for one in kept} == {"街道.zip"} and len({one.sha256 for one in kept}) == 1
    with zipfile.ZipFile(kept_files.content(kept[0].sha256)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"街道.shp": b"shape", "街道.dbf": b"dbf"}


@pytest.mark.parametrize(
    ("parts", "body"),
    [
        ([Part("a.csv")], b""),
        ([Part("a.csv", 4)], b"abc"),
        ([Part("a.shp", 3), Part("a.dbf", 3)], b"abcde"),
        ([Part("a.shp", 3), Part("a.dbf", 3)], b"abcdefg"),
        ([Part("a.shp", 3), Part("a.dbf", 0)], b"abc"),
        ([Part("x/a.shp", 1), Part("a.shp", 1)], b"ab"),
    ],
    ids=["empty", "short", "last one short", "too long", "one empty", "two of one name"],
)
def test_what_is_not_whole_is_refused_and_leaves_nothing(parts: list[Part], body: bytes) -> None:
    with pytest.raises(BadInput):
        arrive(parts, body)
    assert files_kept() == []


def test_what_was_arriving_when_its_writer_was_killed_is_removed() -> None:
    program = (
        "import time; from data.kept_files import *; a = Arrival([Part('a')]); a.write(b'x' * 9); "
        "print(flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        writer.stdout.readline()
        (arriving,) = files_kept()
        os.utime(kept_files.folder() / arriving, (0, 0))
        kept_files.remove_left_behind()
        assert files_kept() == [arriving], "its writer lives"
        writer.kill()
    os.utime(kept_files.folder() / arriving, (time.time(), 0))
    kept_files.remove_left_behind()
    assert files_kept() == []


@given(st.text())
def test_a_name_is_one_part_of_a_path_without_control_characters(name: str) -> None:
    safe = safe_name(name)
    assert safe not in ("", ".", "..") and Path(safe).name == safe
    assert safe.isprintable() and len(safe.encode()) <= 255 * 2


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\数据\\街道.shp", "街道.shp"),
        (".bashrc", "bashrc"),
        ("a\x00b\n\x1b[31m.csv", "ab[31m.csv"),
        ("\u202egpj.csv", "gpj.csv"),
        ("..", "file"),
        ("社" * 300 + ".csv", "社" * 100 + ".csv"),
    ],
)
def test_names_as_people_and_attackers_give_them(given: str, safe: str) -> None:
    assert safe_name(given) == safe

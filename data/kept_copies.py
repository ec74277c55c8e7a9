"""What lies in the home folder and belongs to a backup: photos and files that were brought in, each named by its SHA-256."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg

from data import kept_files, pictures, whole_files


@dataclass(frozen=True)
class Store:
    """One kind of files: what the database names of them, and where each lies by its digest or by its name in the archive."""

    name: str
    archive: str
    query: str
    file: Callable[[str], Path]
    place: Callable[[str], Path]


STORES = (
    Store(
        "photos",
        "photos.sealed",
        "SELECT DISTINCT sha256 FROM case_photo ORDER BY 1",
        pictures.file,
        lambda name: pictures.folder_of(name.partition(".")[0]) / name,
    ),
    Store(
        "imports",
        "imports.sealed",
        "SELECT DISTINCT sha256 FROM upload WHERE removed_at IS NULL ORDER BY 1",
        kept_files.content,
        kept_files.content,
    ),
)


def named(store: Store, line: psycopg.Connection[Any]) -> list[str]:
    """Digests of the files that the database names."""
    return [row[0] for row in line.execute(store.query.encode())]


def pack(store: Store, digests: Sequence[str], sink: Any) -> int:
    """Put these files into a tar; how many were gone."""
    missing = 0
    with tarfile.open(fileobj=sink, mode="w|") as tar:
        for digest in digests:
            path = store.file(digest)
            try:
                tar.add(path, arcname=path.name, recursive=False)
            except FileNotFoundError:
                missing += 1
    return missing


def unpack(store: Store, source: IO[bytes]) -> int:
    """Put the files of a tar back: one that is there already is the same. How many there were."""
    count = 0
    with tarfile.open(fileobj=source, mode="r|") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is not None:
                whole_files.write(store.place(Path(member.name).name), content.read())
                count += 1
    return count

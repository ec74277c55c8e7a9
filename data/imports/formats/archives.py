"""Archives unpacked within limits. Nothing is trusted: neither the sizes that they state nor the names."""

from __future__ import annotations

import gzip
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from data.imports.formats.tables import Choice
from geo.errors import BadFile

CHUNK_BYTES = 1 << 20
MAX_MEMBERS = 10_000
READ_FIRST = (".gpkg", ".shp", ".fgb", ".geojson", ".json", ".geojsonl", ".ndjson", ".parquet", ".kml", ".graphml", ".pbf",
              ".osm", ".xlsx", ".xls", ".ods", ".csv", ".tsv", ".txt")  # fmt: skip
"""Which file of an archive is the one, best first."""
PACKED = (".zip", ".kmz", ".gz", ".7z", ".rar", ".tar")
SHOWN = 5
IGNORED = ("__macosx/", ".ds_store", "thumbs.db")
UTF_8_NAMES = 0x800
ENCRYPTED = 0x1


class Unpacked(NamedTuple):
    """The file of an archive that is to be read, what has to be said about the others, and which those are."""

    path: Path
    remarks: list[str]
    choice: Choice | None


def unzip(path: Path, into: Path, *, limit_mb: int, layer: str | None = None) -> Unpacked:
    """Unpack `path` into `into`.

    Raises: BadFile for an archive that is broken, encrypted, larger than `limit_mb` unpacked, or that names a file outside of it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if _is_wanted(member)]
            _check(path, members, limit_mb)
            room = limit_mb << 20
            for member in members:
                with archive.open(member) as source:
                    room -= _copy(source, _place(into, member, path), room, path, limit_mb)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise BadFile(f"{path.name} is a broken archive: {error}", file=str(path)) from error
    return _choose(path, into, layer)


def gunzip(path: Path, into: Path, *, limit_mb: int) -> Path:
    """Raises: BadFile if it is broken or larger than `limit_mb` unpacked."""
    target = into / (path.name[: -len(".gz")] if path.name.lower().endswith(".gz") else path.name + ".unpacked")
    try:
        with gzip.open(path) as source:
            _copy(source, target, limit_mb << 20, path, limit_mb)
    except (OSError, EOFError, zlib.error) as error:
        raise BadFile(f"{path.name} can't be unpacked: {error}", file=str(path)) from error
    return target


def check_sizes(path: Path, *, limit_mb: int) -> None:
    """The same limits for an archive that a library unpacks by itself, such as a workbook: every member is read once."""
    room = limit_mb << 20
    try:
        with zipfile.ZipFile(path) as archive:
            _check(path, archive.infolist(), limit_mb)
            for member in archive.infolist():
                with archive.open(member) as source:
                    room -= _copy(source, None, room, path, limit_mb)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise BadFile(f"{path.name} is broken: {error}", file=str(path)) from error


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    """No folder, and nothing without a name, of which the library can't tell whether it is one."""
    name = member.filename.lower()
    return bool(name) and not member.is_dir() and not name.startswith(IGNORED[0]) and not name.endswith(IGNORED[1:])


def _check(path: Path, members: list[zipfile.ZipInfo], limit_mb: int) -> None:
    if len(members) > MAX_MEMBERS:
        raise BadFile(f"{path.name} holds {len(members):,} files, at most {MAX_MEMBERS:,} are unpacked", file=str(path))
    for member in members:
        _check_member(path, member)
    if sum(member.file_size for member in members) > limit_mb << 20:
        raise _too_large(path, limit_mb)


def _check_member(path: Path, member: zipfile.ZipInfo) -> None:
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
    if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in member.filename[:3]:
        raise BadFile(f"{path.name} names a file outside of itself: {member.filename}", file=str(path))
    if stat.S_ISLNK(member.external_attr >> 16):
        raise BadFile(f"{path.name} holds a link instead of a file: {member.filename}", file=str(path))
    if member.flag_bits & ENCRYPTED:
        raise BadFile(f"{path.name} is encrypted: unpack it with its password first", file=str(path))


def _place(into: Path, member: zipfile.ZipInfo, path: Path) -> Path:
    """Beside the others of its folder. Chinese archives name their files in GBK without saying so."""
    name = member.filename
    if not member.flag_bits & UTF_8_NAMES:
        name = name.encode("cp437", "replace").decode("gb18030", "replace")
    target = into.joinpath(*PurePosixPath(name.replace("\\", "/")).parts)
    if not target.resolve().is_relative_to(into.resolve()):
        raise BadFile(f"{path.name} names a file outside of itself: {name}", file=str(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path | None, room: int, path: Path, limit_mb: int) -> int:
    """Bytes copied. What an archive states about sizes may be a lie, so it is counted."""
    copied = 0
    with (target or Path("/dev/null")).open("wb") as file:
        while chunk := source.read(CHUNK_BYTES):
            copied += len(chunk)
            if copied > room:
                raise _too_large(path, limit_mb)
            file.write(chunk)
    return copied


def _too_large(path: Path, limit_mb: int) -> BadFile:
    told = f"{path.name} is larger than {limit_mb:,} MB when unpacked (WANGGE_IMPORT_UNPACKED_MB)"
    return BadFile(told, file=str(path))


def _packed_again(into: Path) -> str:
    inner = sorted(file.name for file in into.rglob("*") if file.suffix.lower() in PACKED)
    return f", but archives again: unpack it and give one of {', '.join(inner[:SHOWN])}" if inner else ""


def _choose(path: Path, into: Path, layer: str | None) -> Unpacked:
    found = sorted(file for file in into.rglob("*") if file.is_file() and file.suffix.lower() in READ_FIRST)
    named = [file for file in found if layer in (file.name, file.stem)]
    names = [file.name for file in found]
    if named:
        return Unpacked(named[0], [], Choice(named[0].name, names) if len(found) > 1 else None)
    ending = next((ending for ending in READ_FIRST if any(file.suffix.lower() == ending for file in found)), None)
    best = [file for file in found if file.suffix.lower() == ending]
    if not best:
        raise BadFile(f"{path.name} holds no file that can be read here{_packed_again(into)}", file=str(path))
    if len(best) > 1:
        names = [file.name for file in best]
        told = f"{path.name} holds {len(best)} of them: choose one with --layer ({', '.join(names)})"
        raise BadFile(told, file=str(path), layers=names)
    if len(found) == 1:
        return Unpacked(best[0], [], None)
    return Unpacked(best[0], [f"read {best[0].name} out of {path.name}"], Choice(best[0].name, names))

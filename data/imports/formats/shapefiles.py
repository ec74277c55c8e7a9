"""The parts of a shapefile: which are there, and in which encoding its texts are."""

from __future__ import annotations

from pathlib import Path

from geo.errors import BadFile

HEADER_BYTES = 32
SAMPLE_BYTES = 1 << 22
NEEDED = {".dbf": "its attributes", ".shx": "its index"}


def check_parts(path: Path) -> None:
    """Raises: BadFile naming the part that is missing."""
    missing = [f"{path.stem}{ending} ({what})" for ending, what in NEEDED.items() if part(path, ending) is None]
    if missing:
        told = f"{path.name}: {' and '.join(missing)} must lie beside it; pack all parts of a shapefile into one ZIP"
        raise BadFile(told, file=str(path))


def part(path: Path, ending: str) -> Path | None:
    """The part with this ending, in any case."""
    beside = (other for other in path.parent.iterdir() if other.stem == path.stem and other.suffix.lower() == ending)
    return next(beside, None)


def encoding_of(path: Path) -> tuple[str | None, list[str]]:
    """The encoding of its texts and what has to be said of it; None where the .cpg is right or there is nothing to tell."""
    table, told = part(path, ".dbf"), _told(path)
    if table is None:
        return None, []
    with table.open("rb") as file:
        content = file.read(SAMPLE_BYTES)[HEADER_BYTES:]
    if content.isascii() or (told and _reads_as(content, told)):
        return None, []
    guessed = "UTF-8" if _reads_as(content, "utf-8") else "GB18030"
    said = f"{table.name} is not {told}, as the .cpg says" if told else f"{table.name} has no .cpg"
    return guessed, [f"{said}: read as {guessed}"]


def _told(path: Path) -> str | None:
    beside = part(path, ".cpg")
    name = beside.read_bytes()[:40].decode("ascii", "ignore").strip() if beside else ""
    try:
        "".encode(name or "ascii")
    except LookupError:
        return None
    return name or None


def _reads_as(content: bytes, encoding: str) -> bool:
    """A field may end within a character, so a few broken ones are no proof against."""
    text = content.decode(encoding, "replace")
    foreign = sum(character > "\x7f" for character in text)
    return text.count("\ufffd") * 20 <= foreign

"""XML read once for what must not be in it. No library that follows entities sees a file before it passed here."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException, sax

from geo.errors import BadFile

Attributes = Any
MAX_DEPTH = 200
"""Elements within elements: readers that go down by recursion end where their stack does."""


NAMED = ("Data", "SimpleField", "SimpleData")
"""Elements of KML whose attribute `name` is the name of a column."""


class _Depth(ContentHandler):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.depth = path, 0

    def startElement(self, name: str, attrs: Attributes) -> None:  # noqa: N802 - the name that the parser calls
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BadFile(f"{self.path.name}: {MAX_DEPTH} elements within each other", file=str(self.path))

    def endElement(self, name: str) -> None:  # noqa: N802
        self.depth -= 1


class _Renamer(XMLGenerator):
    """Writes what it reads, with numbers for the names of columns: GDAL knows none but those of ASCII."""

    def __init__(self, out: IO[bytes]) -> None:
        super().__init__(out, encoding="utf-8")
        self.numbers: dict[str, str] = {}

    def startElement(self, name: str, attrs: Attributes) -> None:  # noqa: N802
        told = dict(attrs.items())
        if name.rpartition(":")[2] in NAMED and "name" in told:
            told["name"] = self.numbers.setdefault(told["name"], f"column_{len(self.numbers) + 1}")
        super().startElement(name, AttributesImpl(told))


def check(path: Path) -> None:
    """Raises: BadFile with the line, for a document type (entities) and for XML that is not well-formed."""
    _parse(path, _Depth(path))


def renamed(path: Path, into: Path) -> tuple[Path, dict[str, str]]:
    """A copy of a KML whose columns have names that GDAL knows, and the true name of each."""
    with (into / path.name).open("wb") as out:
        _parse(path, renamer := _Renamer(out))
    return into / path.name, {number: name for name, number in renamer.numbers.items()}


def _parse(path: Path, handler: ContentHandler) -> None:
    try:
        with path.open("rb") as file:
            sax.parse(file, handler, forbid_dtd=True)
    except DefusedXmlException as error:
        told = f"{path.name} declares a document type or entities, which are not followed: remove its <!DOCTYPE …>"
        raise BadFile(told, file=str(path)) from error
    except SAXParseException as error:
        where = f"line {error.getLineNumber()}, column {(error.getColumnNumber() or 0) + 1}"
        raise BadFile(f"{path.name}, {where}: {error.getMessage()}", file=str(path)) from error
    except (ValueError, LookupError) as error:
        raise BadFile(f"{path.name} can't be read as XML: {error}", file=str(path)) from error

"""Descriptions of KML: HTML as plain text, and the table of fields that many programs write into it as columns."""

from __future__ import annotations

from html.parser import HTMLParser

import pandas as pd

COLUMN = "description"
NOISE = (
    "altitudeMode",
    "tessellate",
    "extrude",
    "visibility",
    "drawOrder",
    "icon",
    "begin",
    "end",
    "timestamp",
    "snippet",
)
"""What a KML says about drawing, not about the place."""


class _Reader(HTMLParser):
    """`text`, and the cells of each row of a table."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.rows: list[list[str]] = []
        self.is_in_cell = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.is_in_cell = tag in ("td", "th") or (self.is_in_cell and tag not in ("tr", "table"))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self.is_in_cell = False

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self.is_in_cell and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def spread(frame: pd.DataFrame) -> pd.DataFrame:
    """Without what is only about drawing; `description` as plain text, its fields as columns that the file does not have."""
    frame = frame.drop(columns=[name for name in NOISE if name in frame.columns])
    if COLUMN not in frame.columns:
        return frame
    told = [parse(text) for text in frame[COLUMN].fillna("")]
    fields = pd.DataFrame([fields for _, fields in told], index=frame.index)
    fields = fields.drop(columns=[name for name in fields.columns if name in frame.columns])
    return frame.assign(description=pd.Series([text or None for text, _ in told], frame.index)).join(fields)


def parse(text: str) -> tuple[str, dict[str, str]]:
    """Plain text, and name → value of every row of two cells."""
    if "<" not in text:
        return text, {}
    reader = _Reader()
    reader.feed(text)
    reader.close()
    pairs = [[cell.strip() for cell in row] for row in reader.rows if len(row) == 2]
    return " ".join(" ".join(reader.text).split()), {name: value for name, value in pairs if name and name != COLUMN}

"""Texts that a spreadsheet would run as a formula (OWASP, CSV injection): written after an apostrophe, and read back without it."""

from __future__ import annotations

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n")
APOSTROPHE = "'"
TAMED = r"^'(['=+\-@\t\r\n])"
"""What begins so is the rest of it: an apostrophe of the text's own is doubled."""


def tame(value: str) -> str:
    """A text that no spreadsheet runs, and from which `TAMED` leads back to the same text."""
    return APOSTROPHE + value if value.startswith((*FORMULA_MARKS, APOSTROPHE)) else value


def untame(value: str) -> str:
    """The text that `tame` was given."""
    return value[1:] if value.startswith(APOSTROPHE) and value[1:].startswith((*FORMULA_MARKS, APOSTROPHE)) else value

"""Marks on columns that hold people's data: what for, on which legal basis, and for how long.

`Base.metadata` can be asked for all of them; docs/privacy.md shows them as a table, and a test holds it to that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, Column, LargeBinary, MetaData
from sqlalchemy.orm import Mapped, mapped_column

from geo.persons import Kind

MARK = "personal"
SEALED_AS = "sealed_as"


class Basis(StrEnum):
    """Articles of the Personal Information Protection Law (个人信息保护法) on which data may be kept."""

    DUTY = "PIPL 13(3)"
    """Necessary for a statutory duty: to deal with what is reported in a district."""
    EMPLOYMENT = "PIPL 13(2)"
    """Necessary to manage people in a post."""
    CONSENT = "PIPL 13(1)"
    """Given of one's own accord, and taken back at will."""
    SENSITIVE = "PIPL 28-29"
    """Sensitive: only with consent of its own, for a particular purpose, under strict protection."""


class Form(StrEnum):
    """In which form a column stands in the database."""

    SEALED = "sealed"
    """Masked here; whole in `<name>_sealed`, to be found by `<name>_digests`."""
    TEXT = "text"
    """Free text, in which people may have written of themselves or others."""
    COARSE = "coarse"
    """Rounded before it is stored."""
    FILE = "file"
    """The name of an encrypted file."""
    PLAIN = "plain"
    """As it is: without it the system does not work."""


@dataclass(frozen=True)
class Mark:
    """`days`: the row of data/reference/retention.csv that says how long; null: as long as its row."""

    purpose: str
    basis: Basis
    days: str | None
    form: Form
    kind: Kind | None = None


def personal(*, purpose: str, basis: Basis, days: str | None, form: Form, kind: Kind | None = None) -> dict[str, Any]:
    """What a column is marked with: `mapped_column(info=personal(…))`."""
    return {MARK: Mark(purpose, basis, days, form, kind)}


def written(purpose: str, *, basis: Basis = Basis.DUTY, days: str | None = "case_texts") -> dict[str, Any]:
    """What a column of free text is marked with: `mapped_column(info=written(…))`."""
    return personal(purpose=purpose, basis=basis, days=days, form=Form.TEXT)


def kept_plain(purpose: str, *, days: str | None = None) -> dict[str, Any]:
    """What a column is marked with that names people of the administration as they are: `mapped_column(info=kept_plain(…))`."""
    return personal(purpose=purpose, basis=Basis.EMPLOYMENT, days=days, form=Form.PLAIN)


def sealed(kind: Kind, *, purpose: str, basis: Basis, days: str | None) -> Mapped[Any]:
    """A column that shows the masked form of what stands sealed beside it."""
    return mapped_column(info=personal(purpose=purpose, basis=basis, days=days, form=Form.SEALED, kind=kind))


def ciphertext() -> Mapped[bytes | None]:
    """The whole value of the column before it, sealed; see `data.sealing`."""
    return mapped_column(LargeBinary)


def digests() -> Mapped[list[bytes] | None]:
    """By which the sealed value before it is found."""
    return mapped_column(ARRAY(LargeBinary))


def secret(purpose: str) -> dict[str, Any]:
    """What a column is marked with that holds a secret, sealed as `purpose`: it changes its key with everything else."""
    return {SEALED_AS: purpose}


def marked(metadata: MetaData) -> Iterator[tuple[Column[Any], Mark]]:
    """Every column that holds people's data, by table and place."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if MARK in column.info:
                yield column, column.info[MARK]


def sealed_columns(metadata: MetaData) -> list[tuple[Column[Any], Kind]]:
    """Every column beside which the whole value stands sealed."""
    return [(column, mark.kind) for column, mark in marked(metadata) if mark.form is Form.SEALED and mark.kind]


def sealed_secrets(metadata: MetaData) -> list[tuple[Column[Any], str]]:
    """Every column that holds a sealed secret, and as what it is sealed."""
    columns = [column for table in metadata.sorted_tables for column in table.columns]
    return [(column, column.info[SEALED_AS]) for column in columns if SEALED_AS in column.info]

"""Files that somebody brings in by the browser, from the first look to the import."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.models.base import Base, Now, RowId
from data.models.personal import kept_plain, written

QUOTED = written("What a file is taken for, quoting some of its rows, until it is in", days=None)


class Upload(Base):
    """A file with what is to become of it. Its bytes lie under the home folder, by their checksum."""

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("state IN ('reading', 'draft', 'checking', 'checked', 'importing', 'imported')", name="state"),
        CheckConstraint("(state = 'imported') = (import_id IS NOT NULL)", name="imported"),
        Index(
            "ix_upload_at_work", "changed_at", postgresql_where=text("state IN ('reading', 'checking', 'importing')")
        ),
        Index("ix_upload_sha256", "sha256"),
    )

    id: Mapped[RowId]
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    uploader: Mapped[str] = mapped_column(info=kept_plain("Who brought a file in"))
    uploaded_at: Mapped[Now]
    state: Mapped[str] = mapped_column(String(16), server_default="reading")
    turn: Mapped[int] = mapped_column(server_default=text("1"))
    """Counts what was asked for; what is found out for an earlier turn is not wanted any more."""
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    """How often this turn was begun."""
    changed_at: Mapped[Now]
    kind: Mapped[str | None] = mapped_column(String(16))
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSONB, info=QUOTED)
    """What the file is taken for, as data.imports.previewing tells it."""
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB, info=QUOTED)
    """Why the last turn came to nothing: `code`, `message`, `detail`."""
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB, info=QUOTED)
    """Of the check; that of the import is import_run's."""
    digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of what was checked: file, kind and options."""
    ground: Mapped[int | None] = mapped_column(BigInteger)
    """ground_revision when it was checked."""
    confirmed_by: Mapped[str | None] = mapped_column(info=kept_plain("Who confirmed an import"))
    import_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("import_run.id"), unique=True)
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When its time was over and the file was deleted."""

"""Files that are brought in by the browser, from the first look to the import"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

AT_WORK = "state IN ('reading', 'checking', 'importing')"


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("uploader", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="reading", nullable=False),
        sa.Column("turn", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("options", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("proposal", postgresql.JSONB(), nullable=True),
        sa.Column("progress", postgresql.JSONB(), nullable=True),
        sa.Column("problem", postgresql.JSONB(), nullable=True),
        sa.Column("report", postgresql.JSONB(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("ground", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('reading', 'draft', 'checking', 'checked', 'importing', 'imported')",
            name=op.f("ck_upload_state"),
        ),
        sa.CheckConstraint("(state = 'imported') = (import_id IS NOT NULL)", name=op.f("ck_upload_imported")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_upload_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("import_id", name=op.f("uq_upload_import_id")),
    )
    op.create_index("ix_upload_at_work", "upload", ["changed_at"], unique=False, postgresql_where=sa.text(AT_WORK))
    op.create_index("ix_upload_sha256", "upload", ["sha256"], unique=False)


def downgrade() -> None:
    op.drop_table("upload")

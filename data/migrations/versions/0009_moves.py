"""Rules for doubles and for intake by source, and keys of moves"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SOURCES = "('grid_worker', 'hotline', 'resident', 'video', 'superior', 'system')"


def upgrade() -> None:
    op.create_table(
        "duplicate_rule",
        sa.Column("category_code", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), server_default=sa.text("current_date"), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("radius_m", sa.Float(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("radius_m > 0 AND hours > 0", name=op.f("ck_duplicate_rule_positive")),
        sa.PrimaryKeyConstraint("category_code", "valid_from", name=op.f("pk_duplicate_rule")),
    )
    op.create_table(
        "intake_rule",
        sa.Column("reported_by", sa.String(length=16), nullable=False),
        sa.Column("valid_from", sa.Date(), server_default=sa.text("current_date"), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("is_collected", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint(f"reported_by IN {SOURCES}", name=op.f("ck_intake_rule_reported_by")),
        sa.PrimaryKeyConstraint("reported_by", "valid_from", name=op.f("pk_intake_rule")),
    )
    op.create_table(
        "move_key",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("bulk_id", sa.BigInteger(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_move_key")),
    )


def downgrade() -> None:
    for table in ("move_key", "intake_rule", "duplicate_rule"):
        op.drop_table(table)

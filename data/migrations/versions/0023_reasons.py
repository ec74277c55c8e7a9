"""Reasons that are offered for moves, as dated rows"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SIGNED_IN = (
    "(SELECT CASE WHEN current_setting('wangge.office', true) NOT IN ('', 'public')"
    " OR current_setting('wangge.everything', true) = 'on' THEN 1 ELSE 0 END) <> 0"
)


def upgrade() -> None:
    op.create_table(
        "ready_reason",
        sa.Column("move", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("valid_from", sa.Date(), server_default=sa.text("current_date"), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("move IN ('return', 'ask_help', 'unmask')", name=op.f("ck_ready_reason_move")),
        sa.PrimaryKeyConstraint("move", "code", "valid_from", name=op.f("pk_ready_reason")),
    )
    op.execute("ALTER TABLE ready_reason ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY sight ON ready_reason FOR SELECT USING ({SIGNED_IN})")


def downgrade() -> None:
    op.drop_table("ready_reason")

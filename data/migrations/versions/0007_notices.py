"""How far the events have been read for notices, and which notices go out as one message"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNSENT = "state IN ('waiting', 'sending')"


def upgrade() -> None:
    op.create_table(
        "notice_cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("now", sa.String(), nullable=True),
        sa.Column("after_txid", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("after_id", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_notice_cursor_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_cursor")),
    )
    op.execute("INSERT INTO notice_cursor (id, before) VALUES (1, pg_current_snapshot()::text)")
    op.add_column("notice", sa.Column("message", sa.BigInteger(), nullable=True))
    op.add_column("notice", sa.Column("address_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_notice_address_id"), "notice", "notice_address", ["address_id"], ["id"], ondelete="SET NULL"
    )
    op.create_index(
        "ix_notice_recipient", "notice", ["recipient", "message"], unique=False, postgresql_where=sa.text(UNSENT)
    )


def downgrade() -> None:
    op.drop_index("ix_notice_recipient", table_name="notice", postgresql_where=sa.text(UNSENT))
    op.drop_constraint(op.f("fk_notice_address_id"), "notice", type_="foreignkey")
    op.drop_column("notice", "address_id")
    op.drop_column("notice", "message")
    op.drop_table("notice_cursor")

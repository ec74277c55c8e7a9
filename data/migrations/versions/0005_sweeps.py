"""What sweeps keep of a case: stages gone by, when it went up, returns before that; and how they find it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RAISABLE = "level <> 'district' AND state IN ('dispatched', 'handling')"
INDEXES = {
    "ix_case_file_running": (
        "(coalesce(time_limit, '')), stages_late, due_at",
        "state IN ('dispatched', 'handling', 'fed_back', 'verifying') AND due_at IS NOT NULL "
        "AND (overdue_at IS NULL OR overdue_at < due_at)",
    ),
    "ix_case_file_late": (
        "(coalesce(escalated_at, '-infinity'::timestamptz))",
        f"{RAISABLE} AND overdue_at >= due_at",
    ),
    "ix_case_file_returned": ("id", f"{RAISABLE} AND returns > returns_before"),
}


def upgrade() -> None:
    op.add_column("case_file", sa.Column("stages_late", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("case_file", sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("case_file", sa.Column("returns_before", sa.Integer(), server_default=sa.text("0"), nullable=False))
    for name, (columns, where) in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON case_file ({columns}) WHERE {where}")


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    for name in ("returns_before", "escalated_at", "stages_late"):
        op.drop_column("case_file", name)

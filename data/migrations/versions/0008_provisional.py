"""How due times that rest on a year without a calendar are found"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_case_file_provisional ON case_file (id) "
        "WHERE is_provisional AND state NOT IN ('closed', 'evaluated')"
    )


def downgrade() -> None:
    op.execute("DROP INDEX ix_case_file_provisional")

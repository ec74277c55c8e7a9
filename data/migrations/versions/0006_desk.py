"""What the street office's desk reads by: how much time is left, and orders of open and of closed cases"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OPEN = "state NOT IN ('closed', 'evaluated')"
DONE = "state IN ('closed', 'evaluated')"

TIME_LEFT = """
-- late: past due; soon: less is left than soon_share of the time between begin and due; stopped: the clock stands still.
CREATE FUNCTION case_time_left(state text, begun_at timestamptz, due_at timestamptz, now timestamptz, soon_share float8)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN state IN ('closed', 'evaluated') THEN 'done'
                WHEN state = 'suspended' THEN 'stopped'
                WHEN due_at IS NULL THEN 'none'
                WHEN due_at < now THEN 'late'
                WHEN due_at - now < soon_share * (due_at - begun_at) THEN 'soon'
                ELSE 'ok' END
$$
"""


def upgrade() -> None:
    op.execute(TIME_LEFT)
    op.drop_index("ix_case_file_due_open", "case_file")
    op.drop_index("ix_case_file_cell_id", "case_file")
    _index("due_open", ["due_at", "id"], OPEN)
    _index("state_open", ["state", "due_at", "id"], OPEN)
    _index("community_open", ["community_id", "due_at", "id"], OPEN)
    _index("closed", [sa.text("coalesce(closed_at, filed_at)"), "id"], DONE)
    _index("cell_id", ["cell_id", "filed_at", "id"])


def _index(name: str, columns: list[str | sa.TextClause], where: str | None = None) -> None:
    op.create_index(f"ix_case_file_{name}", "case_file", columns, postgresql_where=where and sa.text(where))


def downgrade() -> None:
    for name in ("due_open", "state_open", "community_open", "closed", "cell_id"):
        op.drop_index(f"ix_case_file_{name}", "case_file")
    _index("due_open", ["due_at"], f"due_at IS NOT NULL AND {OPEN}")
    _index("cell_id", ["cell_id"])
    op.execute("DROP FUNCTION case_time_left")

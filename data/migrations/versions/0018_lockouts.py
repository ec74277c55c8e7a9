"""What locks a name or address follows from its failures and their time"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("sign_in_count", "locked_until")


def downgrade() -> None:
    op.add_column("sign_in_count", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))

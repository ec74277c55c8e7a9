"""The photo that was stored under a key, so that the same again is answered with the same"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("move_key", sa.Column("photo_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("move_key", "photo_id")

"""The secret of a second factor is sealed at rest"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("account", "totp_secret")
    op.add_column("account", sa.Column("totp_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("account", "totp_sealed")
    op.add_column("account", sa.Column("totp_secret", sa.String(), nullable=True))

"""Who brought an imported file, and the day of the edition that it was"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_run", sa.Column("edition", sa.Date(), nullable=True))
    op.add_column("import_run", sa.Column("uploader", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("import_run", "uploader")
    op.drop_column("import_run", "edition")

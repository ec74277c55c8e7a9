"""Seals: the chain of hashes over the lines of the audit and the events of cases"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SEALS = """
CREATE TABLE audit_seal (
    number bigint CONSTRAINT pk_audit_seal PRIMARY KEY,
    source varchar(8) NOT NULL CONSTRAINT ck_audit_seal_source CHECK (source IN ('line', 'event')),
    at timestamptz NOT NULL,
    seen varchar NOT NULL,
    month date,
    rows integer NOT NULL,
    previous bytea NOT NULL,
    ids bigint[],
    marks bytea,
    hash bytea NOT NULL,
    CONSTRAINT ck_audit_seal_hashes CHECK (octet_length(previous) = 32 AND octet_length(hash) = 32)
);
CREATE INDEX ix_audit_seal_source ON audit_seal (source, number);
SELECT refuse_changes_of('audit_seal', 'audit_seal');
"""


def upgrade() -> None:
    op.execute(SEALS)


def downgrade() -> None:
    op.execute("DROP TABLE audit_seal")

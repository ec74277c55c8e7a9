"""What a phone tells of a report besides: how exact, seen when, by which worker, and the cell that he picked near a border"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

PARTS = """
CREATE OR REPLACE FUNCTION cases_taken_part_in() RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
-- The cases that the actor {held}held once, was asked to help with, or was called to.
RETURN QUERY {reported}SELECT case_id FROM case_event WHERE held_by = nullif(current_setting('wangge.actor', true), '')
UNION ALL SELECT case_id FROM case_helper WHERE helper = nullif(current_setting('wangge.actor', true), '')
UNION ALL SELECT case_id FROM whistle JOIN whistle_call ON whistle_id = whistle.id
WHERE agency_id = CASE WHEN current_setting('wangge.actor', true) ~ '^agency:[0-9]{{1,18}}$'
THEN split_part(current_setting('wangge.actor', true), ':', 2)::bigint END;
END $$
"""
REPORTED = "SELECT id FROM incident WHERE reported_by = nullif(current_setting('wangge.actor', true), '')\nUNION ALL "
LOCATED = "located IN ('inside', 'border', 'gap', {picked}'none')"
COLUMNS = {
    "accuracy_m": sa.Float(),
    "observed_at": sa.DateTime(timezone=True),
    "reported_by": sa.String(length=40),
    "picked_cell": sa.String(length=20),
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("incident", sa.Column(name, kind, nullable=True))
    where = sa.text("reported_by IS NOT NULL")
    op.create_index("ix_incident_reported_by", "incident", ["reported_by"], postgresql_where=where)
    _check(LOCATED.format(picked="'picked', "))
    op.execute(PARTS.format(held="reported, ", reported=REPORTED))


def downgrade() -> None:
    op.execute(PARTS.format(held="", reported=""))
    op.execute("UPDATE case_file SET located = 'border' WHERE located = 'picked'")
    _check(LOCATED.format(picked=""))
    op.drop_index("ix_incident_reported_by", "incident")
    for name in COLUMNS:
        op.drop_column("incident", name)


def _check(condition: str) -> None:
    op.drop_constraint(op.f("ck_case_file_located"), "case_file")
    op.create_check_constraint(op.f("ck_case_file_located"), "case_file", condition)

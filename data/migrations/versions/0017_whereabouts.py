"""Where somebody stood goes beside the ledger, which nobody changes, so that it can be taken out when its days are over"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BESIDE = """
CREATE TABLE case_whereabouts (
    case_id bigint NOT NULL,
    seq integer NOT NULL,
    at timestamptz NOT NULL,
    lon double precision NOT NULL,
    lat double precision NOT NULL,
    CONSTRAINT pk_case_whereabouts PRIMARY KEY (case_id, seq)
);
CREATE INDEX ix_case_whereabouts_at ON case_whereabouts (at);
INSERT INTO case_whereabouts (case_id, seq, at, lon, lat)
SELECT case_id, seq, at, lon, lat FROM case_event WHERE lon IS NOT NULL;
ALTER TABLE case_event DROP COLUMN lon, DROP COLUMN lat;
DROP TRIGGER case_event_only_forgets ON case_event;
DROP FUNCTION case_event_only_forgets;
"""
# What a seal of events is made of changes with their columns, so the chain begins anew.
BEGIN_ANEW = """
ALTER TABLE audit_seal DISABLE TRIGGER audit_seal_append_only;
DELETE FROM audit_seal;
ALTER TABLE audit_seal ENABLE ALWAYS TRIGGER audit_seal_append_only;
"""
REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {unless}
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
FORGETTING = """
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'case_event' AND current_setting('wangge.forgetting', true) = 'on'
       AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RETURN NULL;
    END IF;
"""
WITHIN = """
ALTER TABLE case_event ADD COLUMN lon double precision, ADD COLUMN lat double precision;
ALTER TABLE case_event DISABLE TRIGGER case_event_append_only;
UPDATE case_event SET lon = stood.lon, lat = stood.lat FROM case_whereabouts AS stood
WHERE stood.case_id = case_event.case_id AND stood.seq = case_event.seq;
ALTER TABLE case_event ENABLE ALWAYS TRIGGER case_event_append_only;
CREATE INDEX ix_case_event_whereabouts ON case_event (at) WHERE lon IS NOT NULL;
CREATE FUNCTION case_event_only_forgets() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER case_event_only_forgets BEFORE UPDATE ON case_event FOR EACH ROW EXECUTE FUNCTION case_event_only_forgets();
DROP TABLE case_whereabouts;
"""


def upgrade() -> None:
    op.execute(BESIDE)
    op.execute(BEGIN_ANEW)
    op.execute(REFUSE.format(unless=""))


def downgrade() -> None:
    op.execute(REFUSE.format(unless=FORGETTING))
    op.execute(WITHIN)
    op.execute(BEGIN_ANEW)

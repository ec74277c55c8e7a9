"""What the schema alone can't say: cells lie inside their community, case events stay, every change of ground is counted"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CELL_INSIDE_COMMUNITY = """
-- At most 1 % of a cell may lie outside its community: boundaries from two hands never agree to the millimetre.
CREATE FUNCTION cell_inside_community() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stray record;
BEGIN
    SELECT c.code, c.community_code INTO stray
    FROM changed c
    JOIN area a ON a.code = c.community_code AND a.valid_to IS NULL AND a.geom IS NOT NULL
    WHERE c.valid_to IS NULL
      AND NOT ST_CoveredBy(c.geom, a.geom)
      AND ST_Area(ST_Difference(c.geom, a.geom)) > 0.01 * ST_Area(c.geom)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'cell % does not lie inside community %', stray.code, stray.community_code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cell_inside_community';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cell_inside_community_insert AFTER INSERT ON cell
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION cell_inside_community();
CREATE TRIGGER cell_inside_community_update AFTER UPDATE ON cell
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION cell_inside_community();
"""

CASE_EVENT_APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER case_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

GROUND_REVISION = """
INSERT INTO ground_revision (id, revision) VALUES (1, 1);
CREATE FUNCTION count_ground_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ground_revision SET revision = revision + 1;
    RETURN NULL;
END $$;
"""

COUNTED = ("area", "cell", "facility", "facility_serves", "worker", "assignment", "leave")


def upgrade() -> None:
    op.execute(CELL_INSIDE_COMMUNITY)
    op.execute(CASE_EVENT_APPEND_ONLY)
    op.execute(GROUND_REVISION)
    for table in COUNTED:
        op.execute(
            f"CREATE TRIGGER {table}_counts_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION count_ground_revision()"
        )
    # The desk of last resort: a case never ends with nobody, whatever ground is loaded.
    op.execute("INSERT INTO unit (code, level) VALUES ('000000000000', 'city')")


def downgrade() -> None:
    for table in COUNTED:
        op.execute(f"DROP TRIGGER {table}_counts_revision ON {table}")
    op.execute("DROP FUNCTION count_ground_revision")
    op.execute("DELETE FROM ground_revision")
    op.execute("DELETE FROM unit WHERE code = '000000000000'")
    op.execute("DROP TRIGGER case_event_append_only ON case_event")
    op.execute("DROP FUNCTION refuse_change")
    op.execute("DROP TRIGGER cell_inside_community_insert ON cell")
    op.execute("DROP TRIGGER cell_inside_community_update ON cell")
    op.execute("DROP FUNCTION cell_inside_community")

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

CASES_REFER = """
-- What a case points to exists: one look for all rows of a statement, where foreign keys would take one per row and column.
CREATE FUNCTION case_file_refers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stray bigint;
BEGIN
    SELECT c.id INTO stray FROM changed c
    WHERE (c.cell_id IS NOT NULL AND NOT EXISTS (SELECT FROM cell WHERE cell.id = c.cell_id))
       OR (c.community_id IS NOT NULL AND NOT EXISTS (SELECT FROM area WHERE area.id = c.community_id))
       OR (c.street_id IS NOT NULL AND NOT EXISTS (SELECT FROM area WHERE area.id = c.street_id))
       OR (c.worker_id IS NOT NULL AND NOT EXISTS (SELECT FROM worker WHERE worker.id = c.worker_id))
       OR (c.desk_code IS NOT NULL AND NOT EXISTS (SELECT FROM unit WHERE unit.code = c.desk_code))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'case % points to a cell, area, worker or desk that does not exist', stray
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'case_file_refers';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_file_refers_insert AFTER INSERT ON case_file
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION case_file_refers();
CREATE TRIGGER case_file_refers_update AFTER UPDATE ON case_file
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION case_file_refers();

CREATE FUNCTION case_event_refers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stray bigint;
BEGIN
    SELECT c.case_id INTO stray FROM changed c
    WHERE NOT EXISTS (SELECT FROM case_file WHERE case_file.id = c.case_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'no case %', stray USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'case_event_refers';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER case_event_refers_insert AFTER INSERT ON case_event
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION case_event_refers();
"""

# What a case may point to, and the columns that point there: such a row is not deleted as long as a case does.
POINTED_AT = {
    "cell": ("id", ("cell_id",)),
    "area": ("id", ("community_id", "street_id")),
    "worker": ("id", ("worker_id",)),
    "unit": ("code", ("desk_code",)),
}

KEEP_POINTED_AT = """
CREATE FUNCTION {table}_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Waits for cases being written and lets none in, so that none appears between the look and the end of the deletion.
    LOCK TABLE case_file IN SHARE MODE;
    IF EXISTS (SELECT FROM gone JOIN case_file ON {condition}) THEN
        RAISE EXCEPTION 'a case points to a {table} to be deleted; give it an end of validity instead'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '{table}_is_kept';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_is_kept AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_kept();
CREATE FUNCTION {table}_is_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM case_file) THEN
        RAISE EXCEPTION 'cases point to {table}; it is not emptied' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_not_emptied();
"""

GROUND_REVISION = """
INSERT INTO ground_revision (id, revision) VALUES (1, 1);
CREATE FUNCTION count_ground_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ground_revision SET revision = revision + 1;
    RETURN NULL;
END $$;
"""

COUNTED = ("area", "cell", "facility", "facility_serves", "worker", "assignment", "leave", "parameter")


def upgrade() -> None:
    op.execute(CELL_INSIDE_COMMUNITY)
    op.execute(CASE_EVENT_APPEND_ONLY)
    op.execute(CASES_REFER)
    for table, (key, columns) in POINTED_AT.items():
        condition = " OR ".join(f"case_file.{column} = gone.{key}" for column in columns)
        op.execute(KEEP_POINTED_AT.format(table=table, condition=condition))
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
    for table in POINTED_AT:
        for name in (f"{table}_is_kept", f"{table}_is_not_emptied"):
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}")
    op.execute("DROP TRIGGER case_event_refers_insert ON case_event")
    op.execute("DROP FUNCTION case_event_refers")
    for event in ("insert", "update"):
        op.execute(f"DROP TRIGGER case_file_refers_{event} ON case_file")
    op.execute("DROP FUNCTION case_file_refers")
    op.execute("DROP TRIGGER case_event_append_only ON case_event")
    op.execute("DROP FUNCTION refuse_change")
    op.execute("DROP TRIGGER cell_inside_community_insert ON cell")
    op.execute("DROP TRIGGER cell_inside_community_update ON cell")
    op.execute("DROP FUNCTION cell_inside_community")

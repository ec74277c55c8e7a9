"""What row-level security costs: a case is looked for once and not for each of its parts, and the planner knows how cheap it is"""

from __future__ import annotations

from collections.abc import Iterator

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def setting(name: str) -> str:
    return f"nullif(current_setting('wangge.{name}', true), '')"


def ids(name: str) -> str:
    return f"(SELECT {setting(name)}::bigint[])::bigint[]"


EVERYTHING = "(SELECT current_setting('wangge.everything', true) = 'on')"
SEES_ALL = "(SELECT current_setting('wangge.everything', true) = 'on' OR NOT row_security_active('case_file'))"
"""The owner, too, comes through the view."""
REPORTED_CASE = f"""
CREATE VIEW reported_case AS
SELECT c.id, c.seq, c.state, c.outcome, c.level, c.category_code, c.filed_at, c.dispatched_at, c.held_since, c.closed_at, c.located,
       c.candidates, c.cell_id, c.community_id, c.street_id, c.worker_id, c.desk_code, c.agency_id, c.lead, c.handler, c.time_limit,
       c.due_at, c.is_provisional, c.remaining_minutes, c.asked_limit, c.hops, c.returns, c.reworks, c.parent_id,
       i.category_code AS reported_category, i.source, i.description, i.reported_at, i.reported_by, i.lon, i.lat, i.datum, i.geom
FROM case_file AS c JOIN incident AS i ON i.id = c.id
WHERE CASE WHEN {SEES_ALL} THEN 1
           WHEN c.street_id = ANY ({ids("areas")}) OR c.community_id = ANY ({ids("areas")}) THEN 1
           WHEN c.cell_id = ANY ({ids("cells")}) THEN 1
           WHEN (SELECT {setting("actor")})
                = ANY (ARRAY['worker:' || c.worker_id, 'agency:' || c.agency_id, 'desk:' || c.desk_code, c.lead, c.handler]) THEN 1
           WHEN c.id = ANY ({ids("seen")}) THEN 1
           WHEN c.id IN (SELECT cases_taken_part_in()) THEN 1 ELSE 0 END <> 0
"""  # noqa: S608
"""What the policy on cases says, once for a case and its incident, of which each would be asked by itself. No security barrier, behind
which no index could be gone along in the order of a list."""
SEES_CASE = """
-- Whether a case is in sight.
CREATE FUNCTION sees_case(key bigint) RETURNS boolean LANGUAGE plpgsql STABLE COST 10 AS $$
BEGIN
RETURN EXISTS (SELECT FROM case_file WHERE id = key);
END $$
"""
BESIDE = (
    "case_event",
    "case_photo",
    "case_helper",
    "case_follower",
    "whistle",
    "rating",
    "exclusion",
    "reporter_contact",
    "case_whereabouts",
)
"""Of which a case has few, and which are read case by case. Planning the policy of each anew would be dearer than the function."""
DONE = "state IN ('closed', 'evaluated')"
INDEXES = {
    "ix_case_file_street_id": "case_file (street_id)",
    "ix_case_file_community_id": "case_file (community_id)",
    "ix_case_file_worker_done": f"case_file (worker_id) WHERE worker_id IS NOT NULL AND {DONE}",
    "ix_case_file_desk_done": f"case_file (desk_code) WHERE desk_code IS NOT NULL AND {DONE}",
    "ix_case_file_agency_done": f"case_file (agency_id) WHERE agency_id IS NOT NULL AND {DONE}",
}
"""By which the cases of a ground, and those in somebody's hands, are found among all."""
ROWS = """
-- Cases by their ids with the names of category, places and people, in the order of the ids. Degrees, EPSG:4490; whole names.
CREATE OR REPLACE FUNCTION case_rows(ids bigint[], now timestamptz, today date) RETURNS TABLE (
    id bigint, seq integer, state varchar, outcome varchar, category varchar, category_name varchar, category_name_en varchar,
    description varchar, source varchar, filed_at timestamptz, dispatched_at timestamptz, closed_at timestamptz, due_at timestamptz,
    is_provisional boolean, time_left text, level varchar, hops integer, returns integer, reworks integer, held_since timestamptz,
    lon float8, lat float8, located varchar, parent_id bigint, worker_id bigint, desk_code varchar, agency_id bigint, lead varchar,
    cell_code varchar, cell_name varchar, community_code varchar, community_name varchar, street_code varchar, street_name varchar,
    holder_code varchar, holder_name varchar, lead_code varchar, lead_name varchar
) LANGUAGE plpgsql STABLE ROWS 50 AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT c.id, c.seq, c.state, c.outcome, coalesce(c.category_code, i.category_code) AS category,
           category.name AS category_name, category.name_en AS category_name_en, i.description, i.source,
           c.filed_at, c.dispatched_at, c.closed_at, c.due_at, c.is_provisional,
           case_time_left(c.state, coalesce(c.dispatched_at, c.filed_at), c.due_at, now, (
               SELECT value FROM parameter WHERE name = 'due_soon_share' AND daterange(valid_from, valid_to) @> today
           )::float8) AS time_left,
           c.level, c.hops, c.returns, c.reworks, coalesce(c.held_since, c.filed_at) AS held_since,
           ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, c.located, c.parent_id,
           c.worker_id, c.desk_code, c.agency_id, c.lead,
           cell.code AS cell_code, cell.name AS cell_name, community.code AS community_code, community.name AS community_name,
           street.code AS street_code, street.name AS street_name,
           coalesce(worker.code, agency.code, c.desk_code) AS holder_code, coalesce(worker.name, agency.name, desk.name) AS holder_name,
           coalesce(lead_worker.code, lead_agency.code, lead_desk.code) AS lead_code,
           coalesce(lead_worker.name, lead_agency.name, lead_desk.name) AS lead_name
    FROM unnest(ids) WITH ORDINALITY AS wanted (id, place)
    {source}
    JOIN category ON category.code = coalesce(c.category_code, i.category_code)
    LEFT JOIN cell ON cell.id = c.cell_id
    LEFT JOIN area AS community ON community.id = c.community_id
    LEFT JOIN area AS street ON street.id = c.street_id
    LEFT JOIN worker ON worker.id = c.worker_id
    LEFT JOIN agency ON agency.id = c.agency_id
    LEFT JOIN area AS desk ON desk.code = c.desk_code AND desk.valid_to IS NULL
    CROSS JOIN LATERAL (SELECT split_part(c.lead, ':', 1) AS kind, split_part(c.lead, ':', 2) AS key) AS lead
    LEFT JOIN worker AS lead_worker ON lead_worker.id = CASE lead.kind WHEN 'worker' THEN lead.key::bigint END
    LEFT JOIN agency AS lead_agency ON lead_agency.id = CASE lead.kind WHEN 'agency' THEN lead.key::bigint END
    LEFT JOIN area AS lead_desk ON lead_desk.code = CASE lead.kind WHEN 'desk' THEN lead.key END AND lead_desk.valid_to IS NULL
    ORDER BY wanted.place;
END $$
"""
APART = "JOIN case_file AS c ON c.id = wanted.id JOIN incident AS i ON i.id = c.id"
TOGETHER = (
    "JOIN reported_case AS c ON c.id = wanted.id"
    " CROSS JOIN LATERAL (SELECT c.reported_category AS category_code, c.description, c.source, c.geom) AS i"
)


def upgrade() -> None:
    op.execute("ALTER FUNCTION cases_taken_part_in() COST 1 ROWS 1")
    op.execute(REPORTED_CASE)
    op.execute(ROWS.format(source=TOGETHER))
    op.execute(SEES_CASE)
    op.execute("REVOKE EXECUTE ON FUNCTION sees_case(bigint) FROM PUBLIC")
    for policy in policies("sees_case({key})"):
        op.execute(policy)
    for name, where in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {where}")


def policies(condition: str) -> Iterator[str]:
    """Of what hangs on a case: in sight where the case is."""
    for table in BESIDE:
        told = condition.format(key=f"{table}.case_id")
        yield f"ALTER POLICY sight ON {table} USING (CASE WHEN {EVERYTHING} THEN 1 WHEN {told} THEN 1 ELSE 0 END <> 0)"


def downgrade() -> None:
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    for policy in policies("(SELECT true FROM case_file WHERE case_file.id = {key})"):
        op.execute(policy)
    op.execute("DROP FUNCTION sees_case(bigint)")
    op.execute(ROWS.format(source=APART))
    op.execute("DROP VIEW reported_case")
    op.execute("ALTER FUNCTION cases_taken_part_in() COST 100 ROWS 1000")

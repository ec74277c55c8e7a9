"""Cases with all their names, by a function: its plan is kept by the session, however its ids are found"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ROWS = """
-- Cases by their ids with the names of category, places and people, in the order of the ids. Degrees, EPSG:4490; whole names.
CREATE FUNCTION case_rows(ids bigint[], now timestamptz, today date) RETURNS TABLE (
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
    JOIN case_file AS c ON c.id = wanted.id
    JOIN incident AS i ON i.id = c.id
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


def upgrade() -> None:
    op.execute(ROWS)


def downgrade() -> None:
    op.execute("DROP FUNCTION case_rows")

-- Cases as a move sees them.
-- In:  ids, actor      Out: the members of geo.cases.Case, by id; none for a case that there is not
-- Why: nothing is locked; the number of events seen guards what is written afterwards (move_cases.sql). What was read here stays
--      in sight until the end of the transaction: by a move a case may leave the caller's hands, and he sees it once more.
WITH found AS MATERIALIZED (
    SELECT case_file.id, seq, state, outcome, case_file.level, filed_at, dispatched_at, held_since, closed_at, lead, handler, refused_by,
           time_limit, due_at, is_provisional, remaining_minutes, asked_limit, reminded_at, overdue_at, stages_late, escalated_at, hops,
           returns, returns_before, reworks,
           parent_id, case_file.category_code, coalesce(case_file.category_code, incident.category_code) AS category,
           coalesce('worker:' || worker_id, 'desk:' || desk_code, 'agency:' || agency_id) AS holder,
           community.code AS community_code, street.code AS street_code, ST_X(incident.geom) AS lon, ST_Y(incident.geom) AS lat,
           clock_timestamp() AS now, incident.reported_by IS NOT DISTINCT FROM %(actor)s AS is_reporter,
           EXISTS (SELECT FROM case_helper
                   WHERE case_id = case_file.id AND helper = %(actor)s AND reported_at IS NULL) AS is_helper,
           EXISTS (SELECT FROM whistle JOIN whistle_call ON whistle_id = whistle.id
                   WHERE case_id = case_file.id AND 'agency:' || whistle_call.agency_id = %(actor)s
                     AND reported_in_at IS NULL) AS is_called
    FROM case_file
    JOIN incident ON incident.id = case_file.id
    LEFT JOIN area AS community ON community.id = case_file.community_id
    LEFT JOIN area AS street ON street.id = case_file.street_id
    WHERE case_file.id = ANY (%(ids)s)
), kept AS MATERIALIZED (
    SELECT set_config('wangge.seen', (coalesce(nullif(current_setting('wangge.seen', true), ''), '{}')::bigint[] || array_agg(id))::text,
                      true) FROM found
)
SELECT found.* FROM found, kept ORDER BY found.id

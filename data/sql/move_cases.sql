-- Move cases: each as it will be, with its event, unless somebody was faster.
-- In:  changes (JSON array): the members of geo.cases.Case as they will be, the columns of the holder, and of the event `event`,
--      `actor`, `at`, `reason`, `from_state`, `held_by`, `held_minutes`, `stood_lon`, `stood_lat`, `detail`
-- Out: id, seq, event_id of those that were moved
-- Why: `seq` is the lock: who has seen fewer events than there are writes nothing. All columns are written because a row
--      whose number has not changed is the row that was read. One statement for one case and for a thousand. Where somebody
--      stood is kept coarse: what is not stored needs no protection.
WITH wanted AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(changes)s::jsonb) AS told (
        id bigint, seq integer, state text, outcome text, level text, category_code text, filed_at timestamptz,
        dispatched_at timestamptz, held_since timestamptz, closed_at timestamptz, worker_id bigint, desk_code text,
        agency_id bigint, lead text, handler text, refused_by text[], time_limit text, due_at timestamptz,
        is_provisional boolean, remaining_minutes float8, asked_limit text, reminded_at timestamptz, overdue_at timestamptz,
        stages_late integer, escalated_at timestamptz, hops integer, returns integer, returns_before integer, reworks integer, parent_id bigint, event text, actor text, at timestamptz, reason text,
        from_state text, held_by text, held_minutes float8, stood_lon float8, stood_lat float8, detail jsonb
    )
), coarse AS MATERIALIZED (
    SELECT max(value)::int AS decimals FROM parameter
    WHERE name = 'whereabouts_decimals' AND daterange(valid_from, valid_to) @> current_date
), moved AS (
    UPDATE case_file
    SET seq = wanted.seq, state = wanted.state, outcome = wanted.outcome, level = wanted.level,
        category_code = wanted.category_code, filed_at = wanted.filed_at, dispatched_at = wanted.dispatched_at,
        held_since = wanted.held_since, closed_at = wanted.closed_at, worker_id = wanted.worker_id,
        desk_code = wanted.desk_code, agency_id = wanted.agency_id, lead = wanted.lead, handler = wanted.handler,
        refused_by = wanted.refused_by, time_limit = wanted.time_limit, due_at = wanted.due_at,
        is_provisional = wanted.is_provisional, remaining_minutes = wanted.remaining_minutes,
        asked_limit = wanted.asked_limit, reminded_at = wanted.reminded_at, overdue_at = wanted.overdue_at,
        stages_late = wanted.stages_late, escalated_at = wanted.escalated_at, hops = wanted.hops, returns = wanted.returns,
        returns_before = wanted.returns_before, reworks = wanted.reworks, parent_id = wanted.parent_id
    FROM wanted
    WHERE case_file.id = wanted.id AND case_file.seq = wanted.seq - 1
    RETURNING case_file.id
), logged AS (
    INSERT INTO case_event (case_id, seq, at, event, from_state, to_state, actor, worker_id, desk_code, agency_id, held_by,
                            held_minutes, reason, detail)
    SELECT id, seq, at, event, from_state, state, actor, worker_id, desk_code, agency_id, held_by, held_minutes, reason,
           detail
    FROM moved JOIN wanted USING (id) ORDER BY id
    RETURNING case_id, seq, id
), stood AS (
    INSERT INTO case_whereabouts (case_id, seq, at, lon, lat)
    SELECT id, seq, at, round(stood_lon::numeric, decimals), round(stood_lat::numeric, decimals)
    FROM moved JOIN wanted USING (id) CROSS JOIN coarse
    WHERE stood_lon IS NOT NULL AND decimals IS NOT NULL
)
SELECT case_id AS id, seq, id AS event_id FROM logged ORDER BY case_id

-- Dispatch what the temporary table `decision` says, where it still waits, and write each event with its explanation.
-- In:  the temporary table decision; time_limit, due_at, is_provisional: arrays, an entry for each limit;
--      paths (JSON: by id the way of each case that comes to the district)
-- Out: how many were dispatched
-- Why: the WHERE is the lock. The place is written again: the ground may have changed since the report was told where it lies.
--      A clock that runs keeps running, and who received the case first stays answerable. A case that goes up is counted anew,
--      and has a second event that says so.
WITH clock AS (
    SELECT * FROM unnest(%(time_limit)s::text[], %(due_at)s::timestamptz[], %(is_provisional)s::boolean[])
        AS clock (time_limit, due_at, is_provisional)
), moved AS (
    UPDATE case_file
    SET state = 'dispatched', seq = case_file.seq + 1 + (case_file.level <> decision.level)::int, dispatched_at = now(), held_since = now(), worker_id = decision.worker_id,
        desk_code = decision.desk_code, agency_id = decision.agency_id, level = decision.level, rule_id = decision.rule_id,
        lead = coalesce(case_file.lead, 'worker:' || decision.worker_id, 'desk:' || decision.desk_code, 'agency:' || decision.agency_id),
        hops = case_file.hops + (case_file.lead IS NOT NULL)::int,
        time_limit = CASE WHEN case_file.due_at IS NULL THEN clock.time_limit ELSE case_file.time_limit END,
        is_provisional = CASE WHEN case_file.due_at IS NULL THEN clock.is_provisional ELSE case_file.is_provisional END,
        due_at = coalesce(case_file.due_at, clock.due_at),
        returns_before = CASE WHEN case_file.level = decision.level THEN case_file.returns_before ELSE case_file.returns END,
        escalated_at = CASE WHEN case_file.level = decision.level THEN case_file.escalated_at ELSE now() END,
        located = decision.located, candidates = decision.candidates, cell_id = decision.cell_id,
        community_id = decision.community_id, street_id = decision.street_id
    FROM decision JOIN clock ON coalesce(clock.time_limit, '') = coalesce(decision.time_limit, '')
    WHERE case_file.id = decision.case_id AND case_file.state = 'filed'
    RETURNING case_file.id, case_file.seq, case_file.escalated_at IS NOT DISTINCT FROM now() AS is_raised, decision.*
), logged AS (
    INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor, worker_id, desk_code, agency_id, explanation)
    SELECT id, seq - is_raised::int, 'dispatch', 'filed', 'dispatched', 'dispatcher', worker_id, desk_code, agency_id, explanation
    FROM moved ORDER BY position
), raised AS (
    INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor, worker_id, desk_code, agency_id, detail)
    SELECT id, seq, 'escalate', 'dispatched', 'dispatched', 'dispatcher', worker_id, desk_code, agency_id,
           jsonb_strip_nulls(jsonb_build_object('from_level', levels.name[array_position(levels.name, level) - 1], 'to_level', level,
                                                'because', 'returned', 'path', %(paths)s::jsonb -> id::text))
    FROM moved, (SELECT ARRAY['cell', 'community', 'street', 'district'] AS name) AS levels
    WHERE is_raised ORDER BY position
)
SELECT count(*) FROM moved

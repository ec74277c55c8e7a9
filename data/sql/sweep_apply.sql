-- Write what was decided of cases: their marks, their events in order, and the desk that those which go up go to.
-- In:  rows (JSON: id, seq, sign, level and desk_code or null, events with event and detail)      Out: id of each case written
-- Why: the seq that was read is the lock; a case that moved on since is left alone.
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s) AS row (id bigint, seq int, sign text, level text, desk_code text, events jsonb)
), before AS (
    SELECT c.id, c.state, coalesce('worker:' || c.worker_id, 'desk:' || c.desk_code, 'agency:' || c.agency_id) AS holder,
           extract(epoch FROM now() - coalesce(c.held_since, c.filed_at)) / 60 AS minutes
    FROM given JOIN case_file AS c ON c.id = given.id
), moved AS (
    UPDATE case_file AS c
    SET seq = c.seq + jsonb_array_length(given.events),
        overdue_at = CASE WHEN given.sign = 'overdue' THEN now() ELSE c.overdue_at END,
        stages_late = c.stages_late + (given.sign = 'stage_over')::int,
        reminded_at = CASE WHEN given.sign LIKE 'nearly_%%' THEN now() WHEN given.sign <> 'stage_over' THEN c.reminded_at END,
        escalated_at = CASE WHEN given.level IS NOT NULL THEN now() WHEN given.sign <> 'overdue' THEN c.escalated_at END,
        state = CASE WHEN given.level IS NULL THEN c.state ELSE 'dispatched' END,
        level = coalesce(given.level, c.level),
        worker_id = CASE WHEN given.level IS NULL THEN c.worker_id END,
        agency_id = CASE WHEN given.level IS NULL THEN c.agency_id END,
        desk_code = CASE WHEN given.level IS NULL THEN c.desk_code ELSE given.desk_code END,
        held_since = CASE WHEN given.level IS NULL THEN c.held_since ELSE now() END,
        lead = CASE WHEN given.level IS NULL THEN c.lead ELSE coalesce(c.lead, before.holder) END,
        hops = c.hops + (given.level IS NOT NULL AND before.holder IS DISTINCT FROM 'desk:' || given.desk_code)::int,
        returns_before = CASE WHEN given.level IS NULL THEN c.returns_before ELSE c.returns END
    FROM given JOIN before USING (id)
    WHERE c.id = given.id AND c.seq = given.seq
    RETURNING c.id, given.seq, given.desk_code, given.events, before.state, before.holder, before.minutes
), logged AS (
    INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor, desk_code, held_by, held_minutes, detail)
    SELECT moved.id, moved.seq + told.place, told.event ->> 'event', moved.state, CASE WHEN is_up THEN 'dispatched' ELSE moved.state END,
           'sweeper', CASE WHEN is_up THEN moved.desk_code END, CASE WHEN is_up THEN moved.holder END,
           CASE WHEN is_up THEN moved.minutes END, told.event -> 'detail'
    FROM moved
    CROSS JOIN LATERAL jsonb_array_elements(moved.events) WITH ORDINALITY AS told (event, place)
    CROSS JOIN LATERAL (SELECT told.event ->> 'event' = 'escalate' AS is_up) AS kind
    ORDER BY moved.id, told.place
)
SELECT id FROM moved

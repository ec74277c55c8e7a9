-- Put on record which departments did not report in in time, each with an event of its case.
-- In:  limit      Out: how many
-- Why: call and case are both locked first, without waiting, so that nobody who reports in at this moment is held up.
WITH due AS MATERIALIZED (
    SELECT call.whistle_id, call.agency_id, c.id AS case_id, c.seq, c.state
    FROM whistle_call AS call JOIN whistle ON whistle.id = call.whistle_id JOIN case_file AS c ON c.id = whistle.case_id
    WHERE call.reported_in_at IS NULL AND call.missed_at IS NULL AND call.due_at <= now()
    ORDER BY call.due_at, call.agency_id LIMIT %(limit)s FOR UPDATE OF call, c SKIP LOCKED
), missed AS (
    UPDATE whistle_call AS call SET missed_at = now() FROM due
    WHERE call.whistle_id = due.whistle_id AND call.agency_id = due.agency_id
    RETURNING due.*, call.due_at
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY case_id ORDER BY due_at, whistle_id, agency_id) AS place FROM missed
), counted AS (
    UPDATE case_file SET seq = case_file.seq + many.count
    FROM (SELECT case_id, count(*) FROM missed GROUP BY case_id) AS many WHERE case_file.id = many.case_id
), logged AS (
    INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor, detail)
    SELECT case_id, seq + place, 'miss_call', state, state, 'sweeper',
           jsonb_build_object('whistle', whistle_id, 'agency', 'agency:' || agency_id, 'due_at', due_at)
    FROM numbered ORDER BY case_id, place
)
SELECT count(*) FROM missed

-- Dispatch what the temporary table `decision` says, where it still waits, and write each event with its explanation.
-- In:  the temporary table decision      Out: how many were dispatched
-- Why: the WHERE is the lock. The place is written again: the ground may have changed since the report was told where it lies.
WITH moved AS (
    UPDATE case_file
    SET state = 'dispatched', seq = case_file.seq + 1, dispatched_at = now(), held_since = now(), worker_id = decision.worker_id, desk_code = decision.desk_code,
        located = decision.located, candidates = decision.candidates, cell_id = decision.cell_id,
        community_id = decision.community_id, street_id = decision.street_id
    FROM decision
    WHERE case_file.id = decision.case_id AND case_file.state = 'filed'
    RETURNING case_file.id, case_file.seq, decision.worker_id, decision.desk_code, decision.explanation, decision.position
), logged AS (
    INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor, worker_id, desk_code, explanation)
    SELECT id, seq, 'dispatch', 'filed', 'dispatched', 'dispatcher', worker_id, desk_code, explanation
    FROM moved ORDER BY position
)
SELECT count(*) FROM moved

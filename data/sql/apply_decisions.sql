-- Dispatch what the temporary table `decision` says, if it is still waiting, and write each event with its explanation.
-- In:  the temporary table decision      Out: how many were dispatched
-- Why: the WHERE is the lock. An incident's place is written only where it differs from what its report was told.
WITH moved AS (
    UPDATE case_file
    SET state = 'dispatched', dispatched_at = now(), cell_id = decision.cell_id,
        worker_id = decision.worker_id, desk_code = decision.desk_code
    FROM decision
    WHERE case_file.id = decision.case_id AND case_file.state = 'filed'
    RETURNING case_file.id
), relocated AS (
    UPDATE incident
    SET located = decision.located, candidates = decision.candidates::jsonb, cell_id = decision.cell_id,
        community_id = decision.community_id, street_id = decision.street_id
    FROM decision JOIN moved ON moved.id = decision.case_id
    WHERE decision.is_moved AND incident.id = decision.case_id
), logged AS (
    INSERT INTO case_event (case_id, event, from_state, to_state, actor, worker_id, desk_code, explanation)
    SELECT decision.case_id, 'dispatch', 'filed', 'dispatched', 'dispatcher', decision.worker_id, decision.desk_code,
           decision.explanation::jsonb
    FROM decision JOIN moved ON moved.id = decision.case_id
    ORDER BY decision.position
)
SELECT count(*) FROM moved

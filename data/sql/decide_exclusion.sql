-- Leave a case out of scores, unless it is left out already.
-- In:  case_id, reason, actor      Out: the decision; no row when one is in force
-- Why: the partial unique index is the lock.
INSERT INTO exclusion (case_id, reason, decided_by, decided_at) VALUES (%(case_id)s, %(reason)s, %(actor)s, clock_timestamp())
ON CONFLICT (case_id) WHERE ended_at IS NULL DO NOTHING
RETURNING id, case_id, reason, decided_by, decided_at, ended_by, ended_at

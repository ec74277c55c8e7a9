-- Let a case count in scores again.
-- In:  case_id, actor      Out: the decision that ends; no row when none was in force
UPDATE exclusion SET ended_by = %(actor)s, ended_at = clock_timestamp() WHERE case_id = %(case_id)s AND ended_at IS NULL
RETURNING id, case_id, reason, decided_by, decided_at, ended_by, ended_at

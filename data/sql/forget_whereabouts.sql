-- Delete where people stood before a moment.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT case_id, seq FROM case_whereabouts WHERE at < %(before)s::timestamptz ORDER BY at LIMIT %(limit)s
), gone AS (
    DELETE FROM case_whereabouts USING past
    WHERE case_whereabouts.case_id = past.case_id AND case_whereabouts.seq = past.seq RETURNING 1
)
SELECT count(*) FROM gone

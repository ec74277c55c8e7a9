-- Delete contacts of reporters whose cases were closed before a moment.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT case_id FROM reporter_contact JOIN case_file ON case_file.id = case_id
    WHERE state IN ('closed', 'evaluated') AND coalesce(closed_at, filed_at) < %(before)s::timestamptz
    ORDER BY case_id LIMIT %(limit)s
), gone AS (
    DELETE FROM reporter_contact WHERE case_id IN (SELECT case_id FROM past) RETURNING 1
)
SELECT count(*) FROM gone

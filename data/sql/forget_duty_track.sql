-- Delete where workers on duty were before a moment.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT ctid FROM duty_track WHERE at < %(before)s::timestamptz ORDER BY at LIMIT %(limit)s
), gone AS (
    DELETE FROM duty_track WHERE ctid = ANY (ARRAY(SELECT ctid FROM past)) RETURNING 1
)
SELECT count(*) FROM gone

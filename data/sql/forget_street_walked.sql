-- Delete which streets workers walked before a moment.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT ctid FROM street_walked WHERE day < %(before)s::timestamptz::date ORDER BY day LIMIT %(limit)s
), gone AS (
    DELETE FROM street_walked WHERE ctid = ANY (ARRAY(SELECT ctid FROM past)) RETURNING 1
)
SELECT count(*) FROM gone

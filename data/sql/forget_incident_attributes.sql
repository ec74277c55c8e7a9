-- Empty what files brought besides on incidents whose cases were closed before a moment.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT incident.id FROM case_file JOIN incident USING (id)
    WHERE state IN ('closed', 'evaluated') AND coalesce(closed_at, filed_at) < %(before)s::timestamptz AND attributes IS NOT NULL
    ORDER BY coalesce(closed_at, filed_at), id LIMIT %(limit)s
), gone AS (
    UPDATE incident SET attributes = NULL FROM past WHERE incident.id = past.id RETURNING 1
)
SELECT count(*) FROM gone

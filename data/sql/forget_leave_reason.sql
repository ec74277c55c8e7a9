-- Take out why workers were away whose leave ended before a moment.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT id FROM leave WHERE upper(during) < %(before)s::timestamptz AND reason IS NOT NULL ORDER BY id LIMIT %(limit)s
), gone AS (
    UPDATE leave SET reason = NULL FROM past WHERE leave.id = past.id RETURNING 1
)
SELECT count(*) FROM gone

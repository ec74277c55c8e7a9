-- Delete duties of workers that ended before a moment, with what is left of their tracks.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT id FROM duty WHERE ended_at < %(before)s::timestamptz OR ended_at IS NULL AND began_at < %(before)s::timestamptz - interval '1 day'
    ORDER BY id LIMIT %(limit)s
), gone AS (
    DELETE FROM duty USING past WHERE duty.id = past.id RETURNING 1
)
SELECT count(*) FROM gone

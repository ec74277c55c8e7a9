-- Empty the reasons of moves of many cases before a moment.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT id FROM bulk_move WHERE moved_at < %(before)s::timestamptz AND reason IS NOT NULL ORDER BY id LIMIT %(limit)s
), gone AS (
    UPDATE bulk_move SET reason = NULL FROM past WHERE bulk_move.id = past.id RETURNING 1
)
SELECT count(*) FROM gone

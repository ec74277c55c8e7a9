-- Delete elements that were taken off the list before a moment.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT id FROM element WHERE ended_at < %(before)s::timestamptz ORDER BY id LIMIT %(limit)s
), gone AS (
    DELETE FROM element USING past WHERE element.id = past.id RETURNING 1
)
SELECT count(*) FROM gone

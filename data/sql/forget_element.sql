-- Delete elements of cells that nobody has confirmed since a moment.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT id FROM element WHERE confirmed_at < %(before)s::timestamptz ORDER BY id LIMIT %(limit)s
), gone AS (
    DELETE FROM element USING past WHERE element.id = past.id RETURNING 1
)
SELECT count(*) FROM gone

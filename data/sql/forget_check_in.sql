-- Delete who visited places before a moment; when a place was visited last stays with it.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT id FROM check_in WHERE at < %(before)s::timestamptz ORDER BY at LIMIT %(limit)s
), gone AS (
    DELETE FROM check_in USING past WHERE check_in.id = past.id RETURNING 1
)
SELECT count(*) FROM gone

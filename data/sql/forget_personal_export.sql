-- Delete what is on record of exports asked for before a moment; the audit keeps its own lines.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT id FROM personal_export WHERE asked_at < %(before)s::timestamptz ORDER BY id LIMIT %(limit)s
), gone AS (
    DELETE FROM personal_export USING past WHERE personal_export.id = past.id RETURNING 1
)
SELECT count(*) FROM gone

-- Delete addresses of notices that were taken out of use before a moment.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT id FROM notice_address WHERE NOT is_active AND ended_at < %(before)s::timestamptz ORDER BY id LIMIT %(limit)s
), gone AS (
    DELETE FROM notice_address USING past WHERE notice_address.id = past.id RETURNING 1
)
SELECT count(*) FROM gone

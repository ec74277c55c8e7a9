-- Delete sessions that ended before a moment.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT id FROM account_session
    WHERE coalesce(ended_at, expires_at) < %(before)s::timestamptz ORDER BY id LIMIT %(limit)s
), gone AS (
    DELETE FROM account_session USING past WHERE account_session.id = past.id RETURNING 1
)
SELECT count(*) FROM gone

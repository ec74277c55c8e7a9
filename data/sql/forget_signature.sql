-- Take out who signed for departments that reported in before a moment.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT whistle_id, agency_id FROM whistle_call
    WHERE reported_in_at < %(before)s::timestamptz AND signature IS NOT NULL ORDER BY 1, 2 LIMIT %(limit)s
), gone AS (
    UPDATE whistle_call SET signature = NULL, signature_sealed = NULL, signature_digests = NULL FROM past
    WHERE whistle_call.whistle_id = past.whistle_id AND whistle_call.agency_id = past.agency_id RETURNING 1
)
SELECT count(*) FROM gone

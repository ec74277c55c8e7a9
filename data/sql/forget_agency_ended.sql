-- Take out the telephone of agencies that ended before a moment.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT id FROM agency WHERE valid_to < %(before)s::timestamptz AND phone IS NOT NULL ORDER BY id LIMIT %(limit)s
), gone AS (
    UPDATE agency SET phone = NULL, phone_sealed = NULL, phone_digests = NULL FROM past WHERE agency.id = past.id RETURNING 1
)
SELECT count(*) FROM gone

-- Make workers nameless who are out of service and whose last assignment ended before a moment; their number stays.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT id FROM worker
    WHERE NOT is_active AND (name <> '' OR phone IS NOT NULL)
      AND (SELECT max(coalesce(upper(during), 'infinity')) FROM assignment WHERE worker_id = worker.id) < %(before)s::timestamptz
    ORDER BY id LIMIT %(limit)s
), gone AS (
    UPDATE worker SET name = '', name_sealed = NULL, name_digests = NULL, phone = NULL, phone_sealed = NULL, phone_digests = NULL
    FROM past WHERE worker.id = past.id RETURNING 1
)
SELECT count(*) FROM gone

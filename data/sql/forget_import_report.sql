-- Empty what reports of imports before a moment quote of the files; their figures stay.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT id FROM import_run
    WHERE finished_at < %(before)s::timestamptz
      AND (report -> 'first_rejects' <> '[]' OR report -> 'findings' <> '[]' OR report -> 'repairs' <> '[]')
    ORDER BY id LIMIT %(limit)s
), gone AS (
    UPDATE import_run SET report = report || '{"first_rejects": [], "findings": [], "repairs": []}' FROM past
    WHERE import_run.id = past.id RETURNING 1
)
SELECT count(*) FROM gone

-- What went in, newest first, by the browser or by command.
-- In:  before (id), limit      Out: the run, its figures, and its upload where the file came by the browser
SELECT import_run.id, import_run.kind, import_run.file_name, import_run.sha256, started_at, finished_at, edition, import_run.uploader,
    (import_run.report->>'read')::int AS read, (import_run.report->>'stored')::int AS stored,
    (import_run.report->>'updated')::int AS updated, (import_run.report->>'unchanged')::int AS unchanged,
    (import_run.report->>'rejected')::int AS rejected, coalesce((import_run.report->>'warned')::int, 0) AS warned,
    upload.id AS upload_id, upload.id IS NOT NULL AND removed_at IS NULL AS is_kept
FROM import_run LEFT JOIN upload ON upload.import_id = import_run.id
WHERE import_run.id < %(before)s ORDER BY import_run.id DESC LIMIT %(limit)s

-- Forget an upload that is not in. An import at work finds it gone before its end, and is rolled back.
-- In:  id      Out: its sha256, and whether another upload has the same content; no row when it is in, or never was
WITH gone AS (
    DELETE FROM upload WHERE id = %(id)s AND state <> 'imported' RETURNING id, sha256
)
SELECT sha256, EXISTS (SELECT FROM upload WHERE upload.sha256 = gone.sha256 AND upload.id <> gone.id) AS is_shared FROM gone

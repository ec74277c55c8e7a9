-- Out: what waits for somebody or is at work, newest first
SELECT id, file_name, sha256, size_bytes, uploader, uploaded_at, state, kind, problem IS NOT NULL AS is_refused
FROM upload WHERE state <> 'imported' ORDER BY id DESC LIMIT 100

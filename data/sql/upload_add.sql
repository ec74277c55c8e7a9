-- Put a file that has come in down to be looked at, and wake the importer.
-- In:  file_name, sha256, size_bytes, uploader      Out: id
WITH added AS (
    INSERT INTO upload (file_name, sha256, size_bytes, uploader)
    VALUES (%(file_name)s, %(sha256)s, %(size_bytes)s, %(uploader)s)
    RETURNING id
)
SELECT id, pg_notify('uploads', '') FROM added

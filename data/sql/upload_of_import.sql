-- In:  import_id      Out: name and checksum of its file, while it is kept
SELECT id, file_name, sha256 FROM upload WHERE import_id = %(import_id)s AND removed_at IS NULL

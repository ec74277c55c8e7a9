-- In:  sha256      Out: a row if any upload still has its file
SELECT id FROM upload WHERE sha256 = %(sha256)s AND removed_at IS NULL LIMIT 1

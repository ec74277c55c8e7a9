-- Files that were imported longer ago than they are kept. Checksum and report stay.
-- In:  days      Out: their ids
UPDATE upload SET removed_at = now()
WHERE state = 'imported' AND removed_at IS NULL AND changed_at < now() - make_interval(days => %(days)s)
RETURNING id

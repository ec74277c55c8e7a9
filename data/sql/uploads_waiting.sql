-- Out: ids of what is to be done, what was asked for first coming first
SELECT id FROM upload WHERE state IN ('reading', 'checking', 'importing') ORDER BY changed_at, id LIMIT 100

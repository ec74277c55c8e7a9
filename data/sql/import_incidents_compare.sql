-- Which incidents on their way in are new, and which were imported before.
-- In:  temporary table incoming (line, idempotency_key, content_digest, …)
-- Out: incoming.change: stored, unchanged, or rewritten (the same key with another content); new ones have their id in old_id
-- Why: what was reported here comes back from an export under its number; the same number elsewhere has another content.
--      Ids are drawn here so that incident, case and event go in with one sequential pass each, oldest report first.
UPDATE incoming i SET change = CASE WHEN k.content_digest = i.content_digest THEN 'unchanged' ELSE 'rewritten' END
FROM incident k
WHERE k.idempotency_key = i.idempotency_key;

UPDATE incoming i SET change = 'unchanged'
FROM incident k
WHERE i.change IS NULL AND k.id = substring(i.idempotency_key FROM '^import:reported-([0-9]{1,18})-')::bigint
  AND coalesce(k.idempotency_key, '') NOT LIKE 'import:%' AND (k.content_digest IS NULL OR k.content_digest = i.content_digest)
  AND date_trunc('second', k.reported_at) = date_trunc('second', i.reported_at);

UPDATE incoming i SET change = 'stored', old_id = drawn.id
FROM (
    SELECT line, nextval(pg_get_serial_sequence('incident', 'id')) AS id
    FROM (SELECT line FROM incoming WHERE change IS NULL ORDER BY reported_at, line) AS waiting
) AS drawn
WHERE i.line = drawn.line;

-- Add what one web process counted to what all count, and give the sums.
-- In:  keys (sorted), since, ends, calls: arrays of the same length.     Out: key, since, ends, calls of each.
-- Why: sorted keys are locked in the same order by all, so that two processes never wait for each other in a ring.
--      Of a window that is over for others already, the newer one stays.
WITH gone AS (
    DELETE FROM request_count WHERE key IN (
        SELECT key FROM request_count WHERE ends < extract(epoch FROM now()) - 60 AND key <> ALL (%(keys)s::bytea[])
        ORDER BY key LIMIT 1000 FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO request_count AS kept (key, since, ends, calls)
SELECT key, since, ends, calls
FROM unnest(%(keys)s::bytea[], %(since)s::bigint[], %(ends)s::bigint[], %(calls)s::bigint[]) AS told (key, since, ends, calls)
ORDER BY key
ON CONFLICT (key) DO UPDATE SET
    calls = CASE WHEN kept.since = excluded.since THEN kept.calls ELSE 0 END + excluded.calls,
    since = excluded.since,
    ends = excluded.ends
WHERE kept.since <= excluded.since
RETURNING key, since, ends, calls

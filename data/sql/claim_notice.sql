-- The next notice that is due, locked, and with it all that goes out with it: what waits for the same person, or what went with it
-- in the message that failed.
-- In:  limit      Out: id, recipient, message, attempts, created_at, in the order of their ids
-- Why: of a message that failed only the first notice is taken as the next, so that two senders never split it.
WITH next AS (
    SELECT recipient, message FROM notice
    WHERE state IN ('waiting', 'sending') AND not_before <= now() AND (message IS NULL OR message = id)
    ORDER BY not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
SELECT notice.id, notice.recipient, notice.message, notice.attempts, notice.created_at
FROM next JOIN notice ON notice.recipient = next.recipient AND notice.message IS NOT DISTINCT FROM next.message
WHERE notice.state IN ('waiting', 'sending')
ORDER BY notice.id LIMIT %(limit)s FOR UPDATE OF notice SKIP LOCKED

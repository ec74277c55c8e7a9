-- In:  key      Out: one row: id, case_id, source, note, followed_at
SELECT id, case_id, source, note, followed_at FROM case_follower WHERE idempotency_key = %(key)s

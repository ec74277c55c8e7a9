-- In:  id      Out: one row: id, event, actor, reason, moved_at, results, undone_at
SELECT id, event, actor, reason, moved_at, results, undone_at FROM bulk_move WHERE id = %(id)s

-- In:  id, turn, report (jsonb), digest, ground
UPDATE upload SET state = 'checked', changed_at = now(), progress = NULL, report = %(report)s, digest = %(digest)s, ground = %(ground)s
WHERE id = %(id)s AND turn = %(turn)s

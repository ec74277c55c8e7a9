-- In:  id, turn, problem (jsonb)
UPDATE upload SET state = 'draft', changed_at = now(), progress = NULL, problem = %(problem)s, report = NULL, digest = NULL, ground = NULL
WHERE id = %(id)s AND turn = %(turn)s

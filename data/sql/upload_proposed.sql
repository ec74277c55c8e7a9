-- In:  id, turn, kind, proposal (jsonb)
UPDATE upload SET state = 'draft', changed_at = now(), progress = NULL, kind = %(kind)s, proposal = %(proposal)s
WHERE id = %(id)s AND turn = %(turn)s

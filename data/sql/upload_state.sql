-- In:  id      Out: how far it is
SELECT id, state, turn, progress, import_id FROM upload WHERE id = %(id)s

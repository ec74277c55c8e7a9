-- The last statement of an import, in its own transaction: either both are there or neither.
-- In:  id, turn, import_id      Out: no row when somebody cancelled it meanwhile
UPDATE upload SET state = 'imported', changed_at = now(), progress = NULL, report = NULL, proposal = NULL, import_id = %(import_id)s
WHERE id = %(id)s AND turn = %(turn)s
RETURNING id

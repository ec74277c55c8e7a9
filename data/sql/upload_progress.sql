-- In:  id, turn, progress (jsonb)      Out: no row when this turn is not wanted any more
UPDATE upload SET progress = %(progress)s WHERE id = %(id)s AND turn = %(turn)s RETURNING id

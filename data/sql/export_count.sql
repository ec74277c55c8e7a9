-- In:  id, rows      Out: nothing
UPDATE personal_export SET rows = %(rows)s WHERE id = %(id)s

-- In:  id      Out: one row: id, width, height; none when the photo is gone
SELECT id, width, height FROM case_photo WHERE id = %(id)s

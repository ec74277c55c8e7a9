-- In:  id      Out: one row: case_id, sha256
SELECT case_id, sha256 FROM case_photo WHERE id = %(id)s

-- In:  id (of the case), sha256, width, height, size_bytes, taken_by      Out: one row: id
INSERT INTO case_photo (case_id, sha256, width, height, size_bytes, taken_by)
VALUES (%(id)s, %(sha256)s, %(width)s, %(height)s, %(size_bytes)s, %(taken_by)s)
RETURNING id

-- A photo, and its case, wherever it lies.
-- In:  id      Out: one row: case_id (null: no such photo), sha256 (null: out of sight)
SELECT case_of_photo(%(id)s) AS case_id, (SELECT sha256 FROM case_photo WHERE id = %(id)s) AS sha256

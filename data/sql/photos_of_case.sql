-- Which of these photos belong to the case.
-- In:  id, photos      Out: id
SELECT id FROM case_photo WHERE case_id = %(id)s AND id = ANY (%(photos)s)

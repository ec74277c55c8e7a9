-- In:  id, cells (codes)      Out: one row: title, note, name_sealed, phone_sealed, home_sealed; none for one that is not in the cells
SELECT title, note, name_sealed, phone_sealed, home_sealed FROM element
WHERE id = %(id)s AND cell_code = ANY (%(cells)s::text[]) AND ended_at IS NULL

-- In:  id (of a worker)      Out: one row: community_code, name_sealed, phone_sealed; none for an unknown one
SELECT community_code, name_sealed, phone_sealed FROM worker WHERE id = %(id)s

-- In:  key      Out: one row: digest, bulk_id, photo_id
SELECT digest, bulk_id, photo_id FROM move_key WHERE key = %(key)s

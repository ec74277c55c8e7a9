-- In:  key, bulk_id
UPDATE move_key SET bulk_id = %(bulk_id)s WHERE key = %(key)s

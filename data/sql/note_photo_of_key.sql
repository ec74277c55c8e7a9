-- In:  key, photo_id
UPDATE move_key SET photo_id = %(photo_id)s WHERE key = %(key)s

-- Elements of some cells, masked, in order of their numbers.
-- In:  cells (codes), id (null: any), key (null: any), kind (null: all), text (LIKE pattern, null: all), names, phones (digests of what
--      is looked for), after (the last number of the page before), limit
-- Out: id, kind, cell_code, title, label, name, phone, home, note, lon, lat, seq, changed_at, confirmed_at
SELECT id, kind, cell_code, title, label, name, phone, home, note, ST_X(geom) AS lon, ST_Y(geom) AS lat, seq, changed_at, confirmed_at
FROM element
WHERE cell_code = ANY (%(cells)s::text[]) AND ended_at IS NULL AND id > %(after)s
  AND (%(id)s::bigint IS NULL OR id = %(id)s)
  AND (%(key)s::text IS NULL OR idempotency_key = %(key)s)
  AND (%(kind)s::text IS NULL OR kind = %(kind)s)
  AND (%(text)s::text IS NULL OR title LIKE %(text)s OR label LIKE %(text)s OR note LIKE %(text)s
       OR name_digests && %(names)s::bytea[] OR phone_digests && %(phones)s::bytea[])
ORDER BY id LIMIT %(limit)s

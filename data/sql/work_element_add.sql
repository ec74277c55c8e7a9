-- Put an element on the list of a cell.
-- In:  kind, cell, title, label, note, x, y (EPSG:4490; null: unknown), actor, key, and name, phone, home in their three forms
-- Out: one row: id; none when the key is taken
INSERT INTO element (kind, cell_code, title, label, note, geom, changed_by, idempotency_key,
                     name, name_sealed, name_digests, phone, phone_sealed, phone_digests, home, home_sealed, home_digests)
VALUES (%(kind)s, %(cell)s, %(title)s, %(label)s, %(note)s, ST_SetSRID(ST_MakePoint(%(x)s::float8, %(y)s::float8), 4490), %(actor)s, %(key)s,
        %(name)s, %(name_sealed)s, %(name_digests)s::bytea[], %(phone)s, %(phone_sealed)s, %(phone_digests)s::bytea[],
        %(home)s, %(home_sealed)s, %(home_digests)s::bytea[])
ON CONFLICT (idempotency_key) DO NOTHING
RETURNING id

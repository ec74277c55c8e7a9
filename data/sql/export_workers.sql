-- Grid workers and the cells that they look after, to take away.
-- In:  moment (at which assignments hold); prefix, kind (null: all)
-- Out: the fields that `wangge import workers` reads, of name and phone the masked form and the sealed whole
SELECT code, name, name_sealed, phone, phone_sealed, kind, community_code, is_active,
       (SELECT string_agg(a.cell_code || ':' || a.role, ';' ORDER BY a.cell_code, a.role)
        FROM assignment a WHERE a.worker_id = w.id AND a.during @> %(moment)s::timestamptz) AS cells
FROM worker w
WHERE (%(prefix)s::text IS NULL OR starts_with(community_code, %(prefix)s))
  AND (%(kind)s::text IS NULL OR kind = %(kind)s)
ORDER BY code

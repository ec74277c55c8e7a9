-- Store the workers that are new or changed, and what they look after from now on.
-- In:  temporary table incoming as import_workers_compare.sql leaves it
-- Out: rows of worker, amended in place; an assignment that the file no longer names ends now, a new one begins now
-- Why: who looked after a cell until now stays on record. One that never held is taken out instead.
UPDATE worker w SET
    name = i.name, name_sealed = i.name_sealed, name_digests = i.name_digests,
    phone = i.phone, phone_sealed = i.phone_sealed, phone_digests = i.phone_digests,
    kind = i.kind, community_code = i.community_code, is_active = i.is_active
FROM incoming i
WHERE i.change = 'updated' AND w.id = i.old_id;

INSERT INTO worker (code, name, name_sealed, name_digests, phone, phone_sealed, phone_digests, kind, community_code, is_active)
SELECT code, name, name_sealed, name_digests, phone, phone_sealed, phone_digests, coalesce(kind, 'full_time'), community_code, coalesce(is_active, true)
FROM incoming
WHERE change = 'stored'
ORDER BY line;

DELETE FROM assignment a
USING worker w, incoming i
WHERE w.id = a.worker_id AND i.code = w.code AND i.change = 'updated' AND lower(a.during) >= now()
  AND i.cells IS NOT NULL AND i.cells ->> a.cell_code IS DISTINCT FROM a.role;

UPDATE assignment a SET during = tstzrange(lower(a.during), now())
FROM worker w, incoming i
WHERE w.id = a.worker_id AND i.code = w.code AND i.change = 'updated' AND upper_inf(a.during)
  AND i.cells IS NOT NULL AND i.cells ->> a.cell_code IS DISTINCT FROM a.role;

INSERT INTO assignment (cell_code, worker_id, role)
SELECT told.key, w.id, told.value
FROM incoming i
JOIN worker w ON w.code = i.code
CROSS JOIN LATERAL jsonb_each_text(i.cells) AS told
WHERE i.change <> 'unchanged'
  AND NOT EXISTS (
      SELECT FROM assignment a
      WHERE a.worker_id = w.id AND a.cell_code = told.key AND a.role = told.value AND upper_inf(a.during)
  );

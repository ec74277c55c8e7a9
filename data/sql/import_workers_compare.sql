-- Compare workers on their way in with what is known, and say of each whether it is new, changed or the same.
-- In:  temporary table incoming (line, code, name, phone, kind, community_code, is_active, cells (object: cell → role))
-- Out: incoming.old_id and incoming.change (stored, updated, unchanged)
-- Why: an empty field never erases what is known; the list of cells is compared and replaced as a whole.
UPDATE incoming i SET
    old_id = w.id,
    phone = coalesce(i.phone, w.phone),
    kind = coalesce(i.kind, w.kind),
    is_active = coalesce(i.is_active, w.is_active)
FROM worker w
WHERE w.code = i.code;

UPDATE incoming i SET change = CASE
    WHEN i.old_id IS NULL THEN 'stored'
    WHEN EXISTS (
        SELECT FROM worker w
        WHERE w.id = i.old_id
          AND (i.name, i.phone, i.kind, i.community_code, i.is_active)
              IS NOT DISTINCT FROM (w.name, w.phone, w.kind, w.community_code, w.is_active)
    ) AND (i.cells IS NULL OR i.cells IS NOT DISTINCT FROM (
        SELECT jsonb_object_agg(a.cell_code, a.role) FROM assignment a WHERE a.worker_id = i.old_id AND upper_inf(a.during)
    )) THEN 'unchanged'
    ELSE 'updated' END;

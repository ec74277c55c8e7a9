-- Compare workers on their way in with what is known, and say of each whether it is new, changed or the same.
-- In:  temporary table incoming (line, code, name and phone masked, sealed, with their digests and what is compared (wanted), kind,
--      community_code, is_active, cells (object: cell → role))
-- Out: incoming.old_id and incoming.change (stored, updated, unchanged)
-- Why: an empty field never erases what is known; the list of cells is compared and replaced as a whole. Sealed texts differ
--      each time they are sealed, so digests are compared: the first one is of the whole text.
UPDATE incoming i SET
    old_id = w.id,
    phone = coalesce(i.phone, w.phone),
    phone_sealed = CASE WHEN i.phone IS NULL THEN w.phone_sealed ELSE i.phone_sealed END,
    phone_digests = CASE WHEN i.phone IS NULL THEN w.phone_digests ELSE i.phone_digests END,
    kind = coalesce(i.kind, w.kind),
    is_active = coalesce(i.is_active, w.is_active)
FROM worker w
WHERE w.code = i.code;

UPDATE incoming i SET change = CASE
    WHEN i.old_id IS NULL THEN 'stored'
    WHEN EXISTS (
        SELECT FROM worker w
        WHERE w.id = i.old_id
          AND w.name_digests[1] = ANY(i.name_wanted)
          AND (i.phone_wanted IS NULL OR w.phone_digests[1] = ANY(i.phone_wanted))
          AND (i.kind, i.community_code, i.is_active) IS NOT DISTINCT FROM (w.kind, w.community_code, w.is_active)
    ) AND (i.cells IS NULL OR i.cells IS NOT DISTINCT FROM (
        SELECT jsonb_object_agg(a.cell_code, a.role) FROM assignment a WHERE a.worker_id = i.old_id AND upper_inf(a.during)
    )) THEN 'unchanged'
    ELSE 'updated' END;

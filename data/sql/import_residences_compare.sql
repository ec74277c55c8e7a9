-- Compare residences on their way in with what is known, and say of each whether it is new, changed or the same.
-- In:  temporary table incoming (line, external_id, address, households, residents, source, file_name, geom)
-- Out: incoming.old_id and incoming.change (stored, updated, unchanged)
-- Why: an empty field never erases what is known.
UPDATE incoming i SET
    old_id = r.id,
    address = coalesce(i.address, r.address),
    residents = coalesce(i.residents, r.residents),
    source = coalesce(i.source, r.source)
FROM residence r
WHERE r.external_id = i.external_id;

UPDATE incoming i SET change = CASE
    WHEN i.old_id IS NULL THEN 'stored'
    WHEN EXISTS (
        SELECT FROM residence r
        WHERE r.id = i.old_id
          AND (i.address, i.households, i.residents, i.source, i.geom)
              IS NOT DISTINCT FROM (r.address, r.households, r.residents, r.source, r.geom)
    ) THEN 'unchanged'
    ELSE 'updated' END;

-- Compare streets on their way in with what is known, and say of each whether it is new, changed or the same.
-- In:  temporary tables incoming_node (id, geom) and incoming (line, external_id, source_id, target_id, kind, name, length_m,
--      is_oneway, is_walkable, geom)
-- Out: incoming.old_id and incoming.change (stored, updated, unchanged); the same for incoming_node
-- Why: the source's own ids say what is the same street.
UPDATE incoming_node i SET change = CASE
    WHEN n.id IS NULL THEN 'stored' WHEN n.geom IS DISTINCT FROM i.geom THEN 'updated' ELSE 'unchanged' END
FROM incoming_node given
LEFT JOIN street_node n ON n.id = given.id
WHERE i.id = given.id;

UPDATE incoming i SET old_id = e.id, name = coalesce(i.name, e.name)
FROM street_edge e
WHERE e.external_id = i.external_id;

UPDATE incoming i SET change = CASE
    WHEN i.old_id IS NULL THEN 'stored'
    WHEN EXISTS (
        SELECT FROM street_edge e
        WHERE e.id = i.old_id
          AND (i.source_id, i.target_id, i.kind, i.name, i.length_m, i.is_oneway, i.is_walkable, i.geom) IS NOT DISTINCT FROM
              (e.source_id, e.target_id, e.kind, e.name, e.length_m, e.is_oneway, e.is_walkable, e.geom)
    ) THEN 'unchanged'
    ELSE 'updated' END;

-- In what a cell of an edition differs from the version before.
-- In:  temporary table incoming after import_cells_compare.sql; metres are measured in {zone}
-- Out: incoming.renamed, reshaped_m2 (what only one of the boundaries encloses), of_m2 (what the old one enclosed) and amended
UPDATE incoming i SET
    renamed = i.name IS DISTINCT FROM c.name,
    reshaped_m2 = CASE WHEN i.geom IS DISTINCT FROM c.geom THEN ST_Area(ST_SymDifference(ST_Transform(i.geom, {zone}), ST_Transform(c.geom, {zone}))) END,
    of_m2 = CASE WHEN i.geom IS DISTINCT FROM c.geom THEN ST_Area(ST_Transform(c.geom, {zone})) END,
    amended = (i.kind, i.households, i.residents, i.source) IS DISTINCT FROM (c.kind, c.households, c.residents, c.source)
FROM cell c
WHERE i.change = 'updated' AND c.id = i.old_id

-- Store the cells that are new or changed.
-- In:  temporary table incoming as import_cells_compare.sql leaves it
-- Out: a changed version of today is amended; one of an earlier day is closed today and followed by a new one
-- Why: run only when something changed, because statements that touch no row count as a change of ground too.
UPDATE cell c SET
    name = i.name, kind = i.kind, households = i.households, residents = i.residents, source = i.source, geom = i.geom
FROM incoming i
WHERE i.change = 'updated' AND c.id = i.old_id AND c.valid_from >= current_date;

UPDATE cell c SET valid_to = current_date
FROM incoming i
WHERE i.change = 'updated' AND c.id = i.old_id AND c.valid_from < current_date;

INSERT INTO cell (code, community_code, name, kind, households, residents, source, geom, valid_from)
SELECT i.code, i.community_code, i.name, i.kind, i.households, i.residents, i.source, i.geom,
       greatest(current_date, (SELECT max(valid_to) FROM cell c WHERE c.code = i.code))
FROM incoming i
WHERE i.change = 'stored'
   OR i.change = 'updated' AND NOT EXISTS (SELECT FROM cell c WHERE c.code = i.code AND c.valid_to IS NULL)
ORDER BY i.line;

-- Store the residences that are new or changed.
-- In:  temporary table incoming as import_residences_compare.sql leaves it
-- Out: rows of residence, amended in place: homes have no versions
-- Why: run only when something changed.
UPDATE residence r SET
    address = i.address, households = i.households, residents = i.residents, source = i.source, geom = i.geom
FROM incoming i
WHERE i.change = 'updated' AND r.id = i.old_id;

INSERT INTO residence (external_id, address, households, residents, source, geom)
SELECT external_id, address, households, residents, coalesce(source, file_name), geom
FROM incoming
WHERE change = 'stored'
ORDER BY line;

-- Store the facilities that are new or changed, and whom they serve.
-- In:  temporary table incoming as import_facilities_compare.sql leaves it
-- Out: a changed version of today is amended; one of an earlier day is closed today and followed by a new one
-- Why: run only when something changed, because statements that touch no row count as a change of ground too.
UPDATE facility f SET
    name = i.name, level = i.level, floor_area_m2 = i.floor_area_m2, staff = i.staff, address = i.address, source = i.source,
    attributes = i.attributes, geom = i.geom
FROM incoming i
WHERE i.change = 'updated' AND f.id = i.old_id AND f.valid_from >= current_date;

UPDATE facility f SET valid_to = current_date
FROM incoming i
WHERE i.change = 'updated' AND f.id = i.old_id AND f.valid_from < current_date;

INSERT INTO facility (code, name, level, floor_area_m2, staff, address, source, attributes, geom, valid_from)
SELECT i.code, i.name, i.level, i.floor_area_m2, i.staff, i.address, i.source, i.attributes, i.geom,
       greatest(current_date, (SELECT max(valid_to) FROM facility f WHERE f.code = i.code))
FROM incoming i
WHERE i.change = 'stored'
   OR i.change = 'updated' AND NOT EXISTS (SELECT FROM facility f WHERE f.code = i.code AND f.valid_to IS NULL)
ORDER BY i.line;

DELETE FROM facility_serves s
USING incoming i, facility f
WHERE i.change = 'updated' AND f.code = i.code AND f.valid_to IS NULL AND s.facility_id = f.id;

INSERT INTO facility_serves (facility_id, community_code, share)
SELECT f.id, served.key, served.value::float8
FROM incoming i
JOIN facility f ON f.code = i.code AND f.valid_to IS NULL
CROSS JOIN LATERAL jsonb_each_text(i.serves) AS served
WHERE i.change <> 'unchanged';

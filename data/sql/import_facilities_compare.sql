-- Compare facilities on their way in with what is known: complete them, and say whether each is new, changed or the same.
-- In:  {day}; temporary table incoming (line, code, name, level, floor_area_m2, staff, address, source, file_name, attributes,
--      serves (object: community code → share or null; null: not told), geom)
-- Out: incoming.old_id (the version that holds on that day) and incoming.change (stored, updated, unchanged)
-- Why: an empty field never erases what is known; whom a facility serves is compared and replaced as a whole.
UPDATE incoming i SET
    old_id = f.id,
    name = coalesce(i.name, f.name),
    level = coalesce(i.level, f.level),
    floor_area_m2 = coalesce(i.floor_area_m2, f.floor_area_m2),
    staff = coalesce(i.staff, f.staff),
    address = coalesce(i.address, f.address),
    source = coalesce(i.source, f.source),
    attributes = f.attributes || i.attributes,
    serves = coalesce(i.serves, (SELECT jsonb_object_agg(s.community_code, s.share) FROM facility_serves s WHERE s.facility_id = f.id)),
    geom = coalesce(i.geom, f.geom)
FROM facility f
WHERE f.code = i.code AND f.valid_from <= {day} AND (f.valid_to IS NULL OR f.valid_to > {day});

UPDATE incoming SET name = coalesce(name, code), level = coalesce(level, 'station'), source = coalesce(source, file_name)
WHERE old_id IS NULL;

UPDATE incoming SET change = 'stored';

UPDATE incoming i SET change = CASE
    WHEN (i.name, i.level, i.floor_area_m2, i.staff, i.address, i.source, i.attributes, i.geom)
         IS DISTINCT FROM (f.name, f.level, f.floor_area_m2, f.staff, f.address, f.source, f.attributes, f.geom)
      OR i.serves IS DISTINCT FROM
         (SELECT jsonb_object_agg(s.community_code, s.share) FROM facility_serves s WHERE s.facility_id = f.id)
    THEN 'updated' ELSE 'unchanged' END
FROM facility f
WHERE f.id = i.old_id;

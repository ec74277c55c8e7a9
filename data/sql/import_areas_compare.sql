-- Compare areas on their way in with what is known: complete them, and say of each whether it is new, changed or the same.
-- In:  {day}; temporary table incoming (line, code, level, parent_code, name, name_en, area_class, households, residents, is_derived,
--      source, file_name, attributes, point, geom)
-- Out: incoming.old_id (the version that holds on that day) and incoming.change (stored, updated, unchanged)
-- Why: an empty field never erases what is known, so a boundary may come after its code and a point after its boundary. A new
--      boundary decides anew whether it is derived. Geometries are compared vertex by vertex, but it does not matter which way round
--      a ring is drawn: a shapefile turns them.
UPDATE incoming i SET
    old_id = a.id,
    name = coalesce(i.name, a.name),
    name_en = coalesce(i.name_en, a.name_en),
    area_class = coalesce(i.area_class, a.area_class),
    households = coalesce(i.households, a.households),
    residents = coalesce(i.residents, a.residents),
    is_derived = CASE WHEN i.geom IS NULL THEN a.is_derived ELSE coalesce(i.is_derived, false) END,
    source = coalesce(i.source, a.source),
    attributes = a.attributes || i.attributes,
    point = coalesce(i.point, a.point),
    geom = coalesce(i.geom, a.geom)
FROM area a
WHERE a.code = i.code AND a.valid_from <= {day} AND (a.valid_to IS NULL OR a.valid_to > {day});

UPDATE incoming SET name = coalesce(name, code), source = coalesce(source, file_name), is_derived = coalesce(is_derived, false)
WHERE old_id IS NULL;

UPDATE incoming SET change = 'stored';

UPDATE incoming i SET change = CASE
    WHEN (i.parent_code, i.name, i.name_en, i.area_class, i.households, i.residents, i.is_derived, i.source, i.attributes,
          i.point, ST_ForcePolygonCCW(i.geom))
         IS DISTINCT FROM
         (a.parent_code, a.name, a.name_en, a.area_class, a.households, a.residents, a.is_derived, a.source, a.attributes,
          a.point, ST_ForcePolygonCCW(a.geom))
    THEN 'updated' ELSE 'unchanged' END
FROM area a
WHERE a.id = i.old_id;

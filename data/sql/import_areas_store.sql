-- Store the areas that are new or changed.
-- In:  temporary table incoming as import_areas_compare.sql leaves it
-- Out: a changed version of today is amended; one of an earlier day is closed today and followed by a new one
-- Why: run only when something changed, because statements that touch no row count as a change of ground too.
UPDATE area a SET
    parent_code = i.parent_code, name = i.name, name_en = i.name_en, area_class = i.area_class, households = i.households,
    residents = i.residents, is_derived = i.is_derived, source = i.source, attributes = i.attributes, point = i.point,
    geom = i.geom
FROM incoming i
WHERE i.change = 'updated' AND a.id = i.old_id AND a.valid_from >= current_date;

UPDATE area a SET valid_to = current_date
FROM incoming i
WHERE i.change = 'updated' AND a.id = i.old_id AND a.valid_from < current_date;

INSERT INTO area (code, level, parent_code, name, name_en, area_class, households, residents, is_derived, source, attributes,
                  point, geom, valid_from)
SELECT i.code, i.level, i.parent_code, i.name, i.name_en, i.area_class, i.households, i.residents, i.is_derived, i.source,
       i.attributes, i.point, i.geom,
       greatest(current_date, (SELECT max(valid_to) FROM area a WHERE a.code = i.code))
FROM incoming i
WHERE i.change = 'stored'
   OR i.change = 'updated' AND NOT EXISTS (SELECT FROM area a WHERE a.code = i.code AND a.valid_to IS NULL)
ORDER BY i.line;

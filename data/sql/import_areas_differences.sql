-- In what an area of an edition differs from the version before.
-- In:  temporary table incoming after import_areas_compare.sql; metres are measured in {zone}
-- Out: incoming.renamed, moved_m (distance of the points), reshaped_m2 (what only one of the boundaries encloses), of_m2 (what
--      the old one enclosed) and amended (anything else that a version holds)
-- Why: attributes that are only more than before are no difference: they are noted on the version as it stands. A place that
--      becomes known is an amendment, not a move.
UPDATE incoming i SET
    renamed = i.name IS DISTINCT FROM a.name,
    moved_m = ST_Distance(ST_Transform(i.point, {zone}), ST_Transform(a.point, {zone})),
    reshaped_m2 = CASE WHEN i.geom IS DISTINCT FROM a.geom THEN ST_Area(ST_SymDifference(ST_Transform(i.geom, {zone}), ST_Transform(a.geom, {zone}))) END,
    of_m2 = CASE WHEN i.geom IS DISTINCT FROM a.geom THEN ST_Area(ST_Transform(a.geom, {zone})) END,
    amended = (i.parent_code, i.name_en, i.area_class, i.households, i.residents, i.is_derived, i.source,
               i.point IS NULL, i.geom IS NULL)
              IS DISTINCT FROM
              (a.parent_code, a.name_en, a.area_class, a.households, a.residents, a.is_derived, a.source,
               a.point IS NULL, a.geom IS NULL)
              OR NOT i.attributes - 'original' @> a.attributes - 'original'
FROM area a
WHERE i.change = 'updated' AND a.id = i.old_id

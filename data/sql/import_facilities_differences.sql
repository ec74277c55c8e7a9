-- In what a facility of an edition differs from the version before.
-- In:  temporary table incoming after import_facilities_compare.sql; metres are measured in {zone}
-- Out: incoming.renamed, moved_m and amended (anything else that a version holds, whom it serves too)
-- Why: attributes that are only more than before are no difference: they are noted on the version as it stands.
UPDATE incoming i SET
    renamed = i.name IS DISTINCT FROM f.name,
    moved_m = ST_Distance(ST_Transform(i.geom, {zone}), ST_Transform(f.geom, {zone})),
    amended = (i.level, i.floor_area_m2, i.staff, i.address, i.source)
              IS DISTINCT FROM (f.level, f.floor_area_m2, f.staff, f.address, f.source)
              OR i.serves IS DISTINCT FROM
                 (SELECT jsonb_object_agg(s.community_code, s.share) FROM facility_serves s WHERE s.facility_id = f.id)
              OR NOT i.attributes - 'original' @> f.attributes - 'original'
FROM facility f
WHERE i.change = 'updated' AND f.id = i.old_id

-- Facilities as they hold on a day, to take away.
-- In:  on; bbox, kind (a level), prefix and ground (of a unit, null: everywhere)
-- Out: the fields that `wangge import facilities` reads, and the point as geometry
-- Why: a facility belongs to the unit that it stands in, and to those whose communities it serves.
SELECT code, name, level, floor_area_m2, staff, address,
       (SELECT string_agg(s.community_code || coalesce('=' || s.share, ''), ';' ORDER BY s.community_code)
        FROM facility_serves s WHERE s.facility_id = f.id) AS serves,
       source, attributes::text AS attributes, ST_AsBinary(geom) AS geometry
FROM facility f
WHERE valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
  AND (%(kind)s::text IS NULL OR level = %(kind)s)
  AND (%(bbox)s::geometry IS NULL OR ST_Intersects(geom, %(bbox)s::geometry))
  AND (%(prefix)s::text IS NULL OR ST_Intersects(geom, %(ground)s::geometry)
       OR EXISTS (SELECT FROM facility_serves s WHERE s.facility_id = f.id AND starts_with(s.community_code, %(prefix)s)))
ORDER BY code

-- Open cases of a category near a point that were filed not long ago, nearest first.
-- In:  x, y (EPSG:4490), category, radius_m, hours, metric_srid, most
-- Out: id, seq, state, category, category_name, category_name_en, description, filed_at, due_at, followers, lon, lat,
--      distance_m (in the city's plane)
-- Why: the box is drawn around the literal so that the index of incidents serves; the box is a little too wide, the distance
--      decides. Places corrected later are found where they are now.
WITH asked AS MATERIALIZED (
    SELECT point, ST_Transform(point, %(metric_srid)s::int) AS plane,
           ST_Expand(point, %(radius_m)s::float8 / 110000 / greatest(cos(radians(%(y)s::float8)), 0.01),
                     %(radius_m)s::float8 / 110000) AS around
    FROM ST_SetSRID(ST_MakePoint(%(x)s::float8, %(y)s::float8), 4490) AS point
), near AS (
    SELECT case_file.id, case_file.seq, case_file.state, incident.description, case_file.filed_at, case_file.due_at,
           coalesce(case_file.category_code, incident.category_code) AS category,
           ST_X(incident.geom) AS lon, ST_Y(incident.geom) AS lat,
           ST_Distance(ST_Transform(incident.geom, %(metric_srid)s::int), asked.plane) AS distance_m
    FROM asked JOIN incident ON incident.geom && asked.around JOIN case_file ON case_file.id = incident.id
    WHERE case_file.state NOT IN ('closed', 'evaluated')
      AND case_file.filed_at > now() - make_interval(secs => %(hours)s::float8 * 3600)
      AND coalesce(case_file.category_code, incident.category_code) = %(category)s
)
SELECT near.id, near.seq, near.state, near.category, category.name AS category_name, category.name_en AS category_name_en,
       near.description, near.filed_at, near.due_at, near.lon, near.lat,
       round(near.distance_m::numeric, 1)::float8 AS distance_m,
       (SELECT count(*) FROM case_follower WHERE case_id = near.id) AS followers
FROM near JOIN category ON category.code = near.category
WHERE near.distance_m <= %(radius_m)s
ORDER BY near.distance_m, near.id LIMIT %(most)s

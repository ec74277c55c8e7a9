-- Open cases of a category near a point that were filed not long ago, nearest first.
-- In:  x, y (EPSG:4490), category, radius_m, hours, metric_srid, most
-- Out: id, seq, state, category, category_name, category_name_en, description, filed_at, due_at, followers, lon, lat,
--      distance_m (in the city's plane)
-- Why: the box is drawn around the literal so that the index of incidents serves, and it is looked into first: the recent open
--      cases of a whole city are many more, and LIMIT keeps the planner from beginning with them. The box is a little too wide,
--      the distance decides. Places corrected later are found where they are now.
WITH asked AS MATERIALIZED (
    SELECT point, ST_Transform(point, %(metric_srid)s::int) AS plane,
           ST_Expand(point, %(radius_m)s::float8 / 110000 / greatest(cos(radians(%(y)s::float8)), 0.01),
                     %(radius_m)s::float8 / 110000) AS around
    FROM ST_SetSRID(ST_MakePoint(%(x)s::float8, %(y)s::float8), 4490) AS point
), around AS MATERIALIZED (
    SELECT incident.id, incident.description, incident.category_code, incident.geom,
           ST_Distance(ST_Transform(incident.geom, %(metric_srid)s::int), asked.plane) AS distance_m
    FROM asked JOIN incident ON incident.geom && asked.around
)
SELECT case_file.id, case_file.seq, case_file.state, category.code AS category, category.name AS category_name,
       category.name_en AS category_name_en, around.description, case_file.filed_at, case_file.due_at,
       ST_X(around.geom) AS lon, ST_Y(around.geom) AS lat, round(around.distance_m::numeric, 1)::float8 AS distance_m,
       (SELECT count(*) FROM case_follower WHERE case_id = case_file.id) AS followers
FROM around
CROSS JOIN LATERAL (
    SELECT * FROM case_file
    WHERE id = around.id AND state NOT IN ('closed', 'evaluated')
      AND filed_at > now() - make_interval(secs => %(hours)s::float8 * 3600)
    LIMIT 1
) AS case_file
JOIN category ON category.code = coalesce(case_file.category_code, around.category_code)
WHERE around.distance_m <= %(radius_m)s AND category.code = %(category)s
ORDER BY around.distance_m, case_file.id LIMIT %(most)s

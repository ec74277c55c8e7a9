-- Store a report, its case and its first event, and say where it lies: one statement, so that nothing is ever half stored.
-- In:  key, digest, source, category, description, reported_at (null: now), lon, lat, datum (as given), x, y (EPSG:4490),
--      cell (code that the reporter picked; null: none), accuracy_m, observed_at, reported_by (null: not told),
--      today (date in the city's time zone), metric_srid
-- Out: one row: id, reported_at, state (collected or filed, as intake_rule says of the source), located, candidates, and id,
--      code, name of cell, community, street (null where none);
--      no row when the key is already taken (a concurrent holder of the key is waited for), or when the picked cell is not
--      within the tolerance.
-- Why: the box is drawn around the point so that the index serves (twice the tolerance, because an edge that is straight
--      in degrees bends in metres); "covers" is judged in degrees, where neighbours share their vertices exactly; metres
--      only decide among the few cells in the box. What is referred to twice is materialized without saying so, and the text is
--      kept below what psycopg keeps parsed (data/database.py). No NOTIFY here: docs/decisions/0002-notify.md.
WITH asked AS (
    SELECT point, ST_Transform(point, %(metric_srid)s::int) AS plane, %(today)s::date AS today, tolerance.value AS tolerance_m,
           ST_Expand(point, tolerance.value / 55000 / cos(radians(%(y)s::float8)), tolerance.value / 55000) AS around
    FROM ST_SetSRID(ST_MakePoint(%(x)s::float8, %(y)s::float8), 4490) AS point
    CROSS JOIN LATERAL (
        SELECT value FROM parameter
        WHERE name = 'border_tolerance_m' AND daterange(valid_from, valid_to) @> %(today)s::date
        UNION ALL SELECT 0 LIMIT 1
    ) AS tolerance
), met AS MATERIALIZED (
    SELECT c.id, c.code, c.name, c.community_code, c.geom, ST_Covers(c.geom, asked.point) AS covers,
           ST_Contains(c.geom, asked.point) AS contains
    FROM asked JOIN cell c ON c.geom && asked.around AND c.valid_from <= asked.today
                          AND (c.valid_to IS NULL OR c.valid_to > asked.today)
), near AS (
    SELECT met.*, count(*) FILTER (WHERE covers) OVER () AS covering, round(apart.m::numeric, 1) AS distance_m,
           row_number() OVER (ORDER BY covers DESC, round(apart.m::numeric, 1), code) AS rank
    FROM asked, met, LATERAL (
        SELECT CASE WHEN covers THEN 0 ELSE ST_Distance(ST_Transform(met.geom, %(metric_srid)s::int), asked.plane) END
    ) AS apart (m)
    WHERE apart.m <= asked.tolerance_m
), home AS (
    SELECT id, code, name, community_code,
           CASE WHEN rank > 1 THEN 'picked' WHEN NOT covers THEN 'gap' WHEN covering > 1 OR NOT contains THEN 'border' ELSE 'inside' END AS located
    FROM near ORDER BY code = %(cell)s DESC, rank LIMIT 1
), community AS (
    (SELECT a.id, a.code, a.name, a.parent_code FROM asked, home, area a
     WHERE a.code = home.community_code AND daterange(a.valid_from, a.valid_to) @> asked.today)
    UNION ALL
    (SELECT a.id, a.code, a.name, a.parent_code FROM asked, area a
     WHERE NOT EXISTS (SELECT FROM home) AND a.level = 'community' AND daterange(a.valid_from, a.valid_to) @> asked.today
       AND ST_Covers(a.geom, asked.point) ORDER BY a.code LIMIT 1)
), street AS (
    (SELECT a.id, a.code, a.name FROM asked, community, area a
     WHERE a.code = community.parent_code AND daterange(a.valid_from, a.valid_to) @> asked.today)
    UNION ALL
    (SELECT a.id, a.code, a.name FROM asked, area a
     WHERE NOT EXISTS (SELECT FROM community) AND a.level = 'street' AND daterange(a.valid_from, a.valid_to) @> asked.today
       AND ST_Covers(a.geom, asked.point) ORDER BY a.code LIMIT 1)
), place AS (
    SELECT asked.point, coalesce(home.located, 'none') AS located,
           (SELECT coalesce(jsonb_agg(jsonb_build_object('code', code, 'distance_m', distance_m) ORDER BY distance_m, code), '[]')
            FROM near WHERE near.id <> home.id) AS candidates,
           home.id AS cell_id, home.code AS cell_code, home.name AS cell_name,
           community.id AS community_id, community.code AS community_code, community.name AS community_name,
           street.id AS street_id, street.code AS street_code, street.name AS street_name
    FROM asked LEFT JOIN home ON true LEFT JOIN community ON true LEFT JOIN street ON true
    WHERE %(cell)s IS NULL OR home.code = %(cell)s
), stored AS (
    INSERT INTO incident (idempotency_key, content_digest, source, category_code, description, reported_at, lon, lat, datum,
                          geom, accuracy_m, observed_at, reported_by, picked_cell)
    SELECT %(key)s, %(digest)s, %(source)s, %(category)s, %(description)s, coalesce(%(reported_at)s::timestamptz, now()),
           %(lon)s::float8, %(lat)s::float8, %(datum)s, point, %(accuracy_m)s, least(%(observed_at)s::timestamptz, now()), %(reported_by)s,
           %(cell)s
    FROM place
    ON CONFLICT (idempotency_key) DO NOTHING
    RETURNING id, reported_at
), intake AS (
    SELECT CASE WHEN EXISTS (
        SELECT FROM asked, intake_rule
        WHERE reported_by = %(source)s AND is_collected AND daterange(valid_from, valid_to) @> asked.today
    ) THEN ARRAY['collect', 'collected'] ELSE ARRAY['file', 'filed'] END AS begin
), opened AS (
    INSERT INTO case_file (id, state, located, candidates, cell_id, community_id, street_id)
    SELECT stored.id, begin[2], located, candidates, cell_id, community_id, street_id FROM stored, place, intake
), logged AS (
    INSERT INTO case_event (case_id, event, to_state, actor) SELECT id, begin[1], begin[2], 'reporter' FROM stored, intake
)
SELECT stored.*, begin[2] AS state, place.* FROM stored, place, intake

-- A page of the incidents of a ground or in somebody's hands, the newest first.
-- In:  everything (whether his ground is all there is), areas, cells (bigint[], ids of versions), worker_id, desk_code, agency_id (whose
--      hands; two of them null); min_lon … max_lat (degrees, EPSG:4490), state, cell, community (codes), since, until: null means any;
--      after_at, after_id (the last row of the page before), limit
-- Out: the columns of data.incident_lists.BRIEF
-- Why: planned for the values at hand, so a condition that is not asked for is none. Closed cases and others are named as their
--      indexes name them. Names are looked up for the page alone.
WITH page AS MATERIALIZED (
    SELECT id, state, coalesce(category_code, reported_category) AS category, reported_at, dispatched_at, located, cell_id,
           worker_id, desk_code, agency_id, geom
    FROM reported_case
    WHERE (%(min_lon)s::float8 IS NULL
           OR ST_Intersects(geom, ST_MakeEnvelope(%(min_lon)s::float8, %(min_lat)s::float8, %(max_lon)s::float8, %(max_lat)s::float8, 4490)))
      AND (%(everything)s::boolean OR street_id = ANY (%(areas)s::bigint[]) OR community_id = ANY (%(areas)s::bigint[])
           OR cell_id = ANY (%(cells)s::bigint[])
           OR worker_id = %(worker_id)s::bigint AND state NOT IN ('closed', 'evaluated')
           OR worker_id = %(worker_id)s::bigint AND state IN ('closed', 'evaluated')
           OR desk_code = %(desk_code)s::text AND state NOT IN ('closed', 'evaluated')
           OR desk_code = %(desk_code)s::text AND state IN ('closed', 'evaluated')
           OR agency_id = %(agency_id)s::bigint AND state NOT IN ('closed', 'evaluated')
           OR agency_id = %(agency_id)s::bigint AND state IN ('closed', 'evaluated'))
      AND (%(state)s::text IS NULL OR state = %(state)s::text)
      AND (%(cell)s::text IS NULL OR cell_id = ANY (ARRAY(SELECT cell.id FROM cell WHERE cell.code = %(cell)s::text)))
      AND (%(community)s::text IS NULL OR community_id = ANY (ARRAY(SELECT area.id FROM area WHERE area.code = %(community)s::text)))
      AND (%(since)s::timestamptz IS NULL OR reported_at >= %(since)s::timestamptz)
      AND (%(until)s::timestamptz IS NULL OR reported_at < %(until)s::timestamptz)
      AND (%(after_id)s::bigint IS NULL OR (reported_at, id) < (%(after_at)s::timestamptz, %(after_id)s::bigint))
    ORDER BY reported_at DESC, id DESC LIMIT %(limit)s
)
SELECT page.id, page.state, page.category, category.name AS category_name, page.reported_at, page.dispatched_at, page.located,
       cell.code AS cell_code, cell.name AS cell_name, worker.code AS worker_code, worker.name AS worker_name, page.desk_code,
       desk.name AS desk_name, agency.code AS agency_code, agency.name AS agency_name, ST_AsGeoJSON(page.geom, 6, 0) AS geometry
FROM page
JOIN category ON category.code = page.category
LEFT JOIN cell ON cell.id = page.cell_id
LEFT JOIN worker ON worker.id = page.worker_id
LEFT JOIN agency ON agency.id = page.agency_id
LEFT JOIN area AS desk ON desk.code = page.desk_code AND desk.valid_to IS NULL
ORDER BY page.reported_at DESC, page.id DESC

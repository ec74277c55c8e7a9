-- Whether the ground of a grant exists today.
-- In:  kind (desk, planner, worker, agency, station), code (12 digits or null), id (or null)
-- Out: one row with the `level` of a unit, null for the others; no row when there is no such ground
SELECT level FROM unit WHERE %(kind)s IN ('desk', 'planner') AND code = %(code)s
UNION ALL SELECT NULL FROM actors_at_work(ARRAY['worker:' || %(id)s::bigint]) WHERE %(kind)s = 'worker'
UNION ALL SELECT NULL FROM agency WHERE %(kind)s = 'agency' AND id = %(id)s AND daterange(valid_from, valid_to) @> current_date
UNION ALL SELECT NULL FROM facility WHERE %(kind)s = 'station' AND id = %(id)s AND daterange(valid_from, valid_to) @> current_date

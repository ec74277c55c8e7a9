-- The yardstick: what `wangge dispatch` does, as one set-based statement of plain PostGIS. Same rules, same rows stored.
-- In:  metric_srid, tolerance_m      Out: how many were dispatched
-- Why: a nested loop over the GiST index of the cells is PostGIS's own way to join points and polygons; covers and distance are
--      asked of each pair in the box; then the lowest code, candidates as JSON, the roster of each cell, the explanation.
WITH waiting AS MATERIALIZED (
    SELECT incident.id, incident.geom AS point, ST_Transform(incident.geom, %(metric_srid)s) AS plane
    FROM case_file JOIN incident ON incident.id = case_file.id
    WHERE case_file.state = 'filed'
), met AS MATERIALIZED (
    SELECT waiting.id, waiting.plane, cell.id AS cell_id, cell.code, cell.name, cell.community_code, cell.geom,
           ST_Covers(cell.geom, waiting.point) AS covers, ST_Contains(cell.geom, waiting.point) AS contains
    FROM waiting
    JOIN cell ON cell.geom && ST_Expand(waiting.point, %(tolerance_m)s / 55000.0 / cos(radians(ST_Y(waiting.point))),
                                        %(tolerance_m)s / 55000.0)
             AND cell.valid_from <= current_date AND (cell.valid_to IS NULL OR cell.valid_to > current_date)
), measured AS MATERIALIZED (
    SELECT id, cell_id, code, name, community_code, covers, contains,
           CASE WHEN covers THEN 0 ELSE ST_Distance(ST_Transform(geom, %(metric_srid)s), plane) END AS distance_m
    FROM met
), near AS MATERIALIZED (
    SELECT *, count(*) FILTER (WHERE covers) OVER of_point AS covering,
           row_number() OVER (of_point ORDER BY covers DESC, round(distance_m::numeric, 1), code) AS place
    FROM measured WHERE distance_m <= %(tolerance_m)s
    WINDOW of_point AS (PARTITION BY id)
), others AS MATERIALIZED (
    SELECT id, jsonb_agg(jsonb_build_object('code', code, 'distance_m', round(distance_m::numeric, 1))
                         ORDER BY distance_m, code) AS candidates
    FROM near WHERE place > 1 GROUP BY id
), roster AS MATERIALIZED (
    SELECT cell_code, jsonb_agg(jsonb_build_object('worker_id', worker_id, 'name', left(worker.name, 1) || '*', 'role', role,
                                                   'is_on_duty', on_duty) ORDER BY rank, worker_id) AS seen,
           (array_agg(worker_id ORDER BY rank, worker_id) FILTER (WHERE on_duty))[1] AS worker_id,
           (array_agg('cell_' || role ORDER BY rank, worker_id) FILTER (WHERE on_duty))[1] AS rule
    FROM assignment
    JOIN worker ON worker.id = assignment.worker_id
    CROSS JOIN LATERAL (
        SELECT worker.is_active AND NOT EXISTS (
                   SELECT FROM leave WHERE leave.worker_id = worker.id AND leave.during @> now()) AS on_duty,
               array_position(ARRAY['head', 'worker', 'substitute'], role::text) AS rank
    ) AS duty
    WHERE during @> now()
    GROUP BY cell_code
), placed AS MATERIALIZED (
    SELECT waiting.id, near.cell_id, near.code AS cell_code, near.name AS cell_name,
           CASE WHEN near.id IS NULL THEN 'none' WHEN NOT covers THEN 'gap'
                WHEN covering > 1 OR NOT contains THEN 'border' ELSE 'inside' END AS located,
           coalesce(others.candidates, '[]') AS candidates,
           community.id AS community_id, community.code AS community_code, community.name AS community_name,
           street.id AS street_id, street.code AS street_code, street.name AS street_name, street.parent_code AS district_code
    FROM waiting
    LEFT JOIN near ON near.id = waiting.id AND near.place = 1
    LEFT JOIN others ON others.id = waiting.id
    LEFT JOIN LATERAL (
        SELECT * FROM area WHERE near.id IS NOT NULL AND area.code = near.community_code AND area.valid_to IS NULL
        UNION ALL
        (SELECT * FROM area WHERE near.id IS NULL AND area.level = 'community' AND area.valid_to IS NULL
            AND ST_Covers(area.geom, waiting.point) ORDER BY area.code LIMIT 1)
    ) AS community ON true
    LEFT JOIN LATERAL (
        SELECT * FROM area WHERE community.id IS NOT NULL AND area.code = community.parent_code AND area.valid_to IS NULL
        UNION ALL
        (SELECT * FROM area WHERE community.id IS NULL AND area.level = 'street' AND area.valid_to IS NULL
            AND ST_Covers(area.geom, waiting.point) ORDER BY area.code LIMIT 1)
    ) AS street ON true
), decided AS MATERIALIZED (
    SELECT placed.*, roster.worker_id, coalesce(roster.seen, '[]') AS seen,
           CASE WHEN roster.worker_id IS NULL
                THEN coalesce(community_code, street_code, district_code, '000000000000') END AS desk_code,
           coalesce(roster.rule, CASE WHEN community_code IS NOT NULL THEN 'community_desk'
                                      WHEN street_code IS NOT NULL THEN 'street_desk'
                                      WHEN district_code IS NOT NULL THEN 'district_desk' ELSE 'duty_desk' END) AS rule
    FROM placed LEFT JOIN roster ON roster.cell_code = placed.cell_code
), moved AS (
    UPDATE case_file
    SET state = 'dispatched', seq = case_file.seq + 1, dispatched_at = now(), held_since = now(), worker_id = decided.worker_id, desk_code = decided.desk_code,
        located = decided.located, candidates = decided.candidates, cell_id = decided.cell_id,
        community_id = decided.community_id, street_id = decided.street_id
    FROM decided
    WHERE case_file.id = decided.id AND case_file.state = 'filed'
    RETURNING case_file.id, case_file.seq
), logged AS (
    INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor, worker_id, desk_code, explanation)
    SELECT decided.id, moved.seq, 'dispatch', 'filed', 'dispatched', 'dispatcher', worker_id, desk_code, jsonb_build_object(
               'located', located, 'candidates', candidates,
               'cell', CASE WHEN cell_id IS NOT NULL
                            THEN jsonb_build_object('id', cell_id, 'code', cell_code, 'name', cell_name) END,
               'roster', seen,
               'desks', jsonb_build_array(
                   jsonb_build_object('level', 'community', 'code', community_code, 'name', community_name),
                   jsonb_build_object('level', 'street', 'code', street_code, 'name', street_name),
                   jsonb_build_object('level', 'district', 'code', district_code)),
               'rule', rule, 'worker_id', worker_id, 'desk_code', desk_code)
    FROM decided JOIN moved ON moved.id = decided.id
)
SELECT count(*) FROM moved

-- The yardstick: what `wangge dispatch` does, as one set-based statement of plain PostGIS. Same rules, same rows stored.
-- In:  metric_srid, tolerance_m, calendar (digest); time_limit, due_at, is_provisional: arrays, an entry for each limit of a rule
-- Out: how many were dispatched
-- Why: a nested loop over the GiST index of the cells is PostGIS's own way to join points and polygons; covers and distance are
--      asked of each pair in the box; then the lowest code, candidates as JSON, the rule of each distinct kind of case and place,
--      the agency, the roster of each cell, open cases, the explanation. Working time is counted before, as for ours. What a full
--      worker would get goes to the community's desk: asking the others in turn is no matter of one statement, and nobody is full.
WITH waiting AS MATERIALIZED (
    SELECT incident.id, incident.geom AS point, ST_Transform(incident.geom, %(metric_srid)s) AS plane, case_file.level, incident.source,
           coalesce(case_file.category_code, incident.category_code) AS category, case_file.filed_at
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
           (array_agg('cell_' || role ORDER BY rank, worker_id) FILTER (WHERE on_duty))[1] AS step
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
    SELECT waiting.id, waiting.filed_at, waiting.category, waiting.level, waiting.source, ST_X(waiting.point) AS x,
           ST_Y(waiting.point) AS y, community.area_class, near.cell_id, near.code AS cell_code, near.name AS cell_name,
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
), areas_named AS MATERIALIZED (
    SELECT array_agg(DISTINCT area_code::text) AS codes FROM handling_rule WHERE area_code IS NOT NULL
), asked AS MATERIALIZED (
    SELECT placed.*, concat_ws(',', category, level, source, area_class, community_named, street_named, district_named) AS kind,
           community_named, street_named, district_named
    FROM placed CROSS JOIN areas_named CROSS JOIN LATERAL (
        SELECT CASE WHEN community_code = ANY(codes) THEN community_code END AS community_named,
               CASE WHEN street_code = ANY(codes) THEN street_code END AS street_named,
               CASE WHEN district_code = ANY(codes) THEN district_code END AS district_named
    ) AS named
), kinds AS MATERIALIZED (
    SELECT kind.kind, rule.id AS rule_id, rule.code AS rule_code, rule.handler, rule.agency_code, rule.time_limit, rule.basis
    FROM (SELECT DISTINCT ON (kind) * FROM asked) AS kind
    LEFT JOIN category ON category.code = kind.category
    LEFT JOIN LATERAL (
        SELECT rule.* FROM handling_rule AS rule LEFT JOIN category AS named ON named.code = rule.category_code
        WHERE rule.valid_from <= current_date AND (rule.valid_to IS NULL OR rule.valid_to > current_date)
          AND (rule.category_code IS NULL OR rule.category_code IN (kind.category, category.parent_code))
          AND (rule.area_code IS NULL OR rule.area_code IN (kind.community_named, kind.street_named, kind.district_named))
          AND (rule.level IS NULL OR rule.level = kind.level) AND (rule.source IS NULL OR rule.source = kind.source)
          AND (rule.area_class IS NULL OR rule.area_class = kind.area_class)
        ORDER BY rule.category_code IS NULL, named.parent_code IS NULL,
                 array_position(ARRAY[kind.community_named, kind.street_named, kind.district_named], rule.area_code),
                 rule.level IS NULL, rule.area_class IS NULL, rule.source IS NULL, rule.valid_from DESC, rule.code LIMIT 1
    ) AS rule ON true
), agencies AS MATERIALIZED (
    SELECT DISTINCT ON (kinds.handler, kinds.agency_code, agency.area_code) kinds.handler, kinds.agency_code, agency.area_code,
           agency.id, agency.kind, agency.code, agency.name
    FROM (SELECT DISTINCT handler, agency_code FROM kinds) AS kinds
    JOIN agency ON agency.kind = kinds.handler AND (kinds.agency_code IS NULL OR agency.code LIKE '%%-' || kinds.agency_code)
               AND agency.valid_from <= current_date AND (agency.valid_to IS NULL OR agency.valid_to > current_date)
    ORDER BY kinds.handler, kinds.agency_code, agency.area_code, agency.code
), acting AS MATERIALIZED (
    SELECT handler || ',' || coalesce(agency_code, '') || ',' || area_code AS wanted, id, kind, code, name FROM agencies
), loads AS MATERIALIZED (
    SELECT worker_id, count(*) AS open FROM case_file
    WHERE worker_id IS NOT NULL AND state NOT IN ('closed', 'evaluated') GROUP BY worker_id
), ruled AS MATERIALIZED (
    SELECT asked.*, rule_id, rule_code, handler, time_limit, basis, handler || ',' || coalesce(agency_code, '') || ',' AS wanted
    FROM asked JOIN kinds USING (kind)
), staffed AS MATERIALIZED (
    SELECT ruled.*, agency.id AS agency_id, agency.kind AS agency_kind, agency.code AS agency_of, agency.name AS agency_name,
           roster.step, coalesce(roster.seen, '[]') AS seen, CASE WHEN agency.id IS NULL THEN roster.worker_id END AS asked,
           coalesce(loads.open, 0) - 1 + row_number() OVER (
               PARTITION BY agency.id IS NULL, roster.worker_id ORDER BY ruled.filed_at, ruled.id) AS load,
           (SELECT value FROM parameter WHERE name = 'worker_load_max' AND valid_to IS NULL) AS load_max
    FROM ruled
    LEFT JOIN acting AS near ON near.wanted = ruled.wanted || ruled.community_code
    LEFT JOIN acting AS above ON above.wanted = ruled.wanted || ruled.street_code
    LEFT JOIN acting AS top ON top.wanted = ruled.wanted || ruled.district_code
    CROSS JOIN LATERAL (
        SELECT coalesce(near.id, above.id, top.id) AS id, coalesce(near.kind, above.kind, top.kind) AS kind,
               coalesce(near.code, above.code, top.code) AS code, coalesce(near.name, above.name, top.name) AS name
    ) AS agency
    LEFT JOIN roster ON roster.cell_code = ruled.cell_code
    LEFT JOIN loads ON loads.worker_id = roster.worker_id
), decided AS MATERIALIZED (
    SELECT staffed.*, clock.due_at, clock.is_provisional, held.worker_id,
           CASE WHEN agency_id IS NULL AND held.worker_id IS NULL
                THEN coalesce(community_code, street_code, district_code, '000000000000') END AS desk_code,
           CASE WHEN agency_id IS NOT NULL THEN agency_kind WHEN held.worker_id IS NOT NULL THEN step
                WHEN community_code IS NOT NULL THEN 'community_desk' WHEN street_code IS NOT NULL THEN 'street_desk'
                WHEN district_code IS NOT NULL THEN 'district_desk' ELSE 'duty_desk' END AS taken_by
    FROM staffed
    CROSS JOIN LATERAL (SELECT CASE WHEN load < load_max THEN asked END AS worker_id) AS held
    LEFT JOIN unnest(%(time_limit)s::text[], %(due_at)s::timestamptz[], %(is_provisional)s::boolean[])
        AS clock (limit_of, due_at, is_provisional) ON clock.limit_of = staffed.time_limit
), moved AS (
    UPDATE case_file
    SET state = 'dispatched', seq = case_file.seq + 1, dispatched_at = now(), held_since = now(), worker_id = decided.worker_id,
        desk_code = decided.desk_code, agency_id = decided.agency_id, rule_id = decided.rule_id,
        lead = coalesce(case_file.lead, 'worker:' || decided.worker_id, 'desk:' || decided.desk_code, 'agency:' || decided.agency_id),
        hops = case_file.hops + (case_file.lead IS NOT NULL)::int, time_limit = decided.time_limit, due_at = decided.due_at,
        is_provisional = coalesce(decided.is_provisional, false), located = decided.located, candidates = decided.candidates,
        cell_id = decided.cell_id, community_id = decided.community_id, street_id = decided.street_id
    FROM decided
    WHERE case_file.id = decided.id AND case_file.state = 'filed'
    RETURNING case_file.id, case_file.seq
), logged AS (
    INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor, worker_id, desk_code, agency_id, explanation)
    SELECT decided.id, moved.seq, 'dispatch', 'filed', 'dispatched', 'dispatcher', worker_id, desk_code, agency_id,
           jsonb_strip_nulls(jsonb_build_object('worker_id', worker_id, 'desk_code', desk_code, 'agency_id', agency_id))
           || jsonb_build_object(
               'located', located, 'candidates', candidates, 'at', jsonb_build_array(x, y), 'category', category, 'level', level,
               'source', source, 'area_class', area_class,
               'cell', CASE WHEN cell_id IS NOT NULL
                            THEN jsonb_build_object('id', cell_id, 'code', cell_code, 'name', cell_name) END,
               'desks', jsonb_build_array(
                   jsonb_build_object('level', 'community', 'code', community_code, 'name', community_name),
                   jsonb_build_object('level', 'street', 'code', street_code, 'name', street_name),
                   jsonb_build_object('level', 'district', 'code', district_code)),
               'rule', jsonb_build_object('id', rule_id, 'code', rule_code, 'handler', handler, 'time_limit', time_limit, 'basis', basis),
               'step', taken_by, 'clock', jsonb_build_object('due_at', due_at, 'is_provisional', is_provisional, 'calendar', %(calendar)s::text))
           || CASE WHEN agency_id IS NOT NULL
                   THEN jsonb_build_object('agencies', jsonb_build_array(jsonb_build_object(
                            'id', agency_id, 'kind', agency_kind, 'code', agency_of, 'name', agency_name)))
                   ELSE jsonb_build_object('roster', seen, 'load_max', load_max,
                                           'loads', CASE WHEN asked IS NULL THEN '{}' ELSE jsonb_build_object(asked, load) END) END
    FROM decided JOIN moved ON moved.id = decided.id
)
SELECT count(*) FROM moved

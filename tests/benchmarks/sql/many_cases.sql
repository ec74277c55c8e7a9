-- Many cases over a year, eight events each, on a made-up ground of 10 streets, 100 communities and 1,000 cells.
-- In:  %(cases)s, %(until)s: the year ends then      Out: rows of unit, area, cell_code, cell, agency, category, incident, case_file, rating, case_event
-- Why: seven of ten cases are closed and rated, one came back and is late, one was suspended and extended, one is on its way up.
--      Triggers are off while it is filled, and everything is in the order of time, as it would be after a year.
INSERT INTO category VALUES ('bench', NULL, 'event', '测试', 'Bench', 'bench');
INSERT INTO category SELECT 'bench' || n, 'bench', 'event', '测试' || n, 'Bench ' || n, 'bench' FROM generate_series(1, 40) AS n;
INSERT INTO unit SELECT '110198' || lpad(s::text, 3, '0') || '000', 'street' FROM generate_series(1, 10) AS s;
INSERT INTO unit SELECT '110198' || lpad(s::text, 3, '0') || lpad(c::text, 3, '0'), 'community'
FROM generate_series(1, 10) AS s, generate_series(1, 10) AS c;
INSERT INTO area (code, level, parent_code, name, valid_from, source)
SELECT code, level, CASE level WHEN 'street' THEN '110198000000' ELSE left(code, 9) || '000' END, code, '2020-01-01', 'bench'
FROM unit WHERE code LIKE '110198%%' AND level IN ('street', 'community') ORDER BY code;
INSERT INTO cell_code SELECT code || lpad(n::text, 3, '0'), code FROM unit, generate_series(1, 10) AS n
WHERE code LIKE '110198%%' AND level = 'community';
INSERT INTO cell (code, community_code, name, valid_from, source, geom)
SELECT code, community_code, code, '2020-01-01', 'bench', ST_Multi(ST_MakeEnvelope(x, y, x + 0.01, y + 0.01, 4490))
FROM (SELECT *, 116 + (row_number() OVER (ORDER BY code) - 1) %% 40 * 0.01 AS x,
             39.7 + (row_number() OVER (ORDER BY code) - 1) / 40 * 0.01 AS y FROM cell_code WHERE code LIKE '110198%%') AS places;
INSERT INTO agency (code, kind, name, area_code)
SELECT 'BENCH' || n, 'department', '部门' || n, '110198001000' FROM generate_series(1, 20) AS n;

CREATE TEMPORARY TABLE ground AS
SELECT row_number() OVER (ORDER BY cell.code) - 1 AS place, cell.id AS cell_id, community.id AS community_id, street.id AS street_id,
       community.code AS desk_code, ST_X(ST_Centroid(cell.geom)) AS lon, ST_Y(ST_Centroid(cell.geom)) AS lat
FROM cell JOIN area AS community ON community.code = cell.community_code JOIN area AS street ON street.code = community.parent_code
WHERE cell.source = 'bench';

CREATE TEMPORARY TABLE step AS
SELECT life, number, event, lag(state) OVER (PARTITION BY life ORDER BY number) AS before, state, after_minutes FROM (VALUES
    (0, 1, 'file', 'filed', 0), (0, 2, 'dispatch', 'dispatched', 2), (0, 3, 'accept', 'handling', 25), (0, 4, 'note', 'handling', 200),
    (0, 5, 'finish', 'fed_back', 900), (0, 6, 'check', 'verifying', 930), (0, 7, 'verify', 'closed', 1400), (0, 8, 'rate', 'evaluated', 2000),
    (1, 1, 'file', 'filed', 0), (1, 2, 'dispatch', 'dispatched', 2), (1, 3, 'return', 'filed', 60), (1, 4, 'dispatch', 'dispatched', 62),
    (1, 5, 'accept', 'handling', 100), (1, 6, 'finish', 'fed_back', 900), (1, 7, 'reject', 'handling', 990), (1, 8, 'overdue', 'handling', 4000),
    (2, 1, 'file', 'filed', 0), (2, 2, 'dispatch', 'dispatched', 2), (2, 3, 'accept', 'handling', 40), (2, 4, 'suspend', 'suspended', 500),
    (2, 5, 'resume', 'handling', 4000), (2, 6, 'extend', 'handling', 4500), (2, 7, 'remind', 'handling', 6000), (2, 8, 'overdue', 'handling', 9000),
    (3, 1, 'file', 'filed', 0), (3, 2, 'dispatch', 'dispatched', 2), (3, 3, 'hand_over', 'dispatched', 70), (3, 4, 'accept', 'handling', 100),
    (3, 5, 'finish', 'fed_back', 900), (3, 6, 'check', 'verifying', 940), (3, 7, 'reject', 'handling', 1500), (3, 8, 'escalate', 'dispatched', 4000)
) AS told (life, number, event, state, after_minutes);

CREATE TEMPORARY TABLE many AS
SELECT n, %(until)s::timestamptz - interval '370 days' + n * (interval '365 days' / %(cases)s) AS filed_at,
       greatest(n %% 10 - 6, 0)::int AS life, n * 7919 %% 1000 AS place, 1 + n * 31 %% 40 AS category,
       CASE WHEN n %% 3 = 0 THEN 1 + n * 17 %% 20 END AS agency, n * 13 %% 600 AS slow
FROM generate_series(1::bigint, %(cases)s) AS n;

INSERT INTO incident (id, source, category_code, description, reported_at, stored_at, lon, lat, datum, geom)
OVERRIDING SYSTEM VALUE
SELECT n, CASE n %% 4 WHEN 0 THEN 'hotline' WHEN 1 THEN 'grid_worker' ELSE 'resident' END, 'bench' || category, '巷口有暴露垃圾 ' || n, filed_at,
       filed_at, lon + n %% 97 * 0.00005, lat + n %% 89 * 0.00005, 'cgcs2000',
       ST_SetSRID(ST_MakePoint(lon + n %% 97 * 0.00005, lat + n %% 89 * 0.00005), 4490)
FROM many JOIN ground USING (place) ORDER BY n;

INSERT INTO case_file (id, seq, state, outcome, filed_at, dispatched_at, held_since, closed_at, located, cell_id, community_id, street_id,
                       desk_code, agency_id, lead, time_limit, due_at, hops, returns, reworks)
SELECT n, 8, (ARRAY['evaluated', 'handling', 'handling', 'dispatched'])[life + 1], CASE life WHEN 0 THEN 'solved' END, filed_at,
       filed_at + interval '2 minutes', filed_at + interval '1 day', CASE life WHEN 0 THEN filed_at + (1400 + slow) * interval '1 minute' END,
       'inside', cell_id, community_id, street_id, CASE WHEN agency.id IS NULL THEN desk_code END, agency.id,
       coalesce('agency:' || agency.id, 'desk:' || desk_code), '2wd',
       filed_at + CASE life WHEN 2 THEN interval '6 days' ELSE interval '2 days' END, (life = 1)::int + 2 * (life = 3)::int, (life = 1)::int,
       (life IN (1, 3))::int
FROM many JOIN ground USING (place) LEFT JOIN agency ON agency.code = 'BENCH' || many.agency ORDER BY n;

INSERT INTO rating (case_id, closing, is_answered, is_solved, satisfaction, rated_by, rated_at)
SELECT n, 7, n %% 20 > 0, n %% 9 > 0, 1 + n %% 5, 'reporter', filed_at + (2000 + slow) * interval '1 minute' FROM many WHERE life = 0;

INSERT INTO case_event (case_id, seq, at, event, from_state, to_state, actor, desk_code, agency_id, held_by, held_minutes, explanation, detail)
SELECT n, number, filed_at + (after_minutes + CASE WHEN number > 4 THEN slow ELSE 0 END) * interval '1 minute', event, before, state,
       CASE event WHEN 'file' THEN 'reporter' WHEN 'dispatch' THEN 'dispatcher' WHEN 'overdue' THEN 'sweeper' ELSE 'desk:' || desk_code END,
       CASE WHEN is_given AND agency.id IS NULL THEN desk_code END, CASE WHEN is_given THEN agency.id END,
       CASE WHEN number > 2 THEN 'desk:' || desk_code END, CASE WHEN number > 2 THEN after_minutes / 2.0 END,
       CASE event WHEN 'dispatch' THEN jsonb_build_object(
           'located', 'inside', 'cell', jsonb_build_object('id', cell_id, 'code', desk_code, 'name', '第三网格', 'valid_from', '2020-01-01'),
           'rule', jsonb_build_object('code', 'R' || category, 'handler', 'department', 'time_limit', '2wd', 'basis', 'a made-up rule of this benchmark'),
           'clock', jsonb_build_object('due_at', filed_at + interval '2 days', 'is_provisional', false, 'calendar', md5('calendar')) ||
               CASE WHEN number = 4 THEN '{"is_kept": true}' ELSE '{}' END::jsonb,
           'roster', (SELECT jsonb_agg(jsonb_build_object('worker_id', m, 'name', '张三', 'role', 'worker', 'on_duty', true)) FROM generate_series(1, 4) AS m),
           'candidates', '[]'::jsonb) END,
       CASE event
           WHEN 'verify' THEN '{"outcome": {"from": null, "to": "solved"}}'::jsonb
           WHEN 'rate' THEN jsonb_build_object('is_answered', n %% 20 > 0, 'is_solved', n %% 9 > 0, 'satisfaction', 1 + n %% 5)
           WHEN 'suspend' THEN jsonb_build_object('due_at', jsonb_build_object('from', filed_at + interval '2 days', 'to', NULL))
           WHEN 'resume' THEN jsonb_build_object('due_at', jsonb_build_object('from', NULL, 'to', filed_at + interval '4 days'))
           WHEN 'extend' THEN jsonb_build_object('limit', '2d',
               'due_at', jsonb_build_object('from', filed_at + interval '4 days', 'to', filed_at + interval '6 days')) END
FROM many JOIN ground USING (place) JOIN step USING (life) LEFT JOIN agency ON agency.code = 'BENCH' || many.agency
CROSS JOIN LATERAL (SELECT event IN ('dispatch', 'hand_over', 'escalate') AS is_given) AS what
ORDER BY filed_at, number;
SELECT setval(pg_get_serial_sequence('incident', 'id'), %(cases)s + 1);
DROP TABLE ground, step, many;

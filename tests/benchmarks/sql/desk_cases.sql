-- So many cases of a city that files 900 a day, the newest of this minute, each with up to 8 events; some 2 % are open.
-- In:  psql-like parameter cases      Out: incident, case_file, case_event
-- Why: sets, not rows; triggers rest, for what they check holds by construction.
SET session_replication_role = replica;
SELECT setseed(0.5);
CREATE TEMP TABLE drawn AS
SELECT filed.id, filed_at, cell.id AS cell_id, community.id AS community_id, street.id AS street_id, cell.code AS cell_code,
       (array['grid_worker', 'hotline', 'resident', 'video', 'superior', 'system'])[1 + floor(power(random(), 2) * 6)] AS source,
       minor.codes[1 + floor(power(random(), 1.5) * cardinality(minor.codes))] AS category,
       CASE WHEN age_share < 0.06 AND random() < 0.3 OR random() < 0.002
            THEN (array['collected', 'filed', 'filed', 'filed', 'dispatched', 'dispatched', 'dispatched', 'handling', 'handling', 'handling',
                        'handling', 'handling', 'handling', 'handling', 'handling', 'suspended', 'fed_back', 'fed_back', 'verifying',
                        'verifying', 'verifying'])[1 + floor(random() * 21)]
            WHEN random() < 0.6 THEN 'evaluated' ELSE 'closed' END AS state,
       concat((array['北门', '胡同口', '小区', '路口', '公园', '学校门前', '菜市场', '地铁站', '楼道', '河边'])[1 + floor(random() * 10)],
              (array['东侧', '西侧', '对面', '附近', '旁边', '里面', '拐角', '台阶下'])[1 + floor(random() * 8)], '有',
              (array['垃圾', '共享单车', '小广告', '积水', '井盖', '路灯', '护栏', '渣土', '噪声', '油烟', '树枝', '违建', '落叶', '堆物', '电线',
                     '消防栓', '雨水箅子', '健身器材', '信号灯', '公厕'])[1 + floor(power(random(), 2) * 20)],
              (array['无人清理', '已经损坏', '影响通行', '多日未处理', '请尽快处理', '存在隐患', '居民反映强烈', '夜间尤其严重'])[1 + floor(random() * 8)],
              '，门牌', (1 + floor(random() * 400))::int, '号', CASE WHEN filed.id %% 10000 = 77 THEN '，树上有马蜂窝' END) AS description
FROM (SELECT id, 1 - id::float8 / %(cases)s AS age_share, now() - make_interval(secs => (%(cases)s - id) * 96.0) AS filed_at
      FROM generate_series(1, %(cases)s) AS id) AS filed
CROSS JOIN (SELECT array_agg(code ORDER BY md5(code)) AS codes FROM category WHERE parent_code IS NOT NULL) AS minor
JOIN LATERAL (SELECT 1 + floor(random() * 750)::int + 0 * filed.id AS number) AS place ON true
JOIN (SELECT row_number() OVER (ORDER BY code) AS number, id, code, community_code FROM cell) AS cell ON cell.number = place.number
JOIN area AS community ON community.code = cell.community_code
JOIN area AS street ON street.code = community.parent_code;

INSERT INTO incident (id, idempotency_key, content_digest, source, category_code, description, reported_at, stored_at, lon, lat, datum, geom)
SELECT drawn.id, md5(drawn.id::text), md5(drawn.id::text), source, category, description, filed_at, filed_at, x, y, 'cgcs2000',
       ST_SetSRID(ST_MakePoint(x, y), 4490)
FROM drawn CROSS JOIN LATERAL (
    SELECT 116.195 + substr(cell_code, 10, 3)::int * 0.025 + right(cell_code, 3)::int * 0.005 + random() * 0.005 AS x,
           39.8 + substr(cell_code, 7, 3)::int * 0.005 + random() * 0.005 AS y) AS place
ORDER BY drawn.id;

INSERT INTO case_file (id, seq, state, outcome, filed_at, dispatched_at, held_since, closed_at, located, cell_id, community_id, street_id,
                       worker_id, desk_code, lead, handler, time_limit, due_at, hops)
SELECT drawn.id, CASE WHEN state = 'evaluated' THEN 8 ELSE 6 END, state, CASE WHEN is_done THEN 'solved' END, filed_at, given_at,
       coalesce(given_at, filed_at) + interval '1 hour', CASE WHEN is_done THEN filed_at + random() * interval '3 days' END, 'inside',
       cell_id, community_id, street_id, CASE WHEN is_held AND state <> 'verifying' THEN worker.id END,
       CASE WHEN is_held AND state = 'verifying' THEN left(cell_code, 12) END,
       CASE WHEN is_held THEN 'worker:' || worker.id END, CASE WHEN is_held THEN 'worker:' || worker.id END,
       CASE WHEN is_held THEN '2wd' END,
       CASE WHEN is_held AND state <> 'suspended'
            THEN CASE WHEN is_done THEN given_at + interval '2 days' ELSE now() - interval '1 day' + random() * interval '5 days' END END,
       CASE WHEN is_held THEN 1 ELSE 0 END
FROM drawn JOIN worker ON worker.code = 'W' || cell_code
CROSS JOIN LATERAL (SELECT state IN ('closed', 'evaluated') AS is_done, state NOT IN ('collected', 'filed') AS is_held) AS told
CROSS JOIN LATERAL (SELECT CASE WHEN is_held THEN filed_at + interval '1 second' END AS given_at) AS moments
ORDER BY drawn.id;
SELECT setval(pg_get_serial_sequence('incident', 'id'), %(cases)s);

SELECT ensure_months('case_event', min(filed_at), now() + interval '2 months') FROM case_file;
INSERT INTO case_event (case_id, seq, at, event, from_state, to_state, actor, worker_id, held_by, held_minutes, explanation)
SELECT case_file.id, step, least(filed_at + (step - 1) * (interval '1 second' + random() * interval '9 hours'), now()), event, before, after,
       CASE WHEN step = 1 THEN 'reporter' WHEN step = 2 THEN 'dispatcher' ELSE lead END,
       CASE WHEN step = 2 THEN worker_id END, CASE WHEN step > 2 THEN lead END, CASE WHEN step > 1 THEN random() * 500 END,
       CASE WHEN step = 2 THEN jsonb_build_object(
           'located', 'inside', 'cell', jsonb_build_object('code', '110199001001001', 'name', '第001001001网格'), 'candidates', '[]'::jsonb,
           'level', 'cell', 'rule', jsonb_build_object('code', 'R1', 'handler', 'cell_worker', 'time_limit', '2wd'), 'step', 'cell_head',
           'worker_id', worker_id, 'desks', '[]'::jsonb, 'clock', NULL,
           'roster', jsonb_build_array(jsonb_build_object('worker_id', worker_id, 'name', '张*', 'is_on_duty', true))) END
FROM case_file JOIN (VALUES
    (1, 'file', NULL, 'filed'), (2, 'dispatch', 'filed', 'dispatched'), (3, 'accept', 'dispatched', 'handling'),
    (4, 'remind', 'handling', 'handling'), (5, 'note', 'handling', 'handling'), (6, 'finish', 'handling', 'fed_back'),
    (7, 'check', 'fed_back', 'verifying'), (8, 'verify', 'verifying', 'closed')
) AS steps (step, event, before, after) ON case_file.state NOT IN ('filed', 'collected') OR step = 1
ORDER BY case_file.id, step;
SET session_replication_role = origin;

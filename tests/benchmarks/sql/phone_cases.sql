-- Cases in the hands of two grid workers: a usual day's for one, as many as a phone takes for the other.
WITH given AS (
    INSERT INTO incident (category_code, description, lon, lat, datum, geom)
    SELECT category, '巷口有问题，请尽快处理', lon, 39.905, 'wgs84', ST_SetSRID(ST_MakePoint(lon, 39.9 + (n % 97) * 0.0001), 4490)
    FROM generate_series(1, 520) AS n,
         LATERAL (SELECT (ARRAY['C0101', 'C0102', 'E0101', 'E0201'])[n % 4 + 1], 116.30 + (n % 89) * 0.00005) AS told (category, lon)
    RETURNING id
), numbered AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM given
), opened AS (
    INSERT INTO case_file (id, state, level, located, filed_at, dispatched_at, held_since, worker_id, lead, time_limit, due_at, cell_id,
                           community_id, street_id, seq)
    SELECT numbered.id, 'dispatched', 'cell', 'inside', now() - interval '1 hour', now() - interval '1 hour', now() - interval '1 hour',
           worker.id, 'worker:' || worker.id, '4wh', now() + (n % 200 - 40) * interval '10 minutes', cell.id, community.id, street.id, 2
    FROM numbered
    JOIN worker ON worker.code = CASE WHEN n <= 20 THEN 'W1' ELSE 'W2' END
    JOIN cell ON cell.code = '110199001001001'
    JOIN area AS community ON community.code = '110199001001' AND community.valid_to IS NULL
    JOIN area AS street ON street.code = '110199001000' AND street.valid_to IS NULL
    RETURNING id, worker_id
)
INSERT INTO case_event (case_id, seq, event, to_state, actor, worker_id)
SELECT id, 1, 'file', 'filed', 'reporter', NULL FROM opened
UNION ALL SELECT id, 2, 'dispatch', 'dispatched', 'dispatcher', worker_id FROM opened

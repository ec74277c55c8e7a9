-- Beside the district: one community of 2,000 cells with 5,000 cases in hand, for the map to stay fluid with.
-- What other tests have left in hand is closed first, so that there are 5,000 and not one more.
UPDATE case_file SET state = 'closed', closed_at = now(), outcome = 'solved' WHERE state = 'handling';
INSERT INTO unit VALUES ('110199002003', 'community');
INSERT INTO area (code, level, parent_code, name, is_derived, valid_from, geom)
VALUES ('110199002003', 'community', '110199002000', '人海社区', true, '2020-01-01',
        ST_Multi(ST_MakeEnvelope(116.35, 39.90, 116.40, 39.94, 4490)));
INSERT INTO cell_code SELECT '110199002003' || to_char(n, 'FM0000'), '110199002003' FROM generate_series(0, 1999) AS n;
INSERT INTO cell (code, community_code, name, valid_from, geom)
SELECT '110199002003' || to_char(n, 'FM0000'), '110199002003', '第' || n || '网格', '2020-01-01',
       ST_Multi(ST_MakeEnvelope(116.35 + n % 50 * 0.001, 39.90 + n / 50 * 0.001,
                                116.351 + n % 50 * 0.001, 39.901 + n / 50 * 0.001, 4490))
FROM generate_series(0, 1999) AS n;
WITH told AS (
    INSERT INTO incident (category_code, lon, lat, datum, geom)
    SELECT 'E0101', x, y, 'cgcs2000', ST_SetSRID(ST_MakePoint(x, y), 4490)
    FROM (SELECT 116.35 + n % 71 * 0.0007 AS x, 39.90 + n % 79 * 0.0005 AS y FROM generate_series(1, 5000) AS n) AS places
    RETURNING id
)
INSERT INTO case_file (id, state, dispatched_at, desk_code) SELECT id, 'handling', now(), '110199002000' FROM told;

-- A district of two streets, four communities and eight cells, drawn as a row of squares of 0.01 degrees from 116.30, 39.90.
INSERT INTO unit VALUES ('110199000000', 'district'), ('110199001000', 'street'), ('110199002000', 'street'),
    ('110199001001', 'community'), ('110199001002', 'community'), ('110199002001', 'community'), ('110199002002', 'community');

INSERT INTO area (code, level, parent_code, name, name_en, area_class, households, residents, is_derived, valid_from, geom)
SELECT code, level, parent, name, name_en, class, households, residents, true, '2020-01-01',
       ST_Multi(ST_MakeEnvelope(116.30 + west, 39.90, 116.30 + east, 39.91, 4490))
FROM (VALUES
    ('110199000000', 'district', '000000000000', '试验区', 'Trial', NULL, 1600, 4000, 0, 0.04),
    ('110199001000', 'street', '110199000000', '柳荫街道', 'Liuyin', NULL, 800, 2000, 0, 0.02),
    ('110199002000', 'street', '110199000000', '槐荫街道', 'Huaiyin', NULL, 800, 2000, 0.02, 0.04),
    ('110199001001', 'community', '110199001000', '柳荫社区', 'Liuyin', 'old_city', 400, 1000, 0, 0.01),
    ('110199001002', 'community', '110199001000', '<b>一</b>&社区', NULL, 'new', 400, 1000, 0.01, 0.02),
    ('110199002001', 'community', '110199002000', '槐荫社区', 'Huaiyin', 'new', 400, 1000, 0.02, 0.03),
    ('110199002002', 'community', '110199002000', '松荫社区', 'Songyin', NULL, 400, NULL, 0.03, 0.04)
) AS drawn (code, level, parent, name, name_en, class, households, residents, west, east);

INSERT INTO area (code, level, parent_code, name, valid_from, valid_to, geom)
SELECT code, level, parent_code, '旧名社区', '2010-01-01', '2020-01-01', geom FROM area WHERE code = '110199001001';

INSERT INTO cell_code SELECT code || number, code FROM area, (VALUES ('001'), ('002')) AS halves (number)
WHERE level = 'community' AND valid_to IS NULL;
INSERT INTO cell (code, community_code, name, kind, households, residents, valid_from, geom)
SELECT area.code || number, area.code, area.name || '第' || number || '网格', 'ordinary', 200, 500, '2020-01-01',
       ST_Multi(ST_MakeEnvelope(ST_XMin(area.geom)::numeric + west, 39.90, ST_XMin(area.geom)::numeric + west + 0.005, 39.91, 4490))
FROM area, (VALUES ('001', 0), ('002', 0.005)) AS halves (number, west)
WHERE level = 'community' AND valid_to IS NULL;

INSERT INTO facility (code, name, level, floor_area_m2, staff, address, valid_from, geom) VALUES
    ('S1', '柳荫服务站', 'station', 360, 8, '柳荫胡同5号', '2020-01-01', 'SRID=4490;POINT(116.305 39.905)'),
    ('S2', '槐荫服务站', 'station', NULL, NULL, NULL, '2020-01-01', 'SRID=4490;POINT(116.325 39.905)'),
    ('T1', '柳荫街道中心', 'street_centre', 900, 20, NULL, '2020-01-01', 'SRID=4490;POINT(116.31 39.905)');
INSERT INTO facility_serves (facility_id, community_code)
SELECT facility.id, served FROM facility JOIN (VALUES ('S1', '110199001002'), ('S1', '110199001001'), ('S2', '110199002001'))
    AS pairs (code, served) USING (code);

INSERT INTO worker (code, name, community_code) VALUES
    ('W1', '张*', '110199001001'), ('W2', '李*', '110199001001'), ('W3', '王*', '110199002001');
INSERT INTO assignment (cell_code, worker_id, role, during)
SELECT cell, id, role, tstzrange('2020-01-01', NULL) FROM worker JOIN (VALUES
    ('W2', '110199001001001', 'worker'), ('W1', '110199001001001', 'head'), ('W3', '110199002001001', 'head')
) AS given (code, cell, role) USING (code);

INSERT INTO landmark (kind, name, geom) VALUES
    ('water', '柳河', 'SRID=4490;POLYGON((116.30 39.899, 116.34 39.899, 116.34 39.8995, 116.30 39.899))'),
    ('railway', NULL, 'SRID=4490;LINESTRING(116.30 39.912, 116.34 39.912)');
INSERT INTO street_node VALUES (1, 'SRID=4490;POINT(116.30 39.905)'), (2, 'SRID=4490;POINT(116.34 39.905)');
INSERT INTO street_edge (external_id, source_id, target_id, kind, name, length_m, geom)
VALUES ('e1', 1, 2, 'primary', '中路', 3400, 'SRID=4490;LINESTRING(116.30 39.905, 116.34 39.905)');
INSERT INTO residence (external_id, households, residents, geom) VALUES ('r1', 120, 300, 'SRID=4490;POINT(116.302 39.902)');

INSERT INTO check_run (standard_id, checked_at, figures)
SELECT id, moment, figures::jsonb FROM standard, (VALUES
    (timestamptz '2026-01-01 10:00+08', '{"checked": 4, "meets": 0, "short": 2, "unknown": 2}'),
    (timestamptz '2026-02-01 10:00+08', '{"checked": 4, "meets": 1, "short": 1, "unknown": 2}')
) AS runs (moment, figures) WHERE name = 'by-area-class' ORDER BY moment;
INSERT INTO finding (run_id, community_code, outcome, area_class, required_m2, actual_m2, missing_m2)
SELECT id, community, CASE WHEN latest THEN now_ ELSE was END, class, required, CASE WHEN latest THEN actual ELSE 100 END, 0
FROM (SELECT id, id = max(id) OVER () AS latest FROM check_run) AS runs, (VALUES
    ('110199001001', 'short', 'meets', 'old_city', 230, 240), ('110199001002', 'short', 'short', 'new', 350, 120),
    ('110199002001', 'unknown', 'unknown', 'new', 350, NULL), ('110199002002', 'unknown', 'unknown', NULL, NULL, NULL)
) AS found (community, was, now_, class, required, actual);

INSERT INTO service_build (method, minutes, speed_m_per_min, built_at, figures)
VALUES ('network', 20, 80, now(), '{"facilities": 2, "built": 2}'), ('network', 15, 80, now() - interval '1 day', '{}');
INSERT INTO service_area (build_id, facility_id, households, residents, area_m2, geom)
SELECT b.id, f.id, 400, 1000, 1e6, ST_Multi(ST_Expand(f.geom, 0.01))
FROM service_build AS b, facility AS f WHERE b.minutes = 20 AND f.level = 'station';

-- A district of 15 streets of 10 communities of 5 cells, squares of 0.005 degrees from 116.20, 39.80; a worker for every cell.
INSERT INTO unit VALUES ('110199000000', 'district');
INSERT INTO unit SELECT '110199' || lpad(s::text, 3, '0') || '000', 'street' FROM generate_series(1, 15) AS s;
INSERT INTO unit SELECT '110199' || lpad(s::text, 3, '0') || lpad(c::text, 3, '0'), 'community'
FROM generate_series(1, 15) AS s, generate_series(1, 10) AS c;
INSERT INTO area (code, level, parent_code, name, valid_from, geom)
SELECT code, level, CASE level WHEN 'district' THEN '000000000000' WHEN 'street' THEN '110199000000' ELSE left(code, 9) || '000' END,
       CASE level WHEN 'district' THEN '试验区' WHEN 'street' THEN '第' || substr(code, 7, 3) || '街道'
                  ELSE '第' || substr(code, 7, 6) || '社区' END, '2015-01-01',
       CASE WHEN level = 'community' THEN ST_Multi(ST_MakeEnvelope(
           116.2 + substr(code, 10, 3)::int * 0.025, 39.8 + substr(code, 7, 3)::int * 0.005,
           116.225 + substr(code, 10, 3)::int * 0.025, 39.805 + substr(code, 7, 3)::int * 0.005, 4490)) END
FROM unit WHERE level <> 'city' ORDER BY code;
INSERT INTO cell_code SELECT code || lpad(n::text, 3, '0'), code FROM unit, generate_series(1, 5) AS n WHERE level = 'community' ORDER BY 1;
INSERT INTO cell (code, community_code, name, kind, valid_from, geom)
SELECT code, community_code, '第' || substr(code, 7) || '网格', 'ordinary', '2015-01-01', ST_Multi(ST_MakeEnvelope(
    116.195 + substr(code, 10, 3)::int * 0.025 + right(code, 3)::int * 0.005, 39.8 + substr(code, 7, 3)::int * 0.005,
    116.2 + substr(code, 10, 3)::int * 0.025 + right(code, 3)::int * 0.005, 39.805 + substr(code, 7, 3)::int * 0.005, 4490))
FROM cell_code ORDER BY code;
INSERT INTO worker (code, name, community_code) SELECT 'W' || code, '张*', community_code FROM cell_code ORDER BY code;

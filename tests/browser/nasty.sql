-- Names and texts that would run as a script wherever they are taken for markup.
UPDATE area SET name = '<img src=x onerror="window.ran=1">', name_en = NULL WHERE code = '110199001002' AND valid_to IS NULL;
UPDATE area SET name = '</script><script>window.ran=2</script>', name_en = NULL WHERE code = '110199002000';
UPDATE cell SET name = '<svg onload="window.ran=3">' WHERE code = '110199001002001';
UPDATE facility SET name = '"><img src=x onerror="window.ran=4">', address = '<b onmouseover="window.ran=5">街</b>' WHERE code = 'S1';
UPDATE category SET name = '<img src=x onerror="window.ran=6">' WHERE code = 'E0102';
UPDATE landmark SET name = '<img src=x onerror="window.ran=7">' WHERE kind = 'water';
UPDATE street_edge SET name = '<img src=x onerror="window.ran=8">';
UPDATE worker SET name = '<*', community_code = '110199001002' WHERE code = 'W3';
INSERT INTO assignment (cell_code, worker_id, role, during)
SELECT '110199001002001', id, 'head', tstzrange('2020-01-01', NULL) FROM worker WHERE code = 'W3';

-- Give the codes of cells on their way in, and of the units above them, to those that have none yet.
-- In:  temporary table incoming (code, community_code)
-- Out: rows of unit and cell_code
INSERT INTO unit (code, level)
SELECT code, level FROM (
    SELECT community_code AS code, 'community' AS level FROM incoming
    UNION SELECT left(code, 9) || '000', 'street' FROM incoming
    UNION SELECT left(code, 6) || '000000', 'district' FROM incoming
) AS named
ORDER BY code
ON CONFLICT DO NOTHING;

INSERT INTO cell_code (code, community_code) SELECT code, community_code FROM incoming ORDER BY code ON CONFLICT DO NOTHING;

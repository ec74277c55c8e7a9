-- Give the codes of areas on their way in, and of the units above them, to the units that have none yet.
-- In:  temporary table incoming (code, level, parent_code)
-- Out: rows of unit
INSERT INTO unit (code, level)
SELECT code, level FROM (
    SELECT code, level FROM incoming
    UNION SELECT parent_code, CASE level WHEN 'street' THEN 'district' ELSE 'street' END FROM incoming
    UNION SELECT left(code, 6) || '000000', 'district' FROM incoming
) AS named
ORDER BY code
ON CONFLICT DO NOTHING;

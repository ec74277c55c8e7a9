-- What an edition of areas, cells or facilities no longer names, and what lies in it.
-- In:  temporary tables incoming and standing; %(day)s; %(table)s; %(kept)s: codes of rows that were refused
-- Out: table, id, code, name of versions that end on that day: those not named, then communities and cells of areas that are
-- Why: a community whose street is gone has a code that is gone too, and a cell of no community can't be.
WITH named AS (
    SELECT %(table)s AS of, id, code, name FROM standing s
    WHERE s.valid_from <= %(day)s AND (s.valid_to IS NULL OR s.valid_to > %(day)s)
      AND NOT EXISTS (SELECT FROM incoming i WHERE i.code = s.code)
      AND s.code <> ALL(%(kept)s)
), below AS (
    SELECT 'area' AS of, a.id, a.code, a.name
    FROM area a JOIN named n ON n.of = 'area' AND a.parent_code = n.code
    WHERE a.valid_to IS NULL OR a.valid_to > %(day)s
), cells AS (
    SELECT 'cell' AS of, c.id, c.code, c.name
    FROM cell c JOIN (SELECT code FROM named WHERE of = 'area' UNION SELECT code FROM below) AS a ON c.community_code = a.code
    WHERE c.valid_to IS NULL OR c.valid_to > %(day)s
)
SELECT of, id, code, name, false AS is_below FROM named
UNION ALL SELECT of, id, code, name, true FROM below
UNION ALL SELECT of, id, code, name, true FROM cells
ORDER BY is_below, of, code

-- Versions of the facilities that an edition speaks of, whatever their days.
-- In:  temporary tables incoming (code, level, serves, geom) and standing (empty); %(digits)s: how much of a code is the
--      district; %(kept)s: codes of rows that were refused
-- Out: standing (id, code, name, valid_from, valid_to)
-- Why: codes of facilities tell no ground. A facility is of the districts whose communities it serves or in whose areas it
--      stands. An edition is the whole layer of these districts for the levels it has; a facility of no known district stays.
WITH known AS (
    SELECT f.id, f.code, f.name, f.level, f.geom, f.valid_from, f.valid_to,
           (SELECT array_agg(left(s.community_code, %(digits)s)) FROM facility_serves s WHERE s.facility_id = f.id) AS served
    FROM facility f
), levels AS (
    SELECT DISTINCT coalesce(i.level, k.level, 'station') AS level
    FROM incoming i LEFT JOIN known k ON k.code = i.code AND k.valid_to IS NULL
), districts AS (
    SELECT left(served.code, %(digits)s) AS district
    FROM incoming i CROSS JOIN LATERAL jsonb_object_keys(i.serves) AS served(code)
    UNION
    SELECT left(a.code, %(digits)s) FROM incoming i JOIN area a ON a.valid_to IS NULL AND ST_Covers(a.geom, i.geom)
    UNION
    SELECT unnest(k.served) FROM incoming i JOIN known k ON k.code = i.code AND k.valid_to IS NULL
)
INSERT INTO standing (id, code, name, valid_from, valid_to)
SELECT k.id, k.code, k.name, k.valid_from, k.valid_to
FROM known k
WHERE k.code IN (SELECT code FROM incoming)
   OR k.code = ANY(%(kept)s)
   OR k.level IN (SELECT level FROM levels)
      AND (k.served && ARRAY(SELECT district FROM districts)
           OR EXISTS (SELECT FROM area a
                      WHERE a.valid_to IS NULL AND ST_Covers(a.geom, k.geom)
                        AND left(a.code, %(digits)s) IN (SELECT district FROM districts)))

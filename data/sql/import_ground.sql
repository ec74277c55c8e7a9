-- Boundaries to show findings of points and lines on.
-- In:  west, south, east, north: degrees; most: so many of each level      Out: code, level and geom (EWKB, EPSG:4490)
SELECT code, level, ST_AsEWKB(geom) AS geom
FROM (
    SELECT code, level, geom, row_number() OVER (PARTITION BY level ORDER BY code) AS number
    FROM area
    WHERE valid_to IS NULL AND level IN ('street', 'community') AND geom && ST_MakeEnvelope({west}, {south}, {east}, {north}, 4490)
) AS found
WHERE number <= {most}

-- What a cell's border should follow inside a community: streets, and the rivers and railways among the landmarks.
-- In:  community_code      Out: kind, geom (WKB, EPSG:4490, lines), streets by id first.
WITH community AS (
    SELECT geom FROM area
    WHERE code = %(community_code)s
      AND valid_from <= current_date AND (valid_to IS NULL OR valid_to > current_date)
), lines AS (
    SELECT 1 AS part, e.id, e.kind, e.geom
    FROM community JOIN street_edge e ON ST_Intersects(community.geom, e.geom)
    UNION ALL
    SELECT 2, l.id, l.kind, l.geom
    FROM community JOIN landmark l ON ST_Intersects(community.geom, l.geom)
    WHERE ST_Dimension(l.geom) = 1
)
SELECT kind, ST_AsBinary(geom) AS geom FROM lines ORDER BY part, id

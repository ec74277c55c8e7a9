-- Take out the streets that an edition of the network no longer has.
-- In:  temporary table incoming (external_id, geom); %(kept)s: ids of rows that were refused
-- Out: external_id, name of each street that went
-- Why: the network has no versions. An edition is the whole of the ground that its streets enclose, their convex hull, and says
--      nothing of streets that lie beyond it. A junction goes with its last street.
WITH ground AS (
    SELECT ST_ConvexHull(ST_Collect(geom)) AS hull FROM incoming
), gone AS (
    DELETE FROM street_edge e
    USING ground
    WHERE ST_Intersects(e.geom, ground.hull) AND e.external_id <> ALL(%(kept)s)
      AND NOT EXISTS (SELECT FROM incoming i WHERE i.external_id = e.external_id)
    RETURNING e.id, e.external_id, e.name, e.source_id, e.target_id
), ends AS (
    SELECT source_id AS id FROM gone UNION SELECT target_id FROM gone
), left_over AS (
    DELETE FROM street_node n
    USING ends
    WHERE n.id = ends.id
      AND NOT EXISTS (SELECT FROM street_edge e
                      WHERE (e.source_id = n.id OR e.target_id = n.id) AND e.id NOT IN (SELECT id FROM gone))
)
SELECT external_id, name FROM gone ORDER BY external_id

-- Take the longest waiting cases for dispatch; two dispatchers never take the same one.
-- In:  limit      Out: id, x, y (EPSG:4490), oldest first
-- Why: the row lock is held until the batch's transaction ends, so a dispatcher that dies gives its cases back.
WITH taken AS MATERIALIZED (
    SELECT id, filed_at FROM case_file WHERE state = 'filed' ORDER BY filed_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
SELECT taken.id, ST_X(incident.geom) AS x, ST_Y(incident.geom) AS y
FROM taken JOIN incident ON incident.id = taken.id
ORDER BY taken.filed_at, taken.id

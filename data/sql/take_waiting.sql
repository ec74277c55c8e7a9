-- Take the longest waiting cases for dispatch; two dispatchers never take the same one.
-- In:  limit      Out: binary COPY of id (int8), x, y (float8, EPSG:4490; NaN where a point is empty), oldest first
-- Why: the row lock is held until the batch's transaction ends, so a dispatcher that dies gives its cases back.
COPY (
    WITH taken AS MATERIALIZED (
        SELECT id, filed_at FROM case_file WHERE state = 'filed' ORDER BY filed_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    )
    SELECT taken.id, coalesce(ST_X(incident.geom), 'NaN'), coalesce(ST_Y(incident.geom), 'NaN')
    FROM taken JOIN incident ON incident.id = taken.id
    ORDER BY taken.filed_at, taken.id
) TO STDOUT (FORMAT binary)

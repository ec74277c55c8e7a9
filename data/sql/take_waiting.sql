-- Take the longest waiting cases for dispatch; two dispatchers never take the same one.
-- In:  limit, levels, sources (text[])
-- Out: binary COPY, oldest first: id (int8), x, y (float8, EPSG:4490; NaN where a point is empty), the hash of the category's code
--      (int8; data/sql/categories_now.sql has the same), the places of level and source in the lists (int4), how often it was
--      returned since it last went up (int4), when it is due, in seconds since 1970 (float8; NaN: no clock runs), whether somebody
--      refused it, and whether its reporter picked a cell (int4)
-- Why: fields of fixed length are read as whole columns. The row lock is held until the batch's transaction ends, so a
--      dispatcher that dies gives its cases back.
COPY (
    WITH taken AS MATERIALIZED (
        SELECT id, filed_at, category_code, level, returns - returns_before AS returns, due_at, refused_by FROM case_file
        WHERE state = 'filed' ORDER BY filed_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    )
    SELECT taken.id, coalesce(ST_X(incident.geom), 'NaN'), coalesce(ST_Y(incident.geom), 'NaN'),
           hashtextextended(coalesce(taken.category_code, incident.category_code), 0),
           coalesce(array_position(%(levels)s::text[], taken.level::text), 1),
           coalesce(array_position(%(sources)s::text[], incident.source::text), 0),
           taken.returns, coalesce(extract(epoch FROM taken.due_at)::float8, 'NaN'), (taken.refused_by IS NOT NULL)::int, (incident.picked_cell IS NOT NULL)::int
    FROM taken JOIN incident ON incident.id = taken.id
    ORDER BY taken.filed_at, taken.id
) TO STDOUT (FORMAT binary)

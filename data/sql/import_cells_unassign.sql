-- End the assignments to cells that are gone.
-- In:  %(codes)s of the cells; %(day)s on which they end
-- Out: one row per assignment: cell_code. Those that never held are taken out, the others end on that day, or now, and stay on record
WITH never AS (
    DELETE FROM assignment WHERE cell_code = ANY(%(codes)s) AND lower(during) >= greatest(now(), %(day)s::date) RETURNING cell_code
), ended AS (
    UPDATE assignment SET during = tstzrange(lower(during), greatest(now(), %(day)s::date))
    WHERE cell_code = ANY(%(codes)s) AND upper_inf(during) AND lower(during) < greatest(now(), %(day)s::date)
    RETURNING cell_code
)
SELECT cell_code FROM never UNION ALL SELECT cell_code FROM ended

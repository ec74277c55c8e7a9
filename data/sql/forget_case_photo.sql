-- Delete the rows of photos whose cases were closed before a moment; files that no row names any more go afterwards.
-- In:  before, limit      Out: one row: count
WITH past AS (
    SELECT case_photo.id FROM case_photo JOIN case_file ON case_file.id = case_id
    WHERE state IN ('closed', 'evaluated') AND coalesce(closed_at, filed_at) < %(before)s::timestamptz
    ORDER BY case_photo.id LIMIT %(limit)s
), gone AS (
    DELETE FROM case_photo WHERE id IN (SELECT id FROM past) RETURNING 1
)
SELECT count(*) FROM gone

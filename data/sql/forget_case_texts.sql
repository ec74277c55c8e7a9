-- Empty what people wrote in cases that were closed before a moment, and note that on the case.
-- In:  before, limit      Out: one row: count (of cases)
-- Why: the ledger stays as it is; category, place, clock and figures stay too, so that scores come out the same.
WITH past AS MATERIALIZED (
    SELECT id FROM case_file
    WHERE state IN ('closed', 'evaluated') AND coalesce(closed_at, filed_at) < %(before)s::timestamptz AND forgotten_at IS NULL
    ORDER BY coalesce(closed_at, filed_at), id LIMIT %(limit)s
    FOR UPDATE
), told AS (
    UPDATE incident SET description = '' FROM past WHERE incident.id = past.id AND description <> ''
), followed AS (
    UPDATE case_follower SET note = '' FROM past WHERE case_id = past.id AND note <> ''
), helped AS (
    UPDATE case_helper SET request = '', report = CASE WHEN report IS NOT NULL THEN '' END FROM past WHERE case_id = past.id
), called AS (
    UPDATE whistle SET place = '', request = '' FROM past WHERE case_id = past.id
), rated AS (
    UPDATE rating SET comment = '' FROM past WHERE case_id = past.id AND comment <> ''
), left_out AS (
    UPDATE exclusion SET reason = '' FROM past WHERE case_id = past.id AND reason <> ''
), noted AS (
    UPDATE case_file SET forgotten_at = now() FROM past WHERE case_file.id = past.id RETURNING 1
)
SELECT count(*) FROM noted

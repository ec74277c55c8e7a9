-- Note that a department has come, once.
-- In:  id (of the whistle), agency_id, means, distance_m, signature (masked), signature_sealed, signature_digests
-- Out: one row; none when it was noted before
UPDATE whistle_call
SET reported_in_at = clock_timestamp(), means = %(means)s, distance_m = %(distance_m)s, signature = %(signature)s,
    signature_sealed = %(signature_sealed)s, signature_digests = %(signature_digests)s::bytea[]
WHERE whistle_id = %(id)s AND agency_id = %(agency_id)s AND reported_in_at IS NULL
RETURNING whistle_id

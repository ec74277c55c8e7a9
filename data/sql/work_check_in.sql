-- Note that a worker was at a place. One that comes in late does not take back a later one.
-- In:  place_id, worker_id, at, distance_m
WITH noted AS (
    INSERT INTO check_in (place_id, worker_id, at, distance_m)
    VALUES (%(place_id)s, %(worker_id)s, %(at)s::timestamptz, %(distance_m)s)
)
UPDATE visit_place SET last_at = greatest(last_at, %(at)s::timestamptz) WHERE id = %(place_id)s

-- Delete where a worker was on his rounds, and when.
-- In:  worker_id      Out: nothing
WITH walked AS (
    DELETE FROM street_walked WHERE worker_id = %(worker_id)s
), visited AS (
    DELETE FROM check_in WHERE worker_id = %(worker_id)s
)
DELETE FROM duty WHERE worker_id = %(worker_id)s

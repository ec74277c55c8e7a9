-- Where a worker was on his rounds, and when.
-- In:  worker_id      Out: what (duty, track, street, check_in), at, told (until when; lon and lat; the street; the place), in order of time
SELECT 'duty' AS what, began_at::text AS at, ended_at::text AS told FROM duty WHERE worker_id = %(worker_id)s
UNION ALL
SELECT 'track', duty_track.at::text, format('%%s %%s', lon, lat) FROM duty_track JOIN duty ON duty.id = duty_id WHERE worker_id = %(worker_id)s
UNION ALL
SELECT 'street', day::text, coalesce(name, external_id) FROM street_walked JOIN street_edge ON street_edge.id = edge_id
WHERE worker_id = %(worker_id)s
UNION ALL
SELECT 'check_in', at::text, format('%%s, %%s m', name, distance_m) FROM check_in JOIN visit_place ON visit_place.id = place_id
WHERE worker_id = %(worker_id)s
ORDER BY at, what

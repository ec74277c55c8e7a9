-- Keep in which squares a worker on duty was. What is known already is not kept twice.
-- In:  duties (ids), moments, lons, lats: arrays of one length
INSERT INTO duty_track (duty_id, at, lon, lat)
SELECT * FROM unnest(%(duties)s::bigint[], %(moments)s::timestamptz[], %(lons)s::float8[], %(lats)s::float8[])
ON CONFLICT DO NOTHING

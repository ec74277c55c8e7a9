-- Store the new incidents; their cases come next, by import_incidents_waiting.sql or import_history_store.sql.
-- In:  temporary table incoming as import_incidents_compare.sql leaves it      Out: rows of incident, not located yet
-- Why: in the order of ids, so that indexes grow at their end.
INSERT INTO incident (id, idempotency_key, content_digest, source, category_code, description, reported_at, lon, lat, datum,
                      attributes, geom)
SELECT old_id, idempotency_key, content_digest, channel, category_code, description, reported_at, lon, lat, datum,
       attributes, geom
FROM incoming
WHERE change = 'stored'
ORDER BY old_id;

-- Store the new incidents, each with its case (filed) and its first event.
-- In:  temporary table incoming as import_incidents_compare.sql leaves it
-- Out: rows of incident (not located yet), case_file (waiting since the report), case_event; whoever listens is woken when it commits
-- Why: in the order of ids, so that indexes grow at their end.
INSERT INTO incident (id, idempotency_key, content_digest, source, category_code, description, reported_at, lon, lat, datum,
                      attributes, geom)
SELECT old_id, idempotency_key, content_digest, channel, category_code, description, reported_at, lon, lat, datum,
       attributes, geom
FROM incoming
WHERE change = 'stored'
ORDER BY old_id;

INSERT INTO case_file (id, filed_at) SELECT old_id, reported_at FROM incoming WHERE change = 'stored' ORDER BY old_id;

INSERT INTO case_event (case_id, event, to_state, actor)
SELECT old_id, 'file', 'filed', 'import' FROM incoming WHERE change = 'stored' ORDER BY old_id;

NOTIFY cases;

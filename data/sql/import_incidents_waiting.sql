-- File a case for each new incident, with its first event.
-- In:  temporary table incoming; the incidents are stored
-- Out: rows of case_file (waiting since the report) and case_event; whoever listens is woken when it commits
INSERT INTO case_file (id, filed_at) SELECT old_id, reported_at FROM incoming WHERE change = 'stored' ORDER BY old_id;

INSERT INTO case_event (case_id, event, to_state, actor)
SELECT old_id, 'file', 'filed', 'import' FROM incoming WHERE change = 'stored' ORDER BY old_id;

NOTIFY cases;

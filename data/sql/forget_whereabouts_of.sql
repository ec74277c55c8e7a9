-- Delete where somebody stood when he moved cases.
-- In:  actor      Out: nothing
DELETE FROM case_whereabouts AS stood USING case_event AS event
WHERE event.case_id = stood.case_id AND event.seq = stood.seq AND event.at = stood.at AND event.actor = %(actor)s

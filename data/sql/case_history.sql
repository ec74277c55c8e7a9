-- The ledger of a case, in the order of its events.
-- In:  id, since (when it was reported or filed, whichever was first)      Out: the columns below
-- Why: a case has no event before that, so months before that are not looked into.
SELECT event.seq, event.at, event, from_state, to_state, actor, worker_id, desk_code, agency_id, held_by, held_minutes, reason,
       lon, lat, explanation, detail
FROM case_event AS event
LEFT JOIN case_whereabouts AS stood ON stood.case_id = event.case_id AND stood.seq = event.seq
WHERE event.case_id = %(id)s AND event.at >= %(since)s::timestamptz
ORDER BY event.seq, event.id

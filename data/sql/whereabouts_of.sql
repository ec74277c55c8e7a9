-- Where somebody stood when he moved cases.
-- In:  actor      Out: at, case_id, lon, lat, by time
SELECT stood.at, stood.case_id, lon, lat
FROM case_whereabouts AS stood JOIN case_event USING (case_id, seq, at)
WHERE actor = %(actor)s ORDER BY stood.at

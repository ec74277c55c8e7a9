-- What happened to a case after its event number `seq`.
-- In:  id, seq      Out: event, in order
SELECT event FROM case_event WHERE case_id = %(id)s AND seq > %(seq)s ORDER BY seq

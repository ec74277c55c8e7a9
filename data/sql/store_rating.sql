-- Note what is said of a closing, once.
-- In:  id (of the case), is_answered, is_solved, satisfaction, comment, rated_by
INSERT INTO rating (case_id, closing, is_answered, is_solved, satisfaction, comment, rated_by, rated_at)
SELECT %(id)s, max(seq), %(is_answered)s, %(is_solved)s, %(satisfaction)s, %(comment)s, %(rated_by)s, clock_timestamp()
FROM case_event WHERE case_id = %(id)s AND to_state = 'closed' AND from_state IS DISTINCT FROM 'closed'

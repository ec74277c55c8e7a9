-- What a helper has to tell answers all that he was asked for in this case.
-- In:  id (of the case), helper, report
UPDATE case_helper SET reported_at = clock_timestamp(), report = %(report)s
WHERE case_id = %(id)s AND helper = %(helper)s AND reported_at IS NULL

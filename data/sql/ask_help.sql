-- In:  id (of the case), helper, asked_by, request
INSERT INTO case_helper (case_id, helper, asked_by, asked_at, request)
VALUES (%(id)s, %(helper)s, %(asked_by)s, clock_timestamp(), %(request)s)

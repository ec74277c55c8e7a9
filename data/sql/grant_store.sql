-- Grant an office to an account.
-- In:  account_id, office, actor, unit_code, worker_id, agency_id, facility_id, cells, valid_from (null: today), valid_to,
--      granted_by
-- Out: id, actor, valid_from, valid_to, account (its name); no row where the exclusion constraints refuse it: the same grant twice, and an
--      administrator's beside any other
INSERT INTO account_grant
    (account_id, office, actor, unit_code, worker_id, agency_id, facility_id, cells, valid_from, valid_to, granted_by)
VALUES (%(account_id)s, %(office)s, %(actor)s, %(unit_code)s, %(worker_id)s, %(agency_id)s, %(facility_id)s, %(cells)s,
        coalesce(%(valid_from)s::date, current_date), %(valid_to)s, %(granted_by)s)
ON CONFLICT DO NOTHING
RETURNING id, actor, valid_from, valid_to, (SELECT name FROM account WHERE id = account_id) AS account
